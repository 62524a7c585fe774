"""The roles and their doors: every address of the site stands here, with the roles that it lets in.

An address that is not here fails the test, and so does one that lets in others than it should.
"Lets in" is an answer other than 401, 403, 404, the way to the sign-in page, and the invitation to
become a creator.
"""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.template import Context, Template
from django.test.signals import template_rendered
from django.urls import reverse

from accounts.models import Creator, User
from conftest import person
from giftplatform.tests.addresses import Things, all_routes, browser, gets_in, things
from giftplatform.tests.staff_pages import without_sidebar
from ledger.models import Account
from live.models import Stream

pytestmark = pytest.mark.django_db

EVERYBODY = ["visitor", "fan", "other_fan", "creator", "other_creator", "moderator", "staff"]
SIGNED_IN = EVERYBODY[1:]
UNBLOCKED = [one for one in SIGNED_IN if one != "staff"]  # Bob has blocked Dana
CREATORS = ["creator", "other_creator"]
MODERATORS = ["creator", "moderator"]
FAN, CREATOR = ["fan"], ["creator"]
NOBODY: list[str] = []  # what none of them has: a picture that is missing, codes never made

# Everything outside the admin. Alice is the fan whose order and gift it is, Bob the creator whose
# room, payout and words they are.
SITE = {
    "api/v1/me/": SIGNED_IN,
    "api/v1/me/closing/": SIGNED_IN,
    "api/v1/me/pictures/": CREATORS,
    "api/v1/me/pictures/<slug:part>/": CREATORS,
    "api/v1/people/<slug:handle>/": EVERYBODY,
    "api/v1/regions/": EVERYBODY,
    "api/v1/wallet/": SIGNED_IN,
    "api/v1/wallet/history/": SIGNED_IN,
    "api/v1/wallet/auto-top-up/": SIGNED_IN,
    "api/v1/wallet/limits/": SIGNED_IN,
    "api/v1/wallet/pause/": SIGNED_IN,
    "api/v1/bundles/": SIGNED_IN,
    "api/v1/purchases/": SIGNED_IN,
    "api/v1/purchases/<uuid:public_id>/": FAN,
    "api/v1/purchases/<uuid:public_id>/refunds/": FAN,
    "api/v1/purchases/<uuid:public_id>/cancel/": FAN,
    "api/v1/documents/<uuid:public_id>/pdf/": FAN,
    "api/v1/redemptions/": SIGNED_IN,
    "api/v1/rates/": EVERYBODY,
    "api/v1/streams/": EVERYBODY,
    "api/v1/streams/<uuid:public_id>/": EVERYBODY,
    "api/v1/streams/<uuid:public_id>/events/": EVERYBODY,
    "api/v1/streams/<uuid:public_id>/picture/": EVERYBODY,
    "api/v1/streams/<uuid:public_id>/replay/": EVERYBODY,
    "api/v1/streams/<uuid:public_id>/replay/events/": EVERYBODY,
    "api/v1/people/<slug:handle>/replays/": EVERYBODY,
    "api/v1/me/replays/<uuid:public_id>/": CREATOR,
    "api/v1/me/video/": CREATORS,
    "api/v1/streams/<uuid:public_id>/clips/": SIGNED_IN,
    "api/v1/clips/<uuid:public_id>/": EVERYBODY,
    "api/v1/me/clips/<uuid:public_id>/": CREATOR,
    "api/v1/people/<slug:handle>/clips/": EVERYBODY,
    "api/v1/me/encoder/": CREATORS,
    "api/v1/me/encoder/key/": CREATORS,
    "api/v1/me/elsewhere/": CREATORS,
    "api/v1/me/streams/<uuid:public_id>/time/": CREATOR,
    "api/v1/streams/<uuid:public_id>/chat/": SIGNED_IN,
    "api/v1/streams/<uuid:public_id>/lines/<int:event_id>/hide/": MODERATORS,
    "api/v1/streams/<uuid:public_id>/guests/": EVERYBODY,
    "api/v1/streams/<uuid:public_id>/guest/": FAN,
    "api/v1/streams/<uuid:public_id>/guests/<slug:handle>/": CREATOR,
    "api/v1/me/guests/": CREATORS,
    "api/v1/me/blocks/": CREATORS,
    "api/v1/me/blocks/<slug:handle>/": NOBODY,
    "api/v1/me/moderators/": CREATORS,
    "api/v1/me/moderators/<slug:handle>/": CREATORS,
    "api/v1/me/words/": CREATORS,
    "api/v1/me/words/<int:number>/": CREATORS,
    "api/v1/me/room/": CREATORS,
    "api/v1/gifts/": EVERYBODY,
    "api/v1/streams/<uuid:stream_id>/gifts/": SIGNED_IN,
    "api/v1/streams/<uuid:stream_id>/gifts/batch/": SIGNED_IN,
    "api/v1/gifts/undo/": SIGNED_IN,
    "api/v1/gifts/<uuid:key>/undo/": FAN,
    "api/v1/gifts/<uuid:key>/thank/": CREATOR,
    "api/v1/gifts/<uuid:key>/block/": MODERATORS,
    "api/v1/gifts/<uuid:key>/hide/": MODERATORS,
    "api/v1/earnings/": CREATORS,
    "api/v1/earnings/statement/": CREATORS,
    "api/v1/me/overlay/": CREATORS,
    "api/v1/me/alerts/": CREATORS,
    "api/v1/me/goal/": CREATORS,
    "api/v1/payouts/": CREATORS,
    "api/v1/payouts/<uuid:payout_id>/": CREATOR,
    "api/v1/payout-method/": CREATORS,
    "": EVERYBODY,
    "contact/": EVERYBODY,
    "terms/": EVERYBODY,
    "terms/<slug:version>/": EVERYBODY,
    "fairness/": EVERYBODY,
    "live/<uuid:public_id>/": EVERYBODY,
    "live/<uuid:public_id>/say/": SIGNED_IN,
    "live/<uuid:public_id>/token/": EVERYBODY,
    "live/<uuid:public_id>/guest/": SIGNED_IN,
    "live/<uuid:public_id>/guest/door/": SIGNED_IN,
    "live/<uuid:public_id>/guest/ask/": UNBLOCKED,
    "live/<uuid:public_id>/guest/join/": UNBLOCKED,
    "live/<uuid:public_id>/guest/leave/": SIGNED_IN,
    "live/<uuid:public_id>/guest/end/": SIGNED_IN,
    "live/<uuid:public_id>/guest/line/": SIGNED_IN,
    "live/<uuid:public_id>/guests/": MODERATORS,
    "live/<uuid:public_id>/guests/invite/": CREATOR,
    "live/<uuid:public_id>/guests/<uuid:guest_id>/<slug:what>/": MODERATORS,
    "live/lines/<int:event_id>/invite/": CREATOR,
    "live/<uuid:public_id>/replay/": EVERYBODY,
    "live/<uuid:public_id>/clip/": MODERATORS,
    "live/<uuid:public_id>/elsewhere/": EVERYBODY,
    "clips/<uuid:public_id>/": EVERYBODY,
    "clips/<uuid:public_id>/state/": EVERYBODY,
    "clips/<uuid:public_id>/delete/": CREATOR,
    "people/<slug:handle>/": EVERYBODY,
    "people/<slug:handle>/follow/": SIGNED_IN,
    "media/people/<str:name>": NOBODY,
    "coins/": EVERYBODY,
    "coins/quote/": EVERYBODY,
    "coins/checkout/": SIGNED_IN,
    "coins/join/": EVERYBODY,
    "orders/": SIGNED_IN,
    "orders/<uuid:public_id>/": FAN,
    "orders/<uuid:public_id>/progress/": FAN,
    "orders/<uuid:public_id>/pay/": FAN,
    "orders/<uuid:public_id>/cancel/": FAN,
    "orders/<uuid:public_id>/receipt/": FAN,
    "orders/<uuid:public_id>/refund/": FAN,
    "documents/<uuid:public_id>/": FAN,
    "documents/<uuid:public_id>/pdf/": FAN,
    "wallet/": SIGNED_IN,
    "wallet/history/": SIGNED_IN,
    "wallet/balance/": SIGNED_IN,
    "wallet/limits/": SIGNED_IN,
    "wallet/limits/creator/": SIGNED_IN,
    "wallet/limits/pause/": SIGNED_IN,
    "wallet/auto-top-up/": SIGNED_IN,
    "wallet/auto-top-up/new/": SIGNED_IN,
    "wallet/auto-top-up/card/": SIGNED_IN,
    "wallet/auto-top-up/off/": SIGNED_IN,
    "wallet/statements/": SIGNED_IN,
    "wallet/statements/<slug:month>/": SIGNED_IN,
    "wallet/statements/<slug:month>/pdf/": SIGNED_IN,
    "redeem/": EVERYBODY,
    "rates/": EVERYBODY,
    "webhooks/<slug:provider>/": EVERYBODY,
    "ingest/auth/": NOBODY,  # only a media server that knows the secret
    "ingest/publish/": NOBODY,
    "sandbox/pay/<uuid:reference>/": EVERYBODY,
    "sandbox/bank/<uuid:reference>/": EVERYBODY,
    "sandbox/save/<uuid:reference>/": EVERYBODY,
    "sandbox/transfer/<slug:reference>/": EVERYBODY,
    "sandbox/disputes/<uuid:reference>/": NOBODY,  # the payment was not made
    "gifts/": EVERYBODY,
    "media/gifts/<str:name>": NOBODY,
    "gifts/sent/": SIGNED_IN,
    "live/<uuid:stream_id>/tray/": EVERYBODY,
    "live/<uuid:stream_id>/receivers/": EVERYBODY,
    "live/<uuid:stream_id>/send/": SIGNED_IN,
    "live/<uuid:stream_id>/sends/": SIGNED_IN,
    "gifts/known/": SIGNED_IN,
    "gifts/undo/": SIGNED_IN,
    "gifts/<uuid:key>/undo/": FAN,
    "account/close/": SIGNED_IN,
    "account/closed/": EVERYBODY,
    "guardian/": EVERYBODY,
    "guardian/sent/": EVERYBODY,
    "guardian/<slug:token>/": EVERYBODY,
    "guardian/<slug:token>/confirm/": EVERYBODY,
    "overlay/<slug:token>/": EVERYBODY,
    "overlay/<slug:token>/state/": EVERYBODY,
    "overlay/<slug:token>/played/": EVERYBODY,
    "overlay/<slug:token>/<slug:widget>/": EVERYBODY,
    "studio/": CREATORS,
    "studio/join/": EVERYBODY,
    "studio/live/": CREATORS,
    "studio/live/<uuid:stream_id>/": CREATOR,
    "studio/live/alerts/": CREATORS,
    "studio/live/alerts/pause/": CREATORS,
    "studio/live/alerts/resume/": CREATORS,
    "studio/live/alerts/skip/": CREATORS,
    "studio/live/alerts/replay/": CREATORS,
    "studio/live/alerts/test/": CREATORS,
    "studio/go-live/": CREATORS,
    "studio/go-live/key/": CREATORS,
    "studio/go-live/camera/": CREATORS,
    "studio/go-live/guests/": CREATORS,
    "studio/go-live/line/": CREATORS,
    "studio/go-live/elsewhere/": CREATORS,
    "studio/go-live/elsewhere/end/": CREATORS,
    "studio/go-live/picture/": CREATORS,
    "studio/go-live/<uuid:public_id>/": CREATOR,
    "studio/go-live/<uuid:public_id>/start/": CREATOR,
    "studio/go-live/<uuid:public_id>/end/": CREATOR,
    "studio/page/": CREATORS,
    "studio/page/<slug:part>/": CREATORS,
    "studio/page/<slug:part>/remove/": CREATORS,
    "studio/replays/": CREATORS,
    "studio/replays/rules/": CREATORS,
    "studio/replays/<uuid:public_id>/delete/": CREATOR,
    "studio/earnings/": CREATORS,
    "studio/earnings/gifts.csv": CREATORS,
    "studio/earnings/days.csv": CREATORS,
    "studio/payouts/": CREATORS,
    "studio/payouts/panel/": CREATORS,
    "studio/payouts/quote/": CREATORS,
    "studio/payouts/request/": CREATORS,
    "studio/payouts/account/": CREATORS,
    "studio/payouts/account/fields/": CREATORS,
    "studio/payouts/account/remove/": CREATORS,
    "studio/payouts/account/weekly/": CREATORS,
    "studio/payouts/<uuid:payout_id>/": CREATOR,
    "studio/payouts/<uuid:payout_id>/cancel/": CREATOR,
    "studio/payouts/<uuid:payout_id>/again/": CREATOR,
    "studio/overlay/": CREATORS,
    "studio/overlay/rotate/": CREATORS,
    "studio/overlay/goal/": CREATORS,
    "studio/blocked/": CREATORS,
    "studio/words/": CREATORS,
    "studio/words/rules/": CREATORS,
    "studio/words/<int:number>/allow/": CREATORS,
    "studio/moderators/": CREATORS,
    "studio/moderators/<slug:handle>/dismiss/": CREATORS,
    "live/<uuid:stream_id>/moderate/": MODERATORS,
    "live/lines/<int:event_id>/block/": MODERATORS,
    "live/lines/<int:event_id>/hide/": MODERATORS,
    "people/<slug:handle>/block/": CREATORS,
    "gifts/<uuid:key>/thank/": CREATOR,
    "gifts/<uuid:key>/block/": MODERATORS,
    "gifts/<uuid:key>/hide/": MODERATORS,
    "account/signup/": EVERYBODY,
    "account/settings/": SIGNED_IN,
    "account/settings/profile/": SIGNED_IN,
    "account/settings/sending/": SIGNED_IN,
    "account/settings/emails/": SIGNED_IN,
    "account/settings/creator/": CREATORS,
    "account/settings/country/": SIGNED_IN,
    "account/settings/keys/<int:pk>/revoke/": FAN,
    "account/settings/keys/new/": SIGNED_IN,
    "account/login/": EVERYBODY,
    "account/logout/": EVERYBODY,
    "account/inactive/": EVERYBODY,
    "account/reauthenticate/": SIGNED_IN,
    "account/email/": SIGNED_IN,
    "account/confirm-email/": EVERYBODY,
    "account/password/change/": SIGNED_IN,
    "account/password/set/": SIGNED_IN,
    "account/password/reset/": EVERYBODY,
    "account/login/code/confirm/": SIGNED_IN,
    r"account/^confirm-email/(?P<key>[-:\w]+)/$": EVERYBODY,
    "account/password/reset/key/done/": EVERYBODY,
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": EVERYBODY,
    "account/password/reset/done/": EVERYBODY,
    "account/2fa/": SIGNED_IN,
    "account/2fa/authenticate/": SIGNED_IN,
    "account/2fa/reauthenticate/": SIGNED_IN,
    "account/2fa/totp/activate/": SIGNED_IN,
    "account/2fa/totp/deactivate/": NOBODY,
    "account/2fa/recovery-codes/": NOBODY,
    "account/2fa/recovery-codes/generate/": SIGNED_IN,
    "account/2fa/recovery-codes/download/": NOBODY,
    "account/2fa/webauthn/": SIGNED_IN,
    "account/2fa/webauthn/add/": SIGNED_IN,
    "account/2fa/webauthn/reauthenticate/": SIGNED_IN,
    "account/2fa/webauthn/keys/<int:pk>/remove/": SIGNED_IN,
    "account/2fa/webauthn/keys/<int:pk>/edit/": SIGNED_IN,
    "account/2fa/webauthn/login/": SIGNED_IN,
    "account/sessions/": SIGNED_IN,
    "api/schema/": EVERYBODY,
    "api/docs/": EVERYBODY,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
}

