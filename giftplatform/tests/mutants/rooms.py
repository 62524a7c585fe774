"""The guards of a room: names, words that were taken away, overlays, uploads."""

from giftplatform.tests.mutants.guards import ELIGIBILITY, SEND, guard

MODERATION = "live/moderation/moderators.py"
HIDING = "live/moderation/hiding.py"
OVERLAY = "overlay/services.py"
MODERATORS = "live/tests/test_moderation.py"
MESSAGES_HIDDEN = "overlay/tests/test_hidden.py"
LISTS = "gifts/tests/test_supporters.py"
STREAM = "live/tests/test_hub.py::test_replay_from_the_log_without_hidden_words"
ALERTS = "overlay/tests/test_services.py"
STATEMENT = "gifts/earnings/statement.py"
EARNINGS = "studio/tests/test_earnings.py"
TEXTS = "giftplatform/tests/test_texts.py"
UPLOADS = "gifts/tests/stage/test_uploads.py"

GUARDS = [
    guard(
        "who took no name stays without one",
        SEND,
        "'handle', CASE WHEN NOT one.anonymous THEN one.handle END",
        "'handle', one.handle",
        ELIGIBILITY,
    ),
    guard(
        "who took no name has no price of their own on the statement",
        STATEMENT,
        "            return self._worth\n",
        "            pass\n",
        EARNINGS,
    ),
    guard(
        "nor a currency",
        STATEMENT,
        "        if not self.sent.anonymous:\n            return self.sent.fan_currency\n",
        "        return self.sent.fan_currency\n",
        EARNINGS,
    ),
    guard(
        "who wants to be on no list is on none",
        "accounts/naming.py",
        '        return Q(anonymous=False, **{f"{fan}__private_supporter": False})\n',
        "        return Q(anonymous=False)\n",
        LISTS,
    ),
    guard(
        "who left the lists is in no picture of earlier gifts",
        "accounts/naming.py",
        "not (private and place is Place.LIST)",
        "True",
        "live/tests/test_pages.py",
    ),
    guard(
        "one message a second, from many requests at once too",
        "live/chat/messages.py",
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
        "SELECT hashtextextended(%s, 0)",
        "live/tests/test_pace.py",
    ),
    guard(
        "a name follows the rules of messages",
        "accounts/names.py",
        "    refuse(name, owner=owner)\n    return name\n",
        "    return name\n",
        TEXTS,
    ),
    guard(
        "nobody bears a name of the staff",
        "live/chat/names.py",
        "        raise ReservedName\n",
        "        pass\n",
        TEXTS,
    ),
    guard(
        "no text turns what stands around it, and none is blank",
        "foundation/texts.py",
        "        and unicodedata.category(sign) not in _UNWANTED\n",
        "",
        TEXTS,
    ),
    guard(
        "no cell of a downloaded table is a formula",
        "foundation/sheets.py",
        "    return plain(cell) if isinstance(cell, str) else cell\n",
        "    return cell\n",
        "giftplatform/tests/test_sheets.py",
    ),
    guard(
        "a hidden message is in no file",
        STATEMENT,
        "            line.message,\n",
        "            line.sent.message,\n",
        EARNINGS,
    ),
    guard(
        "only moderators take words away",
        MODERATION,
        "    if not may_moderate(user=user, creator_id=stream.creator_id):",
        "    if False:",
        MODERATORS,
    ),
    guard(
        "what the creator said is the creator's",
        HIDING,
        'if line.payload.get("creator") and by.pk != line.stream.creator_id:',
        "if False:",
        MODERATORS,
    ),
    guard(
        "moderators do not block each other",
        MODERATION,
        "    if may_moderate(user=user, creator_id=creator.pk) and user.pk != creator.pk:",
        "    if False:",
        MODERATORS,
    ),
    guard(
        "a hidden line is in no replay",
        HIDING,
        "line.payload = without_line(line.payload)",
        "pass",
        MODERATORS,
    ),
    guard(
        "a hidden message is in no replay, nor where its gift was shown again",
        HIDING,
        "for event in (sent, *later.filter(",
        "for event in (sent, *later.none().filter(",
        MESSAGES_HIDDEN,
    ),
    guard(
        "the stream forgets hidden words",
        "live/feed/log.py",
        'if row.kind == "hide":',
        "if False:",
        STREAM,
    ),
    guard(
        "an overlay's cursor never goes back",
        OVERLAY,
        "max(overlay.played_to or 0, min(to, newest))",
        "min(to, newest)",
        ALERTS,
    ),
    guard(
        "an overlay plays nothing that was not written yet",
        OVERLAY,
        "max(overlay.played_to or 0, min(to, newest))",
        "max(overlay.played_to or 0, to)",
        ALERTS,
    ),
    guard(
        "an old address of an overlay opens nothing",
        OVERLAY,
        'overlay.save(update_fields=["digest", "encrypted", "rotated_at"])',
        'overlay.save(update_fields=["rotated_at"])',
        ALERTS,
    ),
    guard(
        "an animation runs no script",
        "gifts/stage/uploads/lottie.py",
        'if key == "x" and _holds_text(value):',
        "if False:",
        UPLOADS,
    ),
    guard(
        "a picture fetches nothing",
        "gifts/stage/uploads/svg.py",
        "if address := ADDRESS.search(value):",
        "if address := None:",
        UPLOADS,
    ),
    guard(
        "a picture has no entities",
        "gifts/stage/uploads/svg.py",
        "parser.forbid_dtd = True",
        "parser.forbid_dtd = False",
        UPLOADS,
    ),
]
