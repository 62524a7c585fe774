"""The guards of a room: names, words that were taken away, overlays, uploads."""

from giftplatform.tests.mutants.guards import ELIGIBILITY, NAME_SHOWN, SEND, guard

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
ONE_CURRENCY = "studio/tests/test_one_currency.py"
FIGURES = "giftplatform/tests/test_figures.py"
TEXTS = "giftplatform/tests/test_texts.py"
UPLOADS = "gifts/tests/stage/test_uploads.py"
DRAWN = "gifts/tests/stage/test_drawn.py"
RENDERING = "gifts/tests/stage/test_rendering.py"
NAMES_IN_CHAT = "live/tests/test_shown_names.py"
NAMES_OF_SENDERS = "studio/tests/test_shown_names.py"

GUARDS = [
    guard(
        "a fan who took no name stays without one",
        SEND,
        "'handle', CASE WHEN NOT one.anonymous THEN one.handle END",
        "'handle', one.handle",
        ELIGIBILITY,
    ),
    guard(
        "a fan who took no name has no price of their own on the statement",
        STATEMENT,
        "        if self.sent.anonymous:\n            return None\n        return fine",
        "        return fine",
        EARNINGS,
    ),
    guard(
        "nor a currency",
        STATEMENT,
        '            "" if sent.anonymous else sent.fan_currency,\n',
        "            sent.fan_currency,\n",
        EARNINGS,
    ),
    guard(
        "a creator reads one currency",
        "wallet/prices/diamonds.py",
        "        self.currency = home if self._exchange.rates(home) else DOLLAR\n",
        "        self.currency = DOLLAR\n",
        ONE_CURRENCY,
    ),
    guard(
        "each gift counts at the rate of its moment",
        "wallet/prices/diamonds.py",
        "for rate in self._exchange.rates(self.currency) if rate[0] > first[0]]",
        "for rate in self._exchange.rates(self.currency) if rate is None]",
        ONE_CURRENCY,
    ),
    guard(
        "days add up to what stands above them",
        "foundation/money.py",
        "    for at in most_lost[: whole - sum(floors)]:\n",
        "    for at in most_lost[:0]:\n",
        FIGURES,
    ),
    guard(
        "the platform's part is what is left of the price",
        STATEMENT,
        "        return before_tax - self.net\n",
        "        return before_tax\n",
        ONE_CURRENCY,
    ),
    guard(
        "what is written without a request has the site's figures",
        "foundation/figures.py",
        "        _asked.reset(token)\n",
        "        pass\n",
        FIGURES,
    ),
    guard(
        "a person who wants to be on no list is on none",
        "accounts/naming.py",
        '        return Q(anonymous=False, **{f"{fan}__private_supporter": False})\n',
        "        return Q(anonymous=False)\n",
        LISTS,
    ),
    guard(
        "a person who left the lists is in no picture of earlier gifts",
        "accounts/naming.py",
        "not (private and place is Place.LIST)",
        "True",
        "live/tests/test_pages.py",
    ),
    guard(
        "a person who is blocked by an anonymous gift is not named",
        "live/models/moderation.py",
        "return self.user if named else None",
        "return self.user",
        "gifts/tests/test_blocking.py",
    ),
    guard(
        "a creator's words hold in the lists of blocked people and moderators",
        "live/chat/shown_names.py",
        'row.name = shown[row.named.handle] if row.named else ""',
        'row.name = row.named.name if row.named else ""',
        "studio/tests/test_shown_names.py",
    ),
    guard(
        "no handle stands for a blocked person without a name",
        "templates/studio/_blocked_line.html",
        "{% elif entry.name %}@",
        "{% else %}@",
        "studio/tests/test_shown_names.py",
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
        "a creator's blocked words hold for the name beside a gift",
        SEND,
        "live_name_shown(one.creator, one.name, one.handle, one.names)",
        "one.name",
        NAMES_OF_SENDERS,
    ),
    guard(
        "a gift whose sender is left no name is on no list",
        SEND,
        "one.private OR shown IS NULL",
        "one.private",
        NAMES_OF_SENDERS,
    ),
    guard(
        "a creator's blocked words hold for names in chat",
        "live/chat/messages.py",
        "shown_names(creator_id=stream.creator_id, people=people)[user.handle]",
        "user.name",
        NAMES_IN_CHAT,
    ),
    guard(
        "and for the handle in place of the name",
        NAME_SHOWN,
        "    RETURN NULL;\n",
        "    RETURN handle;\n",
        NAMES_IN_CHAT,
    ),
    guard(
        "a name that was not read is not shown",
        NAME_SHOWN,
        "readings ? shown AND ",
        "",
        NAMES_IN_CHAT,
    ),
    guard(
        "a creator's blocked words hold for names on the console and the statement",
        "gifts/naming.py",
        '    return {key: shown[fan.handle] if fan else "" for key, fan in named.items()}\n',
        '    return {key: fan.name if fan else "" for key, fan in named.items()}\n',
        NAMES_OF_SENDERS,
    ),
    guard(
        "and on lists of supporters",
        "gifts/naming.py",
        '{**row, "name": shown[row["handle"]]}',
        "dict(row)",
        NAMES_OF_SENDERS,
    ),
    guard(
        "a name of the staff is refused to others",
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
        "a part of a cent is shown",
        "foundation/money.py",
        "self.written(max(digits(self.currency.code), -exponent))",
        "self.written(digits(self.currency.code))",
        EARNINGS,
    ),
    guard(
        "a part of a cent is kept with the gift",
        SEND,
        "div(200 * (total - bonus) * one.paid_tax + one.paid_coins, 2 * one.paid_coins)",
        "100 * div(2 * (total - bonus) * one.paid_tax + one.paid_coins, 2 * one.paid_coins)",
        EARNINGS,
    ),
    guard(
        "what a drawing draws is counted",
        "gifts/stage/uploads/budget.py",
        "if self._total > self._most:",
        "if False:",
        DRAWN,
    ),
    guard(
        "a repeater's copies are counted",
        "gifts/stage/uploads/film_shapes.py",
        'if kind == "rp":',
        "if False:",
        DRAWN,
    ),
    guard(
        "a shape has the pattern of its group",
        "gifts/stage/uploads/parts.py",
        'if "inherit" in own or (not own and name in INHERITED):',
        "if False:",
        DRAWN,
    ),
    guard(
        "an upload is drawn within its time",
        "gifts/stage/rendering/renderer.py",
        "    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))\n",
        "",
        f"{RENDERING}::test_what_takes_too_much_is_stopped[lottie]",
    ),
    guard(
        "an upload is drawn within its memory",
        "gifts/stage/rendering/renderer.py",
        "    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))\n",
        "",
        f"{RENDERING}::test_memory_is_bounded",
    ),
    guard(
        "a gift shows what was drawn",
        "gifts/sql/shows.sql",
        "WHERE shown.path LIKE '/%' AND NOT EXISTS (",
        "WHERE false AND NOT EXISTS (",
        RENDERING,
    ),
    guard(
        "a gift without a picture is not on offer",
        "gifts/models/catalogue.py",
        '            .exclude(art="")\n',
        "",
        RENDERING,
    ),
    guard(
        "a gift without a picture is not sent",
        "gifts/sql/send.sql",
        "ELSIF one.price IS NULL OR one.art = '' THEN",
        "ELSIF one.price IS NULL THEN",
        RENDERING,
    ),
    guard(
        "an upload is settled once",
        "gifts/stage/rendering/queue.py",
        "    if not waiting.update(**changes):",
        "    if not Upload.objects.filter(pk=upload.pk).update(**changes):",
        RENDERING,
    ),
    guard(
        "a picture has no entities",
        "gifts/stage/uploads/svg.py",
        "parser.forbid_dtd = True",
        "parser.forbid_dtd = False",
        UPLOADS,
    ),
]
