"""The guards of guests: four seats, one way in, and a picture that is nobody else's."""

from giftplatform.tests.mutants.guards import constraint, guard

TABLES = "live/migrations/0001_initial.py"
VIDEO_TABLES = "video/migrations/0001_initial.py"
SEATS = "live/seats.py"
ASKING = "live/guests/asking.py"
HOSTING = "live/guests/hosting.py"
RULES = "live/guests/rules.py"
SEATING = "live/guests/seating.py"
SWEEPING = "live/guests/sweeping.py"
SENT = "video/guests.py"
TESTS = "live/tests/test_guests.py"
RACES = "live/tests/test_guest_races.py"
VIDEO = "video/tests/test_guests.py"
PAGES = "studio/tests/test_guests.py"

GUARDS = [
    constraint("one_guest_per_seat", TABLES, "'stream', 'seat'", "'id'", TESTS),
    guard(
        "a guest who is on has a seat",
        TABLES,
        "('seat__isnull', False), ",
        "",
        TESTS,
    ),
    guard(
        "guests: of two at the last seat one sits down",
        SEATS,
        'Stream.objects.select_for_update(no_key=True, of=("self",))',
        "Stream.objects",
        RACES,
    ),
    guard(
        "guests: of two creators who let one person in one does",
        SEATING,
        "    User.objects.select_for_update(no_key=True).get(pk=user.pk)",
        "    return",
        RACES,
    ),
    guard(
        "guests: nobody else learns who asks",
        "live/api/guests.py",
        "    require_moderator(user=by, stream=stream)  # before",
        "    # before",
        TESTS,
    ),
    guard(
        "guests: a child is none",
        SWEEPING,
        "    out |= Q(user__date_of_birth__gt=last_birthday(CREATOR_AGE))\n",
        "",
        TESTS,
    ),
    guard(
        "guests: named to who may watch",
        "gifts/tray/receivers.py",
        " and may_watch(fan, stream)",
        "",
        "gifts/tests/sending/test_to_guest.py",
    ),
    guard(
        "guests: nobody until the creator says so",
        ASKING,
        "    if rule == RoomRules.Guests.NOBODY:\n",
        "    if False:\n",
        TESTS,
    ),
    guard(
        "guests: who was told no twice asks no more",
        ASKING,
        ">= MOST_NOES",
        ">= 99",
        TESTS,
    ),
    guard(
        "guests: a blocked person is none",
        RULES,
        "    if blocks.is_blocked(",
        "    if False and blocks.is_blocked(",
        TESTS,
    ),
    guard(
        "guests: nobody under the age of creators",
        RULES,
        "years=CREATOR_AGE, refusal",
        "refusal",
        TESTS,
    ),
    guard(
        "guests: a block by a gift does not say whose it was",
        SWEEPING,
        "Block.objects.filter(**theirs, gift=None)",
        "Block.objects.filter(**theirs)",
        TESTS,
    ),
    guard(
        "guests: a block by name takes them off",
        "live/moderation/blocks.py",
        "    seats.take_off(creator=creator, user=user, by=by or creator)\n",
        "",
        TESTS,
    ),
    guard(
        "guests: only moderators remove",
        HOSTING,
        '    Raises `NotAModerator`.\n    """\n    require_moderator(user=by, stream=stream)\n'
        "    theirs = seats.locked_guest(guest, seats.locked(stream.pk))\n"
        "    if theirs.state == Guest.State.JOINED:\n",
        '    """\n'
        "    theirs = seats.locked_guest(guest, seats.locked(stream.pk))\n"
        "    if theirs.state == Guest.State.JOINED:\n",
        TESTS,
    ),
    guard(
        "guests: the end of the stream is theirs",
        "live/streams/services.py",
        "        seats.close_all(mine)\n",
        "",
        TESTS,
    ),
    guard(
        "guests: only the person can tell what is about them",
        SEATS,
        'salted_hmac(SALT, f"{stream_id}:{user_id}")',
        'salted_hmac(SALT, f"{stream_id}")',
        TESTS,
    ),
    guard(
        "a guest's video is never kept",
        VIDEO_TABLES,
        "('recorded', False), ('stream__isnull', False)",
        "('stream__isnull', False)",
        VIDEO,
    ),
    guard(
        "a guest's video is not the creator's",
        "video/pictures.py",
        "stream.broadcasts.own().filter(state__in",
        "stream.broadcasts.filter(state__in",
        VIDEO,
    ),
    guard(
        "a guest who is gone sends nothing",
        SENT,
        "    if theirs.state != Guest.State.JOINED or not theirs.user.is_active",
        "    if not theirs.user.is_active",
        VIDEO,
    ),
    guard(
        "a guest who was removed is cut off",
        SENT,
        "    if guest.state == Guest.State.REMOVED:\n        return Trouble.GUEST_REMOVED\n"
        "    return None if guest.state == Guest.State.JOINED else Trouble.GUEST_LEFT",
        "    return None",
        VIDEO,
    ),
    guard(
        "what a guest says is no caption of the creator's",
        "video/captions.py",
        "    if mine.guest_id:\n        return None  #",
        "    if False:\n        return None  #",
        f"{VIDEO}::test_what_a_guest_says_is_no_caption_of_the_creators",
    ),
    guard(
        "a moderator lets nobody in",
        "studio/views/guests.py",
        "    if stream.creator_id != request.user.pk:\n        raise Http404\n"
        "    return request.user",
        "    return stream.creator",
        PAGES,
    ),
]
