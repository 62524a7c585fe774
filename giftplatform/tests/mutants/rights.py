"""The guards of rights and secrets, and how each is taken away."""

from giftplatform.tests.mutants.guards import (
    APPROVERS,
    KEYS,
    MATRIX,
    RIGHTS,
    START,
    Edit,
    Guard,
    guard,
)

RIGHTS_SQL = "accounts/sql/rights.sql"

GUARDS = [
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
                "giftplatform/admin.py",
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
        "nobody approves by what was just given",
        "payouts/batches/bank_files.py",
        "    _refuse_new(batch, by)\n",
        "",
        APPROVERS,
    ),
    guard(
        "nobody approves by what is younger than the bank file",
        "payouts/batches/bank_files.py",
        "min(batch.built_at, timezone.now() - timedelta(hours=hours))",
        "timezone.now() - timedelta(hours=hours)",
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
        "            if another:",
        "            if False:",
        KEYS,
    ),
    guard(
        "a second step that is taken away ends the key to the API",
        "accounts/apps.py",
        "post_delete.connect(end_key, sender=Authenticator)",
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
]
