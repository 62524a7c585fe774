"""Every address of the site with ids of things that exist, and how a person fares there."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from accounts.models import User
from gifts.sending.services import send_gift
from ledger.models import Account
from live.chat import words
from live.chat.messages import say
from live.models import Stream
from live.moderation import moderators
from overlay.services import overlay_of
from payouts.tests.builders import built, ready
from wallet.tests.stage import order

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
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), confirmed=True
    ).gift
    purchase, payout = order(alice), ready(bob)
    key = {"name": "Key", "credential": {}}
    factor = Authenticator.objects.create(user=alice, type="webauthn", data=key)
    confirmation = EmailConfirmationHMAC(alice.emailaddress_set.get())  # type: ignore[attr-defined]  # allauth's reverse name
    coins = Account.objects.get(kind="coins", owner=alice)
    return Things(
        ids={
            "public_id": stream.public_id,
            "stream_id": stream.public_id,
            "event_id": say(user=alice, stream=stream, text="Good evening").pk,
            "key": gift.public_id,
            "handle": bob.handle,
            "number": words.block_word(creator=bob, word="herring").pk,
            "provider": "sandbox",
            "reference": purchase.provider_reference,
            "payout_id": payout.public_id,
            "token": overlay_of(bob).token,
            "widget": "alerts",
            "name": "none.svg",
            "pk": factor.pk,
            "object_id": alice.pk,
            "id": alice.pk,
            "content_type_id": 1,
            "url": "nothing/",
            "app_label": "ledger",
            "uidb36": user_pk_to_url_str(alice),
        },
        others={
            "orders/": {"public_id": purchase.public_id},
            "api/v1/purchases/": {"public_id": purchase.public_id},
            "account/^confirm-email/": {"key": confirmation.key},
            "account/^password/reset/key/": {"key": default_token_generator.make_token(alice)},
            "people/<slug:handle>/block/": {"handle": alice.handle},
            "api/v1/me/blocks/": {"handle": alice.handle},
            "api/v1/me/moderators/": {"handle": moderator.handle},
            "studio/moderators/": {"handle": moderator.handle},
            "admin/ledger/account/": {"pk": coins.pk, "object_id": coins.pk},
            "admin/payouts/payout/": {"pk": payout.pk, "object_id": payout.pk},
            "admin/payouts/batch/": {"pk": built(dana, ready(moderator)).pk},
            "admin/gifts/gift/": {"number": gift.gift_id, "object_id": gift.gift_id},
        },
    )


def browser(person: User | None) -> Client:
    """Return a browser in which the person is signed in, or nobody.

    A fault is an answer too: who meets it got in. Other tests look for faults.
    """
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
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
        # Others than creators are shown how to become one.
        or "studio/join.html" in [template.name for template in answer.templates]
    )
