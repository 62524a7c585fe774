"""What comes from outside is measured before anything reads it: each long, deep or broken text gets
a quick refusal that changes nothing.
"""

import io
import json
import time
import uuid
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse

import ledger
from accounts.models import User
from foundation.incoming import (
    DEEPEST,
    LARGEST_FORM,
    LARGEST_JSON,
    LONGEST_QUERY,
    LONGEST_TEXT,
    MOST_VALUES,
    InputTooLong,
    json_of,
)
from gifts.models import LONGEST_MESSAGE, SentGift
from gifts.sending.batches import MOST
from live.models import Event, Stream
from overlay.models import AlertSettings
from overlay.views import played
from testing.costs import LETTERS, LONGEST_CPU_S, cpu_of
from wallet.models import WebhookEvent
from wallet.providers.sandbox.provider import SIGNATURE_HEADER, sign
from wallet.views.webhooks import receive

pytestmark = pytest.mark.django_db
JSON = "application/json"
HALF = "\ud800"


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False, headers={"HX-Request": "true"})
    client.force_login(user)
    return client


def cpu(act: Any, enough: float = LONGEST_CPU_S) -> tuple[Any, float]:
    """Return what an act answers, and what it costs."""
    answers: list[Any] = []
    spent = cpu_of(lambda: answers.append(act()), enough=enough)
    return answers[-1], spent


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


def press(**fields: Any) -> dict[str, Any]:
    return {"gift": "moss-frog", "key": str(uuid.uuid4()), **fields}


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("length", [LONGEST_MESSAGE, LONGEST_TEXT])
def test_the_longest_text_of_each_form_costs_little(
    alice: User, bob: User, stream: Stream, letters: str, length: int
) -> None:
    text = (letters * length)[:length]
    room = [stream.public_id]
    client, studio = browser(alice), browser(bob)
    asks = {
        "send": lambda: client.post(reverse("gifts:send", args=room), press(message=text)),
        "batch": lambda: client.post(
            reverse("gifts:send_batch", args=room), {"presses": 1, "0-message": text}
        ),
        "say": lambda: client.post(reverse("live:say", args=room), {"text": text}),
        "word": lambda: studio.post(reverse("studio:words"), {"word": text}),
        "go live": lambda: studio.post(reverse("studio:go_live"), {"title": text}),
        "goal": lambda: studio.post(reverse("studio:goal"), {"goal-title": text}),
        "alert test": lambda: studio.post(reverse("studio:test_alert"), {"gift": text}),
        "api send": lambda: client.post(reverse("api_send", args=room), press(message=text), JSON),
        "api say": lambda: client.post(f"/api/v1/streams/{room[0]}/chat/", {"text": text}, JSON),
        "api word": lambda: studio.post("/api/v1/me/words/", {"word": text}, JSON),
        "api alerts": lambda: studio.post("/api/v1/me/alerts/", {"do": text}, JSON),
        "address": lambda: client.get(reverse("home"), {"q": text}),
    }
    slow = {}
    for name, ask in asks.items():
        answer, spent = cpu(ask)
        assert answer.status_code < 500, name
        if spent > LONGEST_CPU_S:
            slow[name] = round(spent, 3)
    assert not slow
    if length > LONGEST_MESSAGE:
        assert not SentGift.objects.exists()
        assert ledger.balance("coins", "COIN", alice.pk) == 5_000


@pytest.mark.parametrize("length", [LONGEST_MESSAGE + 1, LONGEST_TEXT, 400_000])
def test_a_message_over_the_bound_is_refused_and_nothing_is_sent(
    alice: User, stream: Stream, length: int
) -> None:
    address = reverse("gifts:send", args=[stream.public_id])
    client = browser(alice)
    answer, spent = cpu(lambda: client.post(address, press(message="a" * length)))
    within = length <= LONGEST_TEXT
    assert answer.status_code == (422 if within else 400)
    assert answer["X-Error-Code"] == ("bad_message" if within else "input_too_long")
    assert spent < LONGEST_CPU_S
    assert not SentGift.objects.exists()


def test_the_largest_batch_costs_little_for_each_press(alice: User, stream: Stream) -> None:
    text = "ab cc dd1 e f g " * 30
    sends = [press(gift="festival-of-lights", message=text[:LONGEST_MESSAGE])] * MOST
    address = reverse("api_send_batch", args=[stream.public_id])
    client = browser(alice)
    most = LONGEST_CPU_S * 4
    answer, spent = cpu(lambda: client.post(address, {"sends": sends}, JSON), most)
    assert answer.status_code == 200
    assert spent < most