# The admin's own pages of a model: the list, and what one does with a row.
OF_A_MODEL = re.compile(
    r"admin/(?P<app>\w+)/(?P<model>\w+)/"
    r"(add/|<path:object_id>/(change/|delete/|history/)?|<id>/password/)?$"
)
# Pages and buttons that our admins add, and the right that opens each.
ADDED = {
    "admin/ledger/account/<int:pk>/statement/": "ledger.view_account",
    "admin/gifts/gift/<int:number>/play/": "gifts.view_gift",
    "admin/accounts/user/<int:pk>/note/": "accounts.add_staffnote",
    "admin/wallet/purchase/<int:pk>/ask/": "wallet.change_purchase",
    "admin/wallet/purchase/<int:pk>/refund/": "wallet.propose_refund",
    "admin/wallet/refund/<int:pk>/confirm/": "wallet.confirm_refund",
    "admin/wallet/refund/<int:pk>/reject/": "wallet.confirm_refund",
    "admin/wallet/promotion/<int:pk>/stop/": "wallet.change_promotion",
    "admin/wallet/codebatch/<int:pk>/confirm/": "wallet.confirm_codebatch",
    "admin/wallet/codebatch/<int:pk>/reject/": "wallet.confirm_codebatch",
    "admin/wallet/codebatch/<int:pk>/make/": "wallet.make_codebatch",
    "admin/wallet/codebatch/<int:pk>/block/": "wallet.block_codebatch",
    "admin/wallet/codebatch/<int:pk>/void/": "wallet.block_codebatch",
    "admin/wallet/refund/<int:pk>/by-hand/": "wallet.propose_refund",
    "admin/wallet/refund/<int:pk>/left/": "wallet.confirm_refund",
    "admin/wallet/refund/<int:pk>/not-by-hand/": "wallet.confirm_refund",
    "admin/wallet/document/<int:pk>/pdf/": "wallet.view_document",
    "admin/wallet/document/<int:pk>/again/": "wallet.resend_document",
    "admin/wallet/dispute/<int:pk>/evidence/": "wallet.view_dispute",
    "admin/wallet/dispute/<int:pk>/hand-in/": "wallet.answer_dispute",
    "admin/wallet/dispute/<int:pk>/noted/": "wallet.answer_dispute",
    "admin/wallet/topup/<int:pk>/stop/": "wallet.stop_topup",
    "admin/wallet/velocityhit/<int:pk>/decide/": "wallet.decide_hit",
    "admin/wallet/purchase/<int:pk>/seen/": "wallet.see_attention",
    "admin/wallet/banktransfer/<int:pk>/match/": "wallet.match_transfer",
    "admin/wallet/banktransfer/<int:pk>/return/": "wallet.match_transfer",
    "admin/wallet/banktransfer/<int:pk>/dismiss/": "wallet.match_transfer",
    "admin/wallet/banktransfer/<int:pk>/reverse/": "wallet.match_transfer",
    "admin/wallet/banktransfer/<int:pk>/approve/": "wallet.approve_transfer",
    "admin/wallet/banktransfer/<int:pk>/turn-down/": "wallet.approve_transfer",
    "admin/wallet/giveback/<int:pk>/order/": "wallet.order_giveback",
    "admin/wallet/giveback/<int:pk>/put-back/": "wallet.order_giveback",
    "admin/wallet/giveback/<int:pk>/confirm/": "wallet.confirm_giveback",
    "admin/wallet/providermovement/<int:pk>/propose/": "wallet.propose_movement",
    "admin/wallet/movementbooking/<int:pk>/confirm/": "wallet.confirm_movement",
    "admin/wallet/movementbooking/<int:pk>/reject/": "wallet.confirm_movement",
    "admin/wallet/movementbooking/<int:pk>/take-back/": "wallet.propose_movement",
    "admin/wallet/transferstatement/<int:pk>/seen/": "wallet.view_transferstatement",
    "admin/wallet/refusedfile/<int:pk>/seen/": "wallet.view_refusedfile",
    "admin/care/guardiancase/<int:pk>/match/": "care.decide_guardiancase",
    "admin/care/guardiancase/<int:pk>/decline/": "care.decide_guardiancase",
    "admin/care/guardiancase/<int:pk>/grant/": "care.decide_guardiancase",
    "admin/care/guardiancase/<int:pk>/approve/": "care.confirm_guardian",
    "admin/care/guardiancase/<int:pk>/turn-down/": "care.confirm_guardian",
    "admin/live/block/<int:pk>/lift/": "live.delete_block",
    "admin/payouts/batch/<int:pk>/approve/": "payouts.approve_batch",
    "admin/payouts/batch/<int:pk>/discard/": "payouts.build_batch",
    "admin/payouts/batch/<int:pk>/xml/": "payouts.download_batch",
    "admin/payouts/batch/<int:pk>/csv/": "payouts.download_batch",
    "admin/payouts/batch/<int:pk>/sample/": "payouts.download_batch",
    "admin/payouts/payout/build/": "payouts.build_batch",
    "admin/payouts/payout/<int:pk>/cancel/": "payouts.cancel_payout",
    "admin/payouts/batch/<int:pk>/void/": "payouts.propose_booking",
    "admin/payouts/bankstatement/<int:pk>/propose/": "payouts.propose_booking",
    "admin/payouts/bankstatement/<int:pk>/explain/": "payouts.propose_booking",
    "admin/payouts/proposal/<int:pk>/confirm/": "payouts.confirm_booking",
    "admin/payouts/proposal/<int:pk>/reject/": "payouts.confirm_booking",
}
# Pages of the staff site itself: they show each member of staff what their rights open.
ANY_STAFF = {
    "admin/",
    "admin/search/",
    "admin/login/",
    "admin/logout/",
    "admin/password_change/",
    "admin/password_change/done/",
    "admin/autocomplete/",
    "admin/jsi18n/",
    "admin/r/<path:content_type_id>/<path:object_id>/",
    "admin/(?P<url>.*)$",
}
BY_APP = "admin/^(?P<app_label>"


