"""The guards of video from elsewhere and of what stands before the ingest."""

from giftplatform.tests.mutants.guards import Guard, guard

ADDRESSES = "video/elsewhere/addresses.py"
SERVICES = "video/elsewhere/services.py"
BROADCASTS = "video/broadcasts.py"
SERVER = "video/media_server.py"
PASTED = "video/tests/elsewhere/test_addresses.py"
SHOWN = "video/tests/elsewhere/test_showing.py"
NGINX = "video/tests/test_nginx.py"
UNSAFE = f"{PASTED}::test_what_no_browser_should_be_sent_to_is_refused"
MOVED = "live/tests/test_rescheduling.py"


def elsewhere(name: str, path: str, before: str, after: str, *tests: str) -> Guard:
    """Return a guard of video from elsewhere."""
    return guard(f"elsewhere: {name}", path, before, after, *tests)


GUARDS = [
    elsewhere(
        "only https is shown",
        ADDRESSES,
        'url.scheme != "https" or ',
        "",
        UNSAFE,
    ),
    elsewhere(
        "no viewer is sent into a local network",
        ADDRESSES,
        ' and host.rpartition(".")[2] not in OWN_NETWORK',
        "",
        UNSAFE,
    ),
    elsewhere(
        "letters are plain ones",
        ADDRESSES,
        "    if not PLAIN.fullmatch(text):\n        raise UnsafeAddress\n",
        "",
        UNSAFE,
    ),
    elsewhere(
        "no path leads up",
        ADDRESSES,
        'if ".." in url.path or "%" in url.path or "//" in url.path:',
        "if False:",
        UNSAFE,
    ),
    elsewhere(
        "only servers that the operator named",
        ADDRESSES,
        "if kind is None or _is_ours(host) or not _is_allowed(kind, host):",
        "if kind is None or _is_ours(host):",
        f"{PASTED}::test_the_operator_says_whose_video_is_shown",
    ),
    elsewhere(
        "nobody shows another room's video as their own",
        ADDRESSES,
        " or _is_ours(host)",
        "",
        f"{PASTED}::test_nobody_shows_another_rooms_video_as_their_own",
    ),
    elsewhere(
        "a server that is taken out is shown no more",
        "video/pictures.py",
        "return shown if shown and shown.is_allowed else None",
        "return shown",
        f"{SHOWN}::test_a_server_that_is_allowed_no_more_is_shown_no_more",
    ),
    elsewhere(
        "the stream that shows it does not end with a picture that went",
        SERVICES,
        "        broadcasts.end(broadcast=coming_in, trouble=Trouble.SHOWN_ELSEWHERE)",
        "        broadcasts.lose(broadcast=coming_in, trouble=Trouble.SHOWN_ELSEWHERE)",
        f"{SHOWN}::test_a_gap_before_it_ends_no_stream",
    ),
    elsewhere(
        "an encoder does not take its place by itself",
        BROADCASTS,
        "        raise ShownElsewhere\n",
        "        pass\n",
        f"{SHOWN}::test_an_encoder_that_tries_again_by_itself_is_not_let_in",
    ),
    elsewhere(
        "the camera takes its place",
        BROADCASTS,
        "    shown.update(ended_at=timezone.now())\n",
        "",
        f"{SHOWN}::test_the_camera_takes_its_place_with_its_first_picture",
    ),
    elsewhere(
        "its page asks for the age",
        "video/views/elsewhere.py",
        "    require_watching(request.user, stream)\n",
        "",
        f"{SHOWN}::test_a_stream_for_adults_asks_for_the_age_there_too",
    ),
    elsewhere(
        "its page alone may frame its server, and that one only",
        "video/views/elsewhere.py",
        'return policy | {"frame-src": [origin]}',
        'return policy | {"frame-src": ["https:"]}',
        f"{SHOWN}::test_a_frame_may_show_its_server_and_no_other_page_may",
    ),
    elsewhere(
        "PeerTube shows no viewer another one's address",
        "video/models/elsewhere.py",
        "&p2p=0",
        "",
        f"{SHOWN}::test_peertube_shows_no_viewer_another_ones_address",
    ),
    elsewhere(
        "nginx passes on no key",
        SERVER,
        'return f"{RELAYED}{secret}.{key.creator.handle}.{key.ending}" if key else ""',
        'return text if key else ""',
        f"{NGINX}::test_a_key_is_answered_with_another_name",
    ),
    elsewhere(
        "nobody but nginx asks",
        "video/views/media_server.py",
        "    if not media_server.is_its(_password(request)):\n"
        "        return HttpResponse(status=404)\n    told",
        "    told",
        f"{NGINX}::test_nobody_else_asks_and_nothing_else_is_answered",
    ),
    elsewhere(
        "nginx hangs up on what is wanted no more",
        SERVER,
        "return creator is not None and broadcasts.may_send(creator)",
        "return True",
        f"{NGINX}::test_what_is_wanted_no_more_is_hung_up_on",
    ),
    elsewhere(
        "wrong keys at nginx are counted",
        "video/views/media_server.py",
        "    ratelimit.consume(request, **guess)\n    return HttpResponse(status=403)\n",
        "    return HttpResponse(status=403)\n",
        f"{NGINX}::test_wrong_keys_are_refused_and_make_a_network_wait",
    ),
    elsewhere(
        "a scheduled stream is moved to a time that can come",
        "live/streams/services.py",
        "    refuse_time(scheduled_for)\n    mine.scheduled_for",
        "    mine.scheduled_for",
        f"{MOVED}::test_what_cannot_be_planned_changes_nothing",
    ),
    elsewhere(
        "what is live is not moved",
        "live/streams/services.py",
        "        raise HasStarted\n",
        "        pass\n",
        f"{MOVED}::test_what_is_live_or_over_is_not_moved",
    ),
]
