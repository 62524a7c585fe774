"""What is no browser's answer for a passkey is a wrong one, whatever it is."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import User
from giftplatform.tests.addresses import passkey
from testing.browsers import just_signed_in, signed_in

pytestmark = pytest.mark.django_db
GOOD = passkey()
SAID = GOOD["response"]
GARBAGE = [
    "", "abc", "null", "1", "[]", "{}", '"x"', "9" * 5_000, "[" * 900, "NaN", '{"id": "x"}',
    '{"rawId": 1}',
    json.dumps({**GOOD, "id": "other"}),
    json.dumps({**GOOD, "rawId": "ü"}),
    json.dumps({**GOOD, "response": []}),
    json.dumps({**GOOD, "response": {**SAID, "clientDataJSON": "e30"}}),
    json.dumps({**GOOD, "response": {**SAID, "attestationObject": "oA"}}),
    json.dumps({**GOOD, "response": {**SAID, "attestationObject": "x" * 50}}),
    json.dumps({**GOOD, "response": {**SAID, "authenticatorData": "AA", "signature": "AA"}}),
    json.dumps({**GOOD, "response": {**SAID, "userHandle": "AA", "signature": 1}}),
    json.dumps({**GOOD, "type": "other", "authenticatorAttachment": [1]}),
    json.dumps(GOOD),
]  # fmt: skip


@pytest.fixture
def key(alice: User) -> Authenticator:
    data = {"name": "Key", "credential": GOOD}
    return Authenticator.objects.create(user=alice, type="webauthn", data=data)


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_is_a_wrong_answer(alice: User, key: Authenticator, garbage: str) -> None:
    visitor, owner = Client(), just_signed_in(signed_in(alice))
    visitor.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    asks: dict[str, Any] = {"mfa_login_webauthn": visitor, "mfa_reauthenticate_webauthn": owner}
    for name, client in asks.items():
        client.get(reverse(name))
        told = client.post(reverse(name), {"credential": garbage}, follow=True)
        assert told.status_code == 200
        assert not told.wsgi_request.user.is_authenticated or client is owner
    owner.get(reverse("mfa_add_webauthn"))
    told = owner.post(reverse("mfa_add_webauthn"), {"credential": garbage, "name": "Another"})
    assert told.status_code == 200
    assert told.context["form"].errors  # also of what is whole: no sign-in asked for it
    assert Authenticator.objects.count() == 1
