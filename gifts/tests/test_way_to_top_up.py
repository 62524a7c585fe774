"""From a gift that coins do not reach for to auto top-up, and back with it chosen."""

import re
import uuid

import pytest

from accounts.models import User
from live.models import Stream
from testing.browsers import just_signed_in, signed_in
from wallet.tests.stage import pack
from wallet.top_ups import consent

pytestmark = pytest.mark.django_db
NEW, PAGE = "/wallet/auto-top-up/new/", "/wallet/auto-top-up/"


def test_the_way_back_leads_to_the_room_with_the_gift_chosen(alice: User, stream: Stream) -> None:
    client = just_signed_in(signed_in(alice))
    sent = client.post(
        f"/live/{stream.public_id}/send/",
        {"gift": "great-lighthouse", "key": str(uuid.uuid4()), "confirmed": "on", "message": "Hi"},
        headers={"HX-Request": "true"},
    )
    there = re.search(r'href="(/wallet/auto-top-up/[^"]+)"', sent.content.decode())
    assert there, sent.content.decode()
    client.get(there[1].replace("&amp;", "&"))
    wish = {
        "pack": str(pack(alice).pk),
        "below_coins": "300",
        "month": "40",
        "total": "1159",
        "version": consent.VERSION,
        "agree": "on",
    }
    left = client.post(NEW, wish)
    client.post(left["Location"], {"pressed": "pays"})
    on = client.get(PAGE).content.decode()
    back = f"/live/{stream.public_id}/?gift=great-lighthouse&amp;message=Hi"
    assert f'href="{back}"' in on
