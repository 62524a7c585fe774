"""The guards of live video: who may send it, what comes in, what is shown."""

from giftplatform.tests.mutants.guards import Guard, guard

BROADCASTS = "video/broadcasts.py"
KEYS = "video/stream_keys.py"
LIFE = "video/tests/test_broadcasts.py"
LIMITS = "video/tests/test_limits.py"
RTMP = "video/tests/test_rtmp.py"
CAMERA = "video/tests/test_camera.py"
PAGES = "video/tests/test_pages.py"
ADULTS = "video/tests/test_adults.py"
MEDIA_SERVER = "video/tests/test_media_server.py"
SERVER = "video/media_server.py"
FEED = "giftplatform/demo/feed.py"
FILMS = "giftplatform/tests/test_films.py"
REPLAYS = "video/tests/replays/test_replays.py"
SENT = "video/tests/replays/test_events.py"
SUSPENDED = "video/tests/test_suspended.py"
CLIPS = "video/tests/clips/test_clips.py"
RECORDING = "video/replays/recording.py"
CHUNKS = "video/ingest/rtmp/chunks.py"
SMALL = "video/tests/test_small.py"
CAPTIONS = "video/captions.py"
SPOKEN = "video/tests/test_captions.py"


def video(name: str, path: str, before: str, after: str, *tests: str) -> Guard:
    """Return a guard of live video."""
    return guard(f"video: {name}", path, before, after, *tests)