@pytest.fixture
def moderator(db: None) -> User:
    return person("max")


@pytest.fixture
def cast(alice: User, bob: User, carol: User, moderator: User) -> dict[str, User | None]:
    other = person("ann", is_creator=True)
    Creator.objects.create(user=other)
    staff = person("sam", is_staff=True)
    people = [None, alice, carol, bob, other, moderator, staff]
    return dict(zip(EVERYBODY, people, strict=True))


@pytest.fixture
def there(alice: User, bob: User, moderator: User, dana: User, stream: Stream) -> Things:
    return things(alice=alice, bob=bob, moderator=moderator, dana=dana, stream=stream)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let pages say their name and stay empty: who gets in is decided before one is drawn."""

    def name(page: Template, context: Context) -> str:
        template_rendered.send(sender=page, template=page, context=context)
        return ""

    monkeypatch.setattr(Template, "_render", name)
    with without_sidebar():
        yield


def with_rights(handle: str, *rights: Permission) -> User:
    """Return a member of staff in a group that has these rights."""
    group = Group.objects.create(name=handle)
    group.permissions.set(rights)
    staff = person(handle, is_staff=True)
    staff.groups.add(group)
    return staff


def right(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def unknown(route: str) -> bool:
    known = route in SITE or route in ADDED or route in ANY_STAFF or route.startswith(BY_APP)
    return not known and OF_A_MODEL.match(route) is None


def test_every_address_is_in_the_matrix() -> None:
    routes = set(all_routes())
    assert [route for route in sorted(routes) if unknown(route)] == []
    assert sorted((SITE.keys() | ADDED.keys() | ANY_STAFF) - routes) == []


def test_outside_the_admin_each_role_gets_in_where_it_should(
    cast: dict[str, User | None], there: Things, undrawn: None
) -> None:
    paths = {route: there.path_of(route) for route in SITE}
    found: dict[str, list[str]] = {route: [] for route in SITE}
    for role, someone in cast.items():
        client = browser(someone)
        for route, path in paths.items():
            if gets_in(client, path):
                found[route].append(role)
    wrong = {route: roles for route, roles in found.items() if roles != SITE[route]}
    assert wrong == {}


def test_into_the_admin_gets_who_has_the_right_of_the_model(
    cast: dict[str, User | None], there: Things, undrawn: None
) -> None:
    """Staff without a right, and staff with every right but those of that app, stay outside."""
    clients = {role: browser(cast[role]) for role in ("visitor", "creator", "staff")}
    others = {
        app.label: browser(
            with_rights(
                f"not_{app.label}"[:24],
                *Permission.objects.exclude(content_type__app_label=app.label),
            )
        )
        for app in apps.get_app_configs()
        if list(app.get_models())
    }
    inside = []
    for route in set(all_routes()) - ANY_STAFF:
        if route.endswith("<path:object_id>/"):
            continue  # leads on to the row's page for every member of staff
        if (found := OF_A_MODEL.match(route)) or route in ADDED:
            app = found["app"] if found else route.split("/")[1]
            path = there.path_of(route)
            asking = clients | {f"all but {app}": others[app]}
            inside += [(route, role) for role, one in asking.items() if gets_in(one, path)]
    assert inside == []


def test_a_page_that_an_admin_adds_opens_with_its_right(there: Things, undrawn: None) -> None:
    """Each right opens just the pages that name it."""
    opened = {
        one: {route for route in ADDED if gets_in(client, there.path_of(route))}
        for one in sorted(set(ADDED.values()))
        for client in [browser(with_rights(one.partition(".")[2][:24], right(one)))]
    }
    assert opened == {
        one: {route for route, needed in ADDED.items() if needed == one} for one in opened
    }


def test_a_list_opens_with_the_right_to_look(there: Things) -> None:
    assert gets_in(browser(with_rights("rita", right("wallet.view_purchase"))), _list("purchase"))


def test_the_posting_rules_open_with_their_own_right_to_look() -> None:
    rules, accounts = (_list(model, "ledger") for model in ("rule", "account"))
    rita, otto = (
        browser(with_rights(handle, right(name)))
        for handle, name in (("rita", "ledger.view_rule"), ("otto", "ledger.view_account"))
    )
    assert [gets_in(rita, page) for page in (rules, accounts)] == [True, False]
    assert [gets_in(otto, page) for page in (rules, accounts)] == [False, True]
    assert "Posting rules" in rita.get("/admin/").content.decode()


def _list(model: str, app: str = "wallet") -> str:
    return reverse(f"admin:{app}_{model}_changelist")


def test_every_action_of_a_list_asks_for_a_right() -> None:
    """Else all who may look at the list may press it."""
    from django.contrib import admin

    open_to_all = [
        f"{model.__name__}.{name}"
        for model, keeper in admin.site._registry.items()
        for name in keeper.actions or ()
        if not getattr(getattr(keeper, str(name)), "allowed_permissions", ())
    ]
    assert open_to_all == []


def test_the_first_page_shows_what_a_persons_rights_open(cast: dict[str, User | None]) -> None:
    page = browser(cast["staff"]).get("/admin/").content.decode()
    for words in ("Live now", "Coins outstanding", "Queues", "Gifts per day"):
        assert words not in page
    rita = with_rights("rita", right("payouts.view_payout"))
    page = browser(rita).get("/admin/").content.decode()
    assert "Payouts under way" in page
    assert "Coins outstanding" not in page
    assert "Find a person" not in page


def test_whose_statement_it_is_matters_not(alice: User, cast: dict[str, User | None]) -> None:
    """A staff member's right to look at gifts does not open the ledger of who sent them."""
    coins = Account.objects.get(kind="coins", owner=alice)
    address = reverse("admin:ledger_account_statement", args=[coins.pk])
    assert (
        browser(with_rights("gina", right("gifts.view_sentgift"))).get(address).status_code == 403
    )
    assert (
        browser(with_rights("rita", right("ledger.view_account"))).get(address).status_code == 200
    )
