"""Every address of the site with ids of things that exist, and how a person fares there."""

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django.utils.regex_helper import normalize
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.creators import NotACreator
from accounts.models import Terms, User
from care.guardians import links
from care.tests.guardians.stage import opened
from conftest import api_key
from gifts.sending.services import send_gift
from ledger.models import Account
from live.chat import words
from live.chat.messages import say
from live.models import Stream
from live.moderation import moderators
from live.moderation.blocks import block
from live.tests.guests import open_to, seated
from overlay.services import overlay_of
from payouts.models import Proposal
from payouts.proposals.services import propose_explanation
from payouts.statements import bank_statements
from payouts.tests.bank import camt, held
from payouts.tests.builders import built, ready
from video.tests.clips.stage import clipped
from video.tests.replays.stage import replayed
from wallet.documents.issuing import issue_receipt
from wallet.models import ProviderMovement, RefusedFile, VelocityRule
from wallet.reconciliation import by_hand
from wallet.refunds.requests import withdraw
from wallet.statements.months import this_month
from wallet.tests.codes import made_batch
from wallet.tests.disputes.stage import disputed
from wallet.tests.promotions import promotion
from wallet.tests.stage import order, paid
from wallet.tests.top_ups.stage import turned_on
from wallet.tests.transfers import stage as transfers
from wallet.velocity.counting import Tally
from wallet.velocity.hits import record

