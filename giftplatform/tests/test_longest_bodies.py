"""The longest bodies that the site reads: what comes in files and notices.

The longest texts of forms and of the API are in test_incoming.py and test_hostile_input.py, the
files that staff upload in gifts/tests/stage/test_upload_costs.py and
payouts/tests/test_statement_costs.py, creators' in accounts/tests/test_pictures.py; a test below
finds a form that none of them knows.
"""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.incoming import LARGEST_JSON, LONGEST_TEXT, MOST_VALUES
from giftplatform.runtime.buffered_requests import LARGEST_BODY
from live.models import Stream
from testing.costs import LETTERS, LONGEST_CPU_S, cpu_of
from wallet.models import WebhookEvent
from wallet.providers.sandbox.provider import SIGNATURE_HEADER, sign

pytestmark = pytest.mark.django_db
FORM = "multipart/form-data; boundary=b"
HEAD = 'Content-Disposition: form-data; name="{}"'


def piece(data: bytes, name: str = "f", more: str = '; filename="a"') -> bytes:
    head = f"{HEAD.format(name)}{more}\r\n\r\n"
    return b"--b\r\n" + head.encode() + data + b"\r\n"


def filled(unit: bytes, most: int = LARGEST_BODY - 1_000) -> bytes:
    return (unit * (most // len(unit)))[:most]


FORMS = {
    "a file": piece(filled(b"a")),
    "a file of zeros": piece(filled(b"\0")),
    "a file of line ends": piece(filled(b"\r\n")),
    "a file of near ends": piece(filled(b"\r\n--")),
    "a file in Base64": piece(
        filled(b"YWFh"), more='; filename="a"\r\nContent-Transfer-Encoding: base64'
    ),
    "a file in loose Base64": piece(
        filled(b"YWFh \n"), more='; filename="a"\r\nContent-Transfer-Encoding: base64'
    ),
    "many files": b"".join(piece(b"a", f"f{at}") for at in range(100)),
    "too many files": filled(piece(b"")),
    "too many fields": filled(piece(b"", more="")),
    "a long field": piece(filled(b"a"), "text", ""),
    "long heads": filled(piece(b"", "n" * 900)),
    "one long head": piece(b"", filled(b"n").decode()),
    "text before it": filled(b"a"),
    "ends only": filled(b"--b\r\n"),
    "nothing": b"",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_files_that_it_does_not_take_costs_little(
    alice: User, stream: Stream, name: str
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    address = reverse("live:say", args=[stream.public_id])
    body = FORMS[name] + b"--b--\r\n"

    def send() -> None:
        assert client.post(address, body, content_type=FORM).status_code < 500

    assert cpu_of(send) < LONGEST_CPU_S


def notice(**fields: Any) -> bytes:
    return json.dumps({"id": "evt-1", "payment": "pay-1", **fields}).encode()


NOTICES = {
    **{
        f"texts of {letters!r}": notice(
            id=(letters * LONGEST_TEXT)[:LONGEST_TEXT], payment=(letters * LONGEST_TEXT)[:900]
        )
        for letters in LETTERS
    },
    "many values": notice(more=[1] * (MOST_VALUES - 10)),
    "many texts": notice(more=["a" * 40] * (MOST_VALUES - 10)),
    "blanks": notice()[:-1] + b" " * (LARGEST_JSON - 200) + b"}",
    "not JSON": b"[" * LARGEST_JSON,
    "too long": b" " * LARGEST_BODY,
}


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("name", NOTICES)
def test_the_longest_notice_costs_little(client: Client, name: str, signed: bool) -> None:
    body = NOTICES[name]
    signature = sign(body, int(time.time())) if signed else "t=1,v1=00"

    def send() -> None:
        answer = client.post(
            "/webhooks/sandbox/", body, "application/json", headers={SIGNATURE_HEADER: signature}
        )
        assert answer.status_code < 500

    assert cpu_of(send) < LONGEST_CPU_S
    assert signed or not WebhookEvent.objects.exists()


def test_each_form_that_takes_a_file_has_a_test_of_its_largest() -> None:
    found = {
        str(file.relative_to(settings.BASE_DIR))
        for file in Path(settings.BASE_DIR).rglob("*.py")
        if not {"tests", "node_modules", ".venv", "var"}
        & set(file.relative_to(settings.BASE_DIR).parts)
        and re.search(r"(File|Image)Field\(|request\.FILES", file.read_text())
    }
    assert found == {
        "accounts/picture_api.py",
        "studio/views/page.py",
        "gifts/admin/forms.py",
        "payouts/admin/forms.py",
        "payouts/admin/statements.py",
    }
