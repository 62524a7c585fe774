"""The groups that come with the site: what each is for, and every right that it has.

This is the one declaration. `load_economy` makes the groups equal to it at every start, and no page
changes them: whoever needs other rights is put into a group that a superuser makes.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import RightsChange


class StaffGroup(NamedTuple):
    """A job of staff, in a sentence, and the rights that it takes."""

    name: str
    sentence: StrOrPromise
    rights: tuple[str, ...]


# What nearly every job looks at.
PEOPLE = (
    "accounts.view_user",
    "accounts.view_creator",
    "accounts.view_move",
    "accounts.view_staffnote",
)

GROUPS = (
    StaffGroup(
        "Support",
        _(
            "Answers people: reads accounts, purchases, gifts, limits and payouts, writes notes, "
            "asks payment providers again, decides fraud checks and cases of guardians, refunds "
            "orders, emails receipts again, lifts blocks, blocks codes."
        ),
        (
            *PEOPLE,
            "accounts.add_staffnote",
            "care.decide_guardiancase",
            "care.view_closing",
            "care.view_guardiancase",
            "accounts.view_country",
            "accounts.view_spendinglimit",
            "accounts.view_spendingpause",
            "accounts.view_terms",
            "gifts.view_sentgift",
            "ledger.view_account",
            "live.delete_block",
            "live.view_block",
            "live.view_event",
            "live.view_stream",
            "payouts.view_payout",
            "payouts.view_payoutmethod",
            "wallet.change_purchase",
            "wallet.decide_hit",
            "wallet.propose_refund",
            "wallet.resend_document",
            "wallet.block_codebatch",
            "wallet.see_attention",
            "wallet.stop_topup",
            "wallet.view_banktransfer",
            "wallet.view_bonuslot",
            "wallet.view_codebatch",
            "wallet.view_dispute",
            "wallet.view_document",
            "wallet.view_giveback",
            "wallet.view_promotion",
            "wallet.view_purchase",
            "wallet.view_redemption",
            "wallet.view_refund",
            "wallet.view_topup",
            "wallet.view_velocityhit",
            "wallet.view_velocityrule",
        ),
    ),
    StaffGroup(
        "Finance",
        _(
            "Pays out: creates and downloads bank files, uploads bank statements, matches bank "
            "transfers, orders what goes back, proposes bookings, hands in evidence for disputes. "
            "Approves nothing."
        ),
        (
            *PEOPLE,
            "accounts.add_staffnote",
            "ledger.view_account",
            "ledger.view_ledgercheck",
            "ledger.view_posting",
            "ledger.view_rule",
            "ledger.view_transfer",
            "payouts.add_bankstatement",
            "payouts.build_batch",
            "payouts.cancel_payout",
            "payouts.download_batch",
            "payouts.propose_booking",
            "payouts.view_bankstatement",
            "payouts.view_batch",
            "payouts.view_payout",
            "payouts.view_payoutmethod",
            "payouts.view_proposal",
            "gifts.view_clawback",
            "wallet.add_senderrule",
            "wallet.answer_dispute",
            "wallet.delete_senderrule",
            "wallet.match_transfer",
            "wallet.order_giveback",
            "wallet.propose_movement",
            "wallet.see_attention",
            "wallet.see_payer_account",
            "wallet.view_banktransfer",
            "wallet.view_dispute",
            "wallet.view_disputepolicy",
            "wallet.view_document",
            "wallet.view_giveback",
            "wallet.view_movementbooking",
            "wallet.view_providermovement",
            "wallet.view_purchase",
            "wallet.view_refund",
            "wallet.view_refusedfile",
            "wallet.view_senderrule",
            "wallet.view_transferstatement",
            "wallet.view_webhookevent",
        ),
    ),
    StaffGroup(
        "Approvers",
        _(
            "Is the second person: approves bank files and large transfers, confirms bookings, "
            "refunds, codes, cases of guardians, releases of held orders and money that goes back."
        ),
        (
            *PEOPLE,
            "care.confirm_guardian",
            "care.view_guardiancase",
            "ledger.view_account",
            "ledger.view_ledgercheck",
            "payouts.approve_batch",
            "payouts.confirm_booking",
            "payouts.view_bankstatement",
            "payouts.view_batch",
            "payouts.view_payout",
            "payouts.view_payoutmethod",
            "payouts.view_proposal",
            "wallet.approve_transfer",
            "wallet.confirm_codebatch",
            "wallet.confirm_giveback",
            "wallet.confirm_movement",
            "wallet.confirm_refund",
            "wallet.decide_hit",
            "wallet.view_banktransfer",
            "wallet.view_codebatch",
            "wallet.view_giveback",
            "wallet.view_movementbooking",
            "wallet.view_providermovement",
            "wallet.view_purchase",
            "wallet.view_refund",
            "wallet.view_velocityhit",
        ),
    ),
    StaffGroup(
        "Catalogue",
        _(
            "Keeps the shop: gifts and their prices, coin packs, promotions, codes and cards, "
            "countries and tax rates."
        ),
        (
            "accounts.add_country",
            "accounts.add_taxrate",
            "accounts.change_country",
            "accounts.view_country",
            "accounts.view_region",
            "accounts.view_taxrate",
            "gifts.add_gift",
            "gifts.add_giftprice",
            "gifts.change_gift",
            "gifts.view_gift",
            "gifts.view_giftprice",
            "gifts.view_giftpolicy",
            "wallet.add_bundle",
            "wallet.add_bundleprice",
            "wallet.add_codebatch",
            "wallet.add_promotion",
            "wallet.change_promotion",
            "wallet.make_codebatch",
            "wallet.view_codebatch",
            "wallet.view_codepolicy",
            "wallet.view_promotion",
            "wallet.change_bundle",
            "wallet.view_bundle",
            "wallet.view_bundleprice",
            "wallet.view_fxrate",
            "wallet.view_ratecard",
        ),
    ),
    StaffGroup(
        "Moderation",
        _(
            "Keeps rooms safe: ends streams, reads what was hidden, keeps the site's blocked "
            "words, sets creators' trust."
        ),
        (
            *PEOPLE,
            "accounts.add_staffnote",
            "accounts.change_creator",
            "live.add_blockedword",
            "live.change_blockedword",
            "live.change_guest",
            "live.change_stream",
            "live.delete_block",
            "live.delete_blockedword",
            "live.delete_moderator",
            "live.view_block",
            "live.view_blockedword",
            "live.view_event",
            "live.view_guest",
            "live.view_hidden",
            "live.view_moderator",
            "live.view_stream",
            "video.change_clip",
            "video.change_replay",
            "video.view_clip",
            "video.view_elsewhere",
            "video.view_replay",
        ),
    ),
)
BY_NAME = {group.name: group for group in GROUPS}


def keep() -> None:
    """Make the groups that come with the site equal to what stands here.

    A new one has nobody in it yet: no superuser needs a mail about its rights. Later changes are
    told like all others.
    """
    for one in GROUPS:
        group, new = Group.objects.get_or_create(name=one.name)
        group.permissions.set(permissions(one.rights))
        if new:
            RightsChange.objects.filter(group_number=group.pk).update(notify_at=None)


def permissions(names: Iterable[str]) -> list[Permission]:
    """Return the permissions of these names. Raises `LookupError` for one that does not exist."""
    found = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.select_related("content_type")
    }
    if missing := sorted(set(names) - found.keys()):
        raise LookupError(f"No such right: {', '.join(missing)}")
    return [found[name] for name in names]