METHODS = ("get", "post", "put", "patch", "delete")
REFUSED = {401, 403, 404}
DOORS = ("/account/login/", "/admin/login/")
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def all_routes() -> Iterator[str]:
    """Return every pattern that the site resolves, whole: `studio/words/<int:number>/allow/`."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _below(pattern, route)


@dataclass(frozen=True)
class Things:
    """What the cast has: an id for each converter, and others for addresses that begin so."""

    ids: dict[str, Any]
    others: dict[str, dict[str, Any]]

    def path_of(self, route: str) -> str:
        """Return a path at which the pattern answers."""
        ids = dict(self.ids)
        for start, others in self.others.items():
            if route.startswith(start):
                ids |= others
        if "(?P<" not in route:
            return "/" + CONVERTER.sub(lambda found: str(ids[found[1]]), route)
        before = re.split(r"\^|\(", route)[0]
        form, names = normalize(route[len(before) :])[0]
        return f"/{before}{form % {name: ids[name] for name in names}}"


def things(*, alice: User, bob: User, moderator: User, dana: User, stream: Stream) -> Things:
    """Return what Alice sent and ordered, Bob earns, his moderator and Dana keep."""
    moderators.appoint(creator=bob, user=moderator)
    gift = send_gift(
        fan=alice,
        stream=stream,
        gift="moss-frog",
        key=uuid.uuid4(),
        confirmed=True,
        message="Hello from the ferry",
    ).gift
    refund = withdraw(purchase=paid(alice, 100), key=uuid.uuid4())
    receipt = issue_receipt(paid(alice).pk)
    assert receipt is not None
    purchase, payout = order(alice), ready(bob)
    waits = transfers.order(alice, 250)
    came = transfers.came(waits, words="for coins")
    back = transfers.came(transfers.paid(moderator, 250)).given_back.get()
    unread = RefusedFile.objects.create(name="march.xml", why="This is not an XML file.")
    dispute = disputed(paid(dana, 100))
    top_up = turned_on(alice)
    moved = ProviderMovement.objects.create(
        provider="stripe",
        reference="txn_reserve",
        kind="other",
        amount_minor=-300,
        net_minor=-300,
        source_minor=-300,
        currency="EUR",
        source_currency="EUR",
        moved_at=timezone.now(),
    )
    by_hand.propose(movement=moved, account="provider_suspense", by=dana, reason="A reserve")
    hit = record(VelocityRule.objects.all()[0], Tally(99), user=alice)
    assert hit is not None
    key = {"name": "Key", "credential": passkey()}
    factor = Authenticator.objects.create(user=alice, type="webauthn", data=key)
    api_key(alice)
    confirmation = EmailConfirmationHMAC(alice.emailaddress_set.get())  # type: ignore[attr-defined]  # allauth's reverse name
    coins = Account.objects.get(kind="coins", owner=alice)
    case = opened(alice, dana)
    open_to(bob)
    guest = seated(stream, alice)
    replay = replayed(bob)
    clip = clipped(bob, replay.stream)
    return Things(
        ids={
            "public_id": stream.public_id,
            "stream_id": stream.public_id,
            "event_id": say(user=alice, stream=stream, text="Good evening").pk,
            "key": gift.public_id,
            "handle": bob.handle,
            "guest_id": guest.public_id,
            "what": "mute",
            "version": Terms.objects.current().version,
            "number": words.block_word(creator=bob, word="herring").pk,
            "provider": "sandbox",
            "reference": purchase.provider_reference,
            "payout_id": payout.public_id,
            "token": overlay_of(bob).token,
            "widget": "alerts",
            "name": "none.svg",
            "part": "cover",
            "month": f"{this_month():%Y-%m}",
            "pk": factor.pk,
            "object_id": alice.pk,
            "id": alice.pk,
            "content_type_id": 1,
            "url": "nothing/",
            "app_label": "ledger",
            "uidb36": user_pk_to_url_str(alice),
        },
        others={
            "api/v1/streams/<uuid:public_id>/replay/": {"public_id": replay.stream.public_id},
            "api/v1/me/replays/": {"public_id": replay.stream.public_id},
            "api/v1/clips/": {"public_id": clip.public_id},
            "api/v1/me/clips/": {"public_id": clip.public_id},
            "clips/": {"public_id": clip.public_id},
            "studio/replays/": {"public_id": replay.stream.public_id},
            "orders/": {"public_id": purchase.public_id},
            "documents/": {"public_id": receipt.public_id},
            "api/v1/documents/": {"public_id": receipt.public_id},
            "admin/wallet/document/": {"pk": receipt.pk, "object_id": receipt.pk},
            "api/v1/purchases/": {"public_id": purchase.public_id},
            "account/settings/keys/": {"pk": alice.api_keys.get().pk},
            "account/^confirm-email/": {"key": confirmation.key},
            "account/^password/reset/key/": {"key": default_token_generator.make_token(alice)},
            "people/<slug:handle>/block/": {"handle": alice.handle},
            "api/v1/streams/<uuid:public_id>/guests/": {"handle": alice.handle},
            "admin/live/guest/": {"object_id": guest.pk},
            "api/v1/me/blocks/": {"handle": alice.handle},
            "api/v1/me/moderators/": {"handle": moderator.handle},
            "studio/moderators/": {"handle": moderator.handle},
            "admin/accounts/user/": {"pk": alice.pk},
            "admin/live/block/": {"pk": block(creator=bob, user=dana)[0].pk},
            "admin/wallet/purchase/": {"pk": purchase.pk, "object_id": purchase.pk},
            "sandbox/save/": {"reference": top_up.saved_method.setup_reference},
            "admin/wallet/topup/": {"pk": top_up.pk, "object_id": top_up.pk},
            "admin/wallet/refund/": {"pk": refund.pk, "object_id": refund.pk},
            "sandbox/transfer/": {"reference": waits.provider_reference},
            "admin/wallet/banktransfer/": {"pk": came.pk, "object_id": came.pk},
            "admin/wallet/giveback/": {"pk": back.pk, "object_id": back.pk},
            "admin/wallet/providermovement/": {"pk": moved.pk, "object_id": moved.pk},
            "admin/wallet/movementbooking/": {"pk": moved.bookings.get().pk},
            "admin/wallet/transferstatement/": {
                "pk": came.statement_id,
                "object_id": came.statement_id,
            },
            "admin/wallet/refusedfile/": {"pk": unread.pk, "object_id": unread.pk},
            "guardian/": {"token": links.make(case).rstrip("/").rpartition("/")[2]},
            "admin/care/guardiancase/": {"pk": case.pk, "object_id": case.pk},
            "admin/wallet/velocityhit/": {"pk": hit.pk, "object_id": hit.pk},
            "admin/wallet/velocityrule/": {"pk": hit.rule_id, "object_id": hit.rule_id},
            "admin/wallet/dispute/": {"pk": dispute.pk, "object_id": dispute.pk},
            "admin/wallet/promotion/": {"pk": promotion(percent=5).pk},
            "admin/wallet/codebatch/": {"pk": made_batch().batch.pk},
            "admin/ledger/account/": {"pk": coins.pk, "object_id": coins.pk},
            "admin/payouts/payout/": {"pk": payout.pk, "object_id": payout.pk},
            "admin/payouts/batch/": {"pk": built(dana, ready(moderator)).pk},
            "admin/payouts/proposal/": {"pk": _proposed(dana).pk},
            "admin/gifts/gift/": {"number": gift.gift_id, "object_id": gift.gift_id},
        },
    )


def passkey() -> dict[str, Any]:
    """Return what a browser answers when it has made a passkey."""
    key = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    public = ES256.from_cryptography_key(key)  # type: ignore[no-untyped-call]  # ships no types
    made = AttestedCredentialData.create(Aaguid.NONE, b"seven of seven..", public)
    site = hashlib.sha256(b"testserver").digest()
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    about = AttestationObject.create("none", AuthenticatorData.create(site, flags, 1, made), {})
    said = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    return {
        "id": websafe_encode(made.credential_id),
        "rawId": websafe_encode(made.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(about),
        },
    }


def _proposed(dana: User) -> Proposal:
    """Return an explanation of the bank's balance that a second person must confirm."""
    content = camt(held("CLBD", "5.00"))
    statement, _new = bank_statements.read_statement(content=content, by=dana)
    balance = statement.balances.get()
    return propose_explanation(balance=balance, by=dana, reason="Capital", amount_minor=500)


def browser(person: User | None) -> Client:
    """Return a browser in which the person is signed in, or a visitor's.

    A fault is an answer too: a person who meets it got in. Other tests look for faults. The visit
    is noted here, once, or each answer that is taken back would note it anew.
    """
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
        client.get("/")
    return client


def gets_in(client: Client, path: str) -> bool:
    """Whether a browser is let in, by the first method that the address takes. Nothing stays."""
    more: dict[str, Any] = {"content_type": "application/json"} if path[:5] == "/api/" else {}
    for method in METHODS:
        with transaction.atomic():
            answer = getattr(client, method)(path, **({} if method == "get" else more))
            transaction.set_rollback(True)
        if answer.status_code != 405:
            break
    return not (
        answer.status_code in REFUSED
        or answer.headers.get("Location", "").startswith(DOORS)
        # People who are no creators are shown how to become one.
        or answer.headers.get("X-Error-Code") == NotACreator.code
    )
