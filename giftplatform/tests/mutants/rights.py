"""The guards of rights and secrets, and how each is taken away."""

from giftplatform.tests.mutants.guards import (
    ACCOUNT_TABLES,
    API_KEYS,
    APPROVERS,
    KEYS,
    MATRIX,
    MOVES,
    RIGHTS,
    START,
    Edit,
    Guard,
    guard,
)

MODERATORS, MODERATION = "live/moderation/moderators.py", "live/tests/test_moderation.py"
BLOCKS, BLOCKING = "live/moderation/blocks.py", "live/tests/test_blocks.py"
WORDS, ROOM_WORDS = "live/chat/words.py", "live/tests/test_words.py"
STREAMS, STREAMING = "live/streams/services.py", "live/tests/test_services.py"
OVERLAYS, ALERTS = "overlay/services.py", "overlay/tests/test_services.py"
RIGHTS_SQL = "accounts/sql/rights.sql"


def creators_only(what: str, path: str, next_line: str, *tests: str) -> Guard:
    """Return the guard of a service for creators, which asks before its next line."""
    asked = f"    require_creator(creator)\n    {next_line}"
    return guard(f"creators alone {what}", path, asked, f"    {next_line}", *tests)


GUARDS = [
    guard(
        "a person changes the country once in 90 days",
        "accounts/services.py",
        "        if again := moves_again_on(locked):",
        "        if again := None:",
        MOVES,
    ),
    guard(
        "a page of an admin asks for the right of its model",
        "giftplatform/staff/site.py",
        "        if not allowed:",
        "        if not allowed and False:",
        MATRIX,
    ),
    Guard(
        "groups belong to superusers",
        (
            Edit(
                "giftplatform/admin/groups.py",
                "        return request.user.is_superuser",
                "        return True",
                times=3,
            ),
        ),
        (RIGHTS,),
    ),
    guard(
        "flags and groups of people belong to superusers",
        "accounts/admin/people.py",
        "return fields if request.user.is_superuser else (*fields, *self.RIGHTS)",
        "return fields",
        RIGHTS,
    ),
    guard(
        "a right is noted, whatever gave it",
        RIGHTS_SQL,
        "    IF TG_TABLE_NAME = 'accounts_user' THEN",
        "    IF true THEN RETURN NULL; ELSIF TG_TABLE_NAME = 'accounts_user' THEN",
        RIGHTS,
        APPROVERS,
    ),
    guard(
        "a right that was just given approves nothing",
        "payouts/batches/bank_files.py",
        "    refuse_new(by, rights=RIGHTS, since=batch.built_at)\n",
        "",
        APPROVERS,
    ),
    guard(
        "a right younger than the bank file approves nothing",
        "accounts/approvers.py",
        "min(since, timezone.now() - timedelta(hours=hours))",
        "timezone.now() - timedelta(hours=hours)",
        APPROVERS,
    ),
    guard(
        "a right of a group is as old as it is",
        "accounts/rights.py",
        "into_a_group | their_own | of_a_group",
        "into_a_group | their_own",
        APPROVERS,
    ),
    guard(
        "a group is as old as the person's being in it",
        "accounts/rights.py",
        "into_a_group | their_own | of_a_group",
        "their_own | of_a_group",
        APPROVERS,
    ),
    guard(
        "a second step is as old as it is",
        "accounts/rights.py",
        "for at in (user.date_joined, given, step)",
        "for at in (user.date_joined, given)",
        APPROVERS,
    ),
    guard(
        "another password ends the key to the API",
        "accounts/models/people.py",
        "        if ends_keys:",
        "        if False:",
        KEYS,
    ),
    guard(
        "a second step that is taken away ends the key to the API",
        "accounts/apps.py",
        "post_delete.connect(end_keys, sender=Authenticator)",
        "assert Authenticator",
        KEYS,
    ),
    guard(
        "signing out everywhere ends the key to the API",
        "accounts/adapter.py",
        "        if self.request.user.is_authenticated:",
        "        if False:",
        KEYS,
    ),
    guard(
        "a key does only what it was made for",
        "accounts/authentication.py",
        "        if needed not in request.auth.scopes:",
        "        if False:",
        API_KEYS,
    ),
    guard(
        "a key ends on its day",
        "accounts/api_keys.py",
        "filter(user__is_active=True, ends_at__gt=now)",
        "filter(user__is_active=True)",
        API_KEYS,
    ),
    guard(
        "a key of a closed account opens nothing",
        "accounts/api_keys.py",
        "filter(user__is_active=True, ends_at__gt=now)",
        "filter(ends_at__gt=now)",
        API_KEYS,
    ),
    guard(
        "a person has twenty keys at most",
        "accounts/api_keys.py",
        "if user.api_keys.count() >= MOST_KEYS:",
        "if False:",
        API_KEYS,
    ),
    guard(
        "a key has a name: the service",
        "accounts/api_keys.py",
        "    if not name:\n        raise KeyWithoutName\n",
        "",
        API_KEYS,
    ),
    guard(
        "a key has a name: the database",
        ACCOUNT_TABLES,
        "models.Q(('name', ''), _negated=True), name='api_key_has_a_name'",
        "models.Q(('id__isnull', False)), name='api_key_has_a_name'",
        API_KEYS,
    ),
    guard(
        "a key ends within a year",
        ACCOUNT_TABLES,
        "('ends_at__lte', django.db.models.expressions.CombinedExpression("
        "models.F('created_at'), '+', models.Value(datetime.timedelta(days=365))))",
        "('id__isnull', False)",
        API_KEYS,
    ),
    guard(
        "a key does not end before it begins",
        ACCOUNT_TABLES,
        "('ends_at__gt', models.F('created_at'))",
        "('id__isnull', False)",
        API_KEYS,
    ),
    guard(
        "the database keeps keys with known scopes only",
        ACCOUNT_TABLES,
        "('scopes__contained_by', ['read', 'send', 'earn']), ('scopes__len__gt', 0)",
        "('id__isnull', False)",
        API_KEYS,
    ),
    guard(
        "the database keeps the digest of a key only",
        ACCOUNT_TABLES,
        "('digest__regex', '^[0-9a-f]{64}$')",
        "('id__isnull', False)",
        API_KEYS,
    ),
    guard(
        "live mode does not start open",
        "giftplatform/runtime/secrets.py",
        "    if unsafe:",
        "    if unsafe and False:",
        START,
    ),
    guard(
        "a new key in front leaves the old one working",
        "foundation/crypto.py",
        "for secret in _secrets()]",
        "for secret in _secrets()[:1]]",
        "giftplatform/tests/test_field_key.py",
    ),
    guard(
        "superusers do not change the rules of posting either",
        "ledger/admin/tables.py",
        "class RuleAdmin(ReadOnlyAdmin):",
        "class RuleAdmin(admin.ModelAdmin):",
        "wallet/tests/test_admin.py",
    ),
    creators_only("make moderators", MODERATORS, "if creator.pk", MODERATION),
    creators_only("dismiss moderators", MODERATORS, "Moderator.objects", MODERATION),
    creators_only("block people", BLOCKS, "if creator.pk", BLOCKING),
    creators_only("unblock people", BLOCKS, "Block.objects.filter(creator=creator, u", BLOCKING),
    creators_only("unblock senders", BLOCKS, "Block.objects.filter(creator=creator, g", BLOCKING),
    creators_only("list words", WORDS, "check_entry", ROOM_WORDS),
    creators_only("take words off", WORDS, "creator.blocked_words", ROOM_WORDS),
    creators_only("make rules of a room", WORDS, "rules, _made", ROOM_WORDS),
    creators_only("schedule streams", STREAMS, "refuse_time(scheduled_for)", STREAMING),
    creators_only("are followed", STREAMS, "if user.pk", STREAMING),
    creators_only("go live", STREAMS, "User.objects", STREAMING),
    creators_only("have alerts", OVERLAYS, "return AlertSettings", ALERTS),
    creators_only("have an overlay", OVERLAYS, "found = Overlay", ALERTS),
]