GUARDS = [
    video(
        "no replay of a suspended creator is given out",
        "video/models/replays.py",
        "return shown.filter(stream__creator__is_active=True)",
        "return shown",
        SUSPENDED,
    ),
    video(
        "no replay of a suspended creator is in its room",
        "video/templatetags/video_replays.py",
        " or not stream.creator.is_active",
        "",
        SUSPENDED,
    ),
    video(
        "no clip of a suspended creator is given out",
        "video/models/clips.py",
        ".filter(stream__creator__is_active=True)",
        "",
        SUSPENDED,
    ),
    video(
        "a stream that begins by itself is for whom the last one was, not for whom one is planned",
        BROADCASTS,
        "mine.filter(started_at__isnull=False).first()",
        "mine.first()",
        f"{LIFE}::test_one_that_is_planned_is_not_the_last_one",
    ),
    video(
        "a key opens the door for its own text alone",
        KEYS,
        "digest=digest(text.encode()))",
        "digest__gt=digest(text.encode()))",
        f"{LIFE}::test_a_key_is_known_by_its_digest_and_replaced_by_one_press",
    ),
    video(
        "a switched-off account sends nothing",
        KEYS,
        "creator__is_active=True, ",
        "",
        f"{LIFE}::test_a_switched_off_account_opens_nothing_with_its_key",
    ),
    video(
        "keys are for creators",
        KEYS,
        "    require_creator(creator)\n    User.objects",
        "    User.objects",
        f"{LIFE}::test_keys_are_for_creators_alone",
        PAGES,
    ),
    video(
        "a new key cuts off what comes in with the old one",
        KEYS,
        "    _cut_off(creator)\n    return key",
        "    return key",
        f"{LIFE}::test_a_new_key_cuts_off_what_comes_in",
    ),
    video(
        "an ended stream begins no other one by itself",
        BROADCASTS,
        "        raise StreamWasEnded\n",
        "        pass\n",
        f"{LIFE}::test_an_encoder_that_tries_again_begins_no_other_stream",
    ),
    video(
        "what was replaced is not shown",
        BROADCASTS,
        "    if mine.state != Broadcast.State.CONNECTING:\n        raise WrongState\n",
        "",
        f"{LIFE}::test_what_was_replaced_is_not_shown_any_more",
    ),
    video(
        "the grace waits for somebody to be there",
        BROADCASTS,
        "max(broadcast.gap_at, watching_since) < now - GRACE",
        "broadcast.gap_at < now - GRACE",
        f"{LIFE}::test_a_site_that_was_down_for_an_hour_ends_no_stream_for_that",
    ),
    video(
        "no path leads out of the folder",
        "video/serving.py",
        "PATH.fullmatch(",
        "PATH.match(",
        f"{RTMP}::test_no_path_leads_out_of_the_folder",
    ),
    video(
        "wrong keys are counted",
        "video/ingest/gate.py",
        ">= MOST_WRONG_KEYS",
        ">= 10**9",
        f"{LIMITS}::test_wrong_keys_are_counted_by_the_minute",
    ),
    video(
        "connections are counted",
        "video/ingest/gate.py",
        "> MOST_CONNECTS\n",
        "> 10**9\n",
        f"{LIMITS}::test_networks_are_counted_by_the_minute",
    ),
    video(
        "a camera's token is for cameras, and ends",
        "video/camera_tokens.py",
        "    if expires < time.time():\n        return None\n",
        "",
        f"{CAMERA}::test_a_token_that_is_not_in_force_opens_nothing",
    ),
    video(
        "a camera's token is over with the session",
        "video/camera_tokens.py",
        "    if session not in {digest(key.encode()) for key in keys}:\n        return None\n",
        "",
        f"{CAMERA}::test_a_token_that_is_not_in_force_opens_nothing",
    ),
    video(
        "a switched-off account sends from no camera",
        "video/camera_tokens.py",
        "pk=pk, is_active=True",
        "pk=pk",
        f"{CAMERA}::test_only_creators_who_may_go_live_send",
    ),
    video(
        "a camera's chunk is measured",
        "video/ingest/camera.py",
        "len(chunk) > (LARGEST if isinstance(chunk, str) else LARGEST_CHUNK):",
        "isinstance(chunk, str) and len(chunk) > LARGEST:",
        f"{CAMERA}::test_a_chunk_that_is_too_large_ends_it",
    ),
    video(
        "a message is measured before it is kept",
        CHUNKS,
        "            if stream.size > LARGEST_MESSAGE:\n"
        '                raise BadMessage("a message that is too large")\n',
        "",
        f"{LIMITS}::test_a_message_is_measured_before_it_is_kept",
    ),
    video(
        "more than may come in is not taken",
        "video/ingest/meters.py",
        "        if self.left < 0:\n            raise TooFast\n",
        "",
        f"{LIMITS}::test_a_rate_is_an_average_of_some_seconds",
    ),
    video(
        "a jump of an encoder's clock is taken out",
        "video/ingest/meters.py",
        "if abs(at - self.last) > JUMP_MS:",
        "if False:",
        f"{LIMITS}::test_a_jump_of_the_encoders_clock_is_none_of_the_pictures",
    ),
    video(
        "a picture of an odd size is not shown",
        "video/ingest/probing.py",
        "        raise OddSize\n    if picture.width",
        "        pass\n    if picture.width",
        f"{LIMITS}::test_what_was_packaged_is_read",
    ),
    video(
        "FFmpeg reads its pipe alone",
        "video/ingest/packager.py",
        '"-protocol_whitelist", "pipe",',
        '"-protocol_whitelist", "pipe,file,http,tcp",',
        f"{LIMITS}::test_ffmpeg_runs_in_narrow_limits",
    ),
    video(
        "FFmpeg's memory is bounded",
        "video/ingest/confined.py",
        "        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))\n",
        "",
        f"{LIMITS}::test_ffmpeg_runs_in_narrow_limits",
        f"{LIMITS}::test_ffmpeg_without_memory_is_found_out",
    ),
    video(
        "a film yields to whoever sends",
        FEED,
        "    if sent.unfinished().exclude(source=FILM).exists():\n        return False\n",
        "",
        f"{FILMS}::test_a_film_yields_to_a_camera_until_its_stream_is_over",
    ),
    video(
        "a film stays away while a camera's stream goes on",
        FEED,
        "(last.source, last.stream_id) == (FILM, on_air.pk)",
        "last.stream_id == on_air.pk",
        f"{FILMS}::test_a_film_does_not_come_after_a_camera_that_went_away",
    ),
    video(
        "a film stays out of a stream that was begun by hand",
        FEED,
        "(last.source, last.stream_id) == (FILM, on_air.pk)",
        "last.source == FILM",
        f"{FILMS}::test_a_film_stays_out_of_a_stream_that_was_begun_by_hand",
    ),
    video(
        "who ended a stream is not live again at once",
        FEED,
        " or streams.filter(ended_at__gt=now - QUIET).exists()",
        "",
        f"{FILMS}::test_a_film_yields_to_a_camera_until_its_stream_is_over",
    ),
    video(
        "media server: a key opens its own path alone",
        SERVER,
        "key is not None and asked.path == path_of(key)",
        "key is not None",
        MEDIA_SERVER,
    ),
    video(
        "media server: only the machine itself reads",
        SERVER,
        '        return asked.ip in {"127.0.0.1", "::1"}',
        "        return True",
        MEDIA_SERVER,
    ),
    video(
        "media server: a site without a secret knows none",
        SERVER,
        "    return bool(known) and compare_digest",
        "    return compare_digest",
        MEDIA_SERVER,
    ),
    video(
        "media server: what a key that was replaced sent is passed on no more",
        SERVER,
        "filter(ending=ending, creator__handle=handle)",
        "filter(creator__handle=handle)",
        MEDIA_SERVER,
    ),
    video(
        "media server: nobody else asks",
        "video/views/media_server.py",
        "    if not media_server.is_its(_password(request)):\n"
        "        return HttpResponse(status=404)\n    asked",
        "    asked",
        MEDIA_SERVER,
    ),
    video(
        "media server: wrong keys make a network wait",
        "video/views/media_server.py",
        "    if asked.secret and not ratelimit",
        "    if False and not ratelimit",
        MEDIA_SERVER,
    ),
    video(
        "a creator's replay is deleted by its creator",
        "studio/views/replays.py",
        "    mine = Replay.objects.of(request.user.pk)\n    services",
        "    mine = Replay.objects.all()\n    services",
        f"{REPLAYS}::test_nobody_else_does",
    ),
    video(
        "a program deletes its person's replays alone",
        "video/api/replays.py",
        "Replay.objects.of(person_of(request).pk)",
        "Replay.objects.all()",
        f"{REPLAYS}::test_nobody_else_does",
    ),
    video(
        "a replay is bounded",
        RECORDING,
        "        return Replay.Stopped.TOO_LARGE\n",
        "        pass\n",
        f"{REPLAYS}::test_one_replay_takes_so_much",
    ),
    video(
        "nobody's recording takes away another's replay",
        RECORDING,
        "stream__creator=replay.stream.creator_id",
        "stream__isnull=False",
        f"{REPLAYS}::test_all_together_take_so_much_and_a_creators_own_oldest_goes_first",
    ),
    video(
        "recording stops before the disk is full",
        RECORDING,
        "        return Replay.Stopped.DISK_FULL\n",
        "        pass\n",
        f"{REPLAYS}::test_a_disk_that_fills_up_stops_recordings_before_it_stops_streams",
    ),
    video(
        "what staff took down is recorded no more",
        RECORDING,
        "    return replay if replay.state == Replay.State.RECORDING else None\n",
        "    return replay\n",
        f"{REPLAYS}::test_what_staff_took_down_is_recorded_no_more",
    ),
    video(
        "a blocked person has no name in a replay",
        "video/replays/events.py",
        '        payload |= {name: None, "handle": "", "message": ""}\n',
        "        pass\n",
        f"{SENT}::test_a_blocked_person_says_nothing_and_has_no_name",
    ),
    video(
        "a gift that was undone is in no replay",
        "video/replays/events.py",
        'e.kind != "gift" or e.payload["id"] not in gone]',
        "True]",
        f"{SENT}::test_a_gift_that_was_undone_is_not_there",
    ),
    video(
        "a block by an anonymous gift hides nothing in a replay",
        "video/replays/events.py",
        "gift=None, user__handle__in",
        "user__handle__in",
        f"{SENT}::test_a_block_by_an_anonymous_gift_tells_nobody_whose_it_was",
    ),
    video(
        "a clip is made by whom the creator lets",
        "video/clips/services.py",
        "    require_clipper(by, stream)\n",
        "",
        f"{CLIPS}::test_the_creator_says_who_makes_clips",
        f"{CLIPS}::test_a_blocked_person_makes_none",
    ),
    video(
        "a clip is deleted by its maker and its creator",
        "video/views/clips.py",
        "    if not rights.may_delete(request.user, clip):\n        raise Http404\n",
        "",
        f"{CLIPS}::test_who_made_it_and_whose_stream_it_is_delete_it",
    ),
    video(
        "a program deletes no clip of others",
        "video/api/clips.py",
        "    if not rights.may_delete(person_of(request), found):\n        raise Http404\n",
        "",
        f"{CLIPS}::test_the_api_makes_shows_and_deletes",
    ),
    video(
        "clips are short",
        "video/clips/services.py",
        "        raise ClipLength\n",
        "        pass\n",
        f"{CLIPS}::test_a_length_that_is_none_is_refused",
    ),
    video(
        "a person makes so many clips",
        "video/clips/services.py",
        "        raise TooManyClips(most=MOST)\n",
        "        pass\n",
        f"{CLIPS}::test_so_many_in_ten_minutes",
    ),
    video(
        "clips together take so much",
        "video/clips/services.py",
        "        raise NoRoomForClips\n",
        "        pass\n",
        f"{CLIPS}::test_all_clips_together_take_so_much",
    ),
    video(
        "what was deleted is given out no more",
        "video/serving.py",
        " and file.exists() else None",
        " else None",
        "video/tests/test_serving.py::test_what_was_deleted_is_gone_at_once",
    ),
    video(
        "a film is not kept as a replay",
        BROADCASTS,
        "source != Broadcast.Source.FILM and rules_of",
        "rules_of",
        f"{FILMS}::test_a_film_is_shown_in_the_room_that_is_on_air",
    ),
    video(
        "for adults: no replay",
        "video/api/replays.py",
        "    require_watching(request.user, found.stream)\n    return Response(ReplaySerializer",
        "    return Response(ReplaySerializer",
        ADULTS,
    ),
    video(
        "for adults: nothing that was sent to a replay",
        "video/api/replays.py",
        "    require_watching(request.user, found.stream)\n    window",
        "    window",
        ADULTS,
    ),
    video(
        "for adults: no address of a replay",
        "video/api/replays.py",
        "allowed = may_watch(request.user, replay.stream)",
        "allowed = True",
        ADULTS,
    ),
    video(
        "for adults: no clip",
        "video/views/clips.py",
        '    if not may_watch(request.user, context["stream"]):',
        "    if False:",
        ADULTS,
    ),
    video(
        "for adults: no clip while it is made",
        "video/views/clips.py",
        '    require_watching(request.user, context["stream"])\n',
        "",
        ADULTS,
    ),
    video(
        "for adults: no clip by the API",
        "video/api/clips.py",
        "    require_watching(request.user, found.stream)\n",
        "",
        ADULTS,
    ),
    video(
        "for adults: no address of a clip",
        "video/api/clips.py",
        'return may_watch(self.context["request"].user, clip.stream)',
        "return True",
        ADULTS,
    ),
    video(
        "for adults: no clip is made by a minor",
        "video/clips/rights.py",
        "    require_watching(user, stream)\n",
        "",
        ADULTS,
    ),
    video(
        "for adults: no way to a replay",
        "video/views/replays.py",
        "    require_watching(request.user, stream)\n",
        "",
        ADULTS,
    ),
    video(
        "for adults: video that was for everybody gets another address",
        BROADCASTS,
        "        return Trouble.LINE_CUT\n    return None",
        "        pass\n    return None",
        ADULTS,
    ),
    video(
        "a small rendition that fails is not offered",
        "video/ingest/small.py",
        'for a while.")\n            self.offered = False\n',
        'for a while.")\n',
        f"{SMALL}::test_a_rendition_that_fails_is_not_offered_and_the_stream_goes_on",
    ),
    video(
        "the small rendition has the times of what is sent",
        "video/ingest/small.py",
        '"-copyts", ',
        "",
        f"{SMALL}::test_what_is_sent_is_there_at_360p_as_well_at_the_same_times",
    ),
    video(
        "old small segments go",
        "video/ingest/small.py",
        "        old.unlink(missing_ok=True)\n",
        "",
        f"{SMALL}::test_old_small_segments_go",
    ),
    video(
        "a replay keeps what was sent and nothing beside it",
        RECORDING,
        "        segments.forget_extras(root / folder)\n",
        "        pass\n",
        f"{SMALL}::test_a_replay_keeps_what_was_sent_and_nothing_beside_it",
    ),
    video(
        "blocked words are in no caption",
        CAPTIONS,
        "    words.refuse(creator_id=mine.creator_id, by=mine.creator, text=text)\n",
        "",
        f"{SPOKEN}::test_blocked_words_are_in_no_caption",
    ),
    video(
        "a caption is short",
        CAPTIONS,
        "[:LONGEST].strip()",
        ".strip()",
        f"{SPOKEN}::test_a_line_is_short_and_is_something",
    ),
    video(
        "only what is live has captions",
        CAPTIONS,
        " or mine.state != Broadcast.State.LIVE",
        "",
        f"{SPOKEN}::test_only_what_is_live_has_captions",
    ),
    video(
        "captions go with their replay",
        CAPTIONS,
        '        Event.objects.filter(kind="caption", stream=stream).delete()\n',
        "        pass\n",
        f"{SPOKEN}::test_captions_go_with_their_replay",
        f"{SPOKEN}::test_captions_of_a_stream_without_a_replay_go_when_it_is_over",
    ),
    video(
        "what the page says is measured",
        "video/ingest/camera.py",
        "len(chunk) > (LARGEST if isinstance(chunk, str) else LARGEST_CHUNK):",
        "not isinstance(chunk, str) and len(chunk) > LARGEST_CHUNK:",
        f"{CAMERA}::test_a_message_that_is_no_caption_by_its_length_ends_it",
    ),
    video(
        "captions come at a pace",
        "video/ingest/spoken.py",
        "            self._rate.take(1)\n",
        "",
        f"{SPOKEN}::test_a_page_that_talks_too_fast_is_held_up_before_the_queue_is_full",
    ),
]