BODIES = {
    "half a sign": (json.dumps({"do": HALF, "key": HALF}), "unreadable_input"),
    "NUL": ('{"do": "a\\u0000", "muted": ["\\u0000"]}', "unreadable_input"),
    "NUL in a name": ('{"\\u0000": 1}', "unreadable_input"),
    "deep": (f'{{"do": {deep(DEEPEST + 1)}, "muted": {deep(DEEPEST + 1)}}}', "parse_error"),
    "deeper": (deep(900), "parse_error"),
    "deepest": ("[" * 100_000, "parse_error"),
    "many": (json.dumps([0] * MOST_VALUES), "input_too_long"),
    "long": (json.dumps("a" * (LONGEST_TEXT + 1)), "input_too_long"),
    "large": (json.dumps([" " * 900] * (LARGEST_JSON // 900)), "input_too_long"),
    "not a number": ('{"last": NaN}', "parse_error"),
    "no UTF-8": (b'{"do": "\xed\xa0\x80"}', "parse_error"),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("address", ["/api/v1/me/alerts/", "send"])
def test_a_body_of_json_that_nobody_sends_is_refused_by_its_code(
    alice: User, bob: User, stream: Stream, address: str, name: str
) -> None:
    body, code = BODIES[name]
    if address == "send":
        address = reverse("api_send", args=[stream.public_id])
    for ask in (browser(bob).post, browser(bob).patch):
        answer, spent = cpu(lambda ask=ask: ask(address, body, JSON))
        if answer.status_code == 405:
            continue
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert spent < LONGEST_CPU_S
    assert not AlertSettings.objects.filter(creator=bob).exclude(muted=None).exists()


def test_json_over_its_bound_is_not_read() -> None:
    with pytest.raises(InputTooLong):
        json_of(b" " * (LARGEST_JSON + 1))


NO_TEXT = [{"message": HALF}, {"message": "a\0"}, {"key": HALF}, {"gift": "\0"}, {"combo": HALF}]


@pytest.mark.parametrize("wrong", NO_TEXT)
def test_a_press_that_is_no_text_refuses_only_itself(
    alice: User, stream: Stream, wrong: dict[str, str]
) -> None:
    sends = [press(), press(**wrong), press()]
    address = reverse("api_send_batch", args=[stream.public_id])
    told = browser(alice).post(address, json.dumps({"sends": sends}), JSON)
    answers = told.json()["answers"]
    assert [one["outcome"] for one in answers] == ["done", "refused", "done"]
    problem = answers[1]["problem"]
    assert (problem["status"], problem["code"]) == (400, "check_input")
    assert list(problem["fields"]) == list(wrong)
    assert SentGift.objects.count() == 2


def test_a_press_of_a_form_with_nul_refuses_only_itself(alice: User, stream: Stream) -> None:
    presses = [press(), press(message="a\0b"), press()]
    fields = {
        f"{at}-{name}": value for at, one in enumerate(presses) for name, value in one.items()
    }
    address = reverse("gifts:send_batch", args=[stream.public_id])
    told = browser(alice).post(address, {"presses": 3, **fields})
    assert told.status_code == 200
    assert SentGift.objects.count() == 2
    assert told.content.decode().count("characters that can&#x27;t be stored") == 1


@pytest.mark.parametrize("gift", ["a\0b", "\0"])
def test_a_form_with_nul_is_refused_with_a_sentence(bob: User, gift: str) -> None:
    answer = browser(bob).post(reverse("studio:test_alert"), {"gift": gift})
    assert (answer.status_code, answer["X-Error-Code"]) == (400, "unreadable_input")
    told = answer.content.decode()
    assert "This contains characters that can&#x27;t be stored." in told


def test_an_address_with_nul_or_without_end_is_refused(client: Client, dana: User) -> None:
    told = client.get("/coins/?country=%00")
    assert (told.status_code, told["X-Error-Code"]) == (400, "unreadable_input")
    told = client.get(f"/api/v1/rates/?country={'x' * LONGEST_QUERY}")
    assert (told.status_code, told.json()["code"]) == (400, "input_too_long")
    assert client.get("/overlay/a%00b/").status_code == 404
    client.force_login(dana)
    told = client.get("/admin/ledger/account/a%00b/change/")
    assert (told.status_code, told["X-Error-Code"]) == (400, "unreadable_input")


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages"])
def test_a_cookie_that_cannot_be_ours_is_none(client: Client, cookie: str) -> None:
    told = client.get("/", headers={"Cookie": f'{cookie}="abcdefgh\\000ijklmnop"'})
    assert told.status_code == 200


def test_a_form_in_another_charset_is_read_as_ours(bob: User) -> None:
    kind = "multipart/form-data; boundary=b; charset=unicode_escape"
    body = b'--b\r\nContent-Disposition: form-data; name="gift"\r\n\r\n\\ud800\r\n--b--\r\n'
    told = browser(bob).post(reverse("studio:test_alert"), body, content_type=kind)
    assert told.status_code == 422  # six letters and no half of a sign: no gift is called that


@pytest.mark.parametrize("body", [deep(900), "[" * 60_000, '{"id": "\\ud800", "payment": ""}'])
def test_a_signed_notice_that_is_deep_is_no_notice(client: Client, body: str) -> None:
    signature = sign(body.encode(), int(time.time()))
    told = client.post("/webhooks/sandbox/", body, JSON, headers={SIGNATURE_HEADER: signature})
    assert told.status_code == 400
    assert not WebhookEvent.objects.exists()


class Unread(io.BytesIO):
    """A body of which it is known how much of it was asked for."""

    asked = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked += self.getbuffer().nbytes if size is None or size < 0 else size
        return super().read(size)


@pytest.mark.parametrize(
    ("length", "read"), [(str(LARGEST_JSON + 1), 0), ("x", 0), ("", LARGEST_JSON + 1)]
)
@pytest.mark.parametrize("view", [receive, played])
def test_of_a_body_that_is_too_long_little_is_read(
    rf: RequestFactory, view: Any, length: str, read: int
) -> None:
    body = Unread(b" " * 1_000_000)
    request = rf.post("/", content_type=JSON)
    request = WSGIRequest(request.META | {"CONTENT_LENGTH": length, "wsgi.input": body})
    request._stream = body  # as a server hands over a body that came without its length
    answer = view(request, "sandbox")
    assert answer.status_code in {400, 413}
    assert body.asked == read


def test_a_form_of_too_many_fields_is_too_long(bob: User) -> None:
    fields = {f"n{number}": "" for number in range(1_100)}
    answer = browser(bob).post(reverse("studio:words"), fields)
    assert (answer.status_code, answer["X-Error-Code"]) == (400, "input_too_long")


@pytest.mark.parametrize("name", ["live:say", "gifts:send_batch"])
def test_a_file_where_none_is_wanted_is_a_form_that_is_too_long(
    alice: User, stream: Stream, name: str
) -> None:
    address = reverse(name, args=[stream.public_id])
    file = io.BytesIO(b"a" * LARGEST_FORM)
    told = browser(alice).post(address, {"text": "Hello", "file": file})
    assert (told.status_code, told["X-Error-Code"]) == (400, "input_too_long")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/studio/page/picture/", "file"),
        ("/admin/gifts/gift/add/", "picture_file"),
        ("/admin/payouts/bankstatement/add/", "file"),
    ],
)
def test_a_large_file_is_read_where_one_is_wanted(
    bob: User, dana: User, address: str, field: str
) -> None:
    person = dana if address.startswith("/admin/") else bob
    file = io.BytesIO(b"a" * LARGEST_FORM)
    told = browser(person).post(address, {field: file})
    assert told.status_code in {200, 422}
    assert told.get("X-Error-Code") != "input_too_long"


def test_only_views_whose_bodies_are_measured_go_without_a_forms_token() -> None:
    """A form's token is asked for everywhere else, and there the middleware measures the form."""
    measured = {
        "wallet.views.webhooks.receive",
        "overlay.views.played",
        "video.views.media_server.authorize",
        "video.views.media_server.publish",
    }
    found = set()
    waiting: list[Any] = [get_resolver()]
    for one in waiting:
        waiting += one.url_patterns if isinstance(one, URLResolver) else []
        view: Any = getattr(one, "callback", None)
        # The API's views have a class, and its parser measures.
        if getattr(view, "csrf_exempt", False) and not hasattr(view, "cls"):
            found.add(f"{view.__module__}.{view.__qualname__}")
    assert found == measured


@pytest.mark.parametrize("model", ["batch", "payout", "bankstatement"])
@pytest.mark.parametrize("pk", ["abc", "9" * 30, "_00"])
def test_a_page_of_staff_about_no_row_leads_back(dana: User, model: str, pk: str) -> None:
    told = browser(dana).get(f"/admin/payouts/{model}/{pk}/change/")
    assert told.status_code in {302, 400, 404}
    assert not Event.objects.exists()
