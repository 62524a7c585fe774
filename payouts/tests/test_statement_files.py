"""One file for both sides, uploaded or found in the folder: each once, a bad one set aside."""

import os
import time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from payouts.models import BankStatement, Payout
from payouts.statements import files, folder
from payouts.tests.bank import books_hold, camt, entry
from payouts.tests.builders import fresh, ready, sent
from wallet.models import BankTransfer, Purchase, RefusedFile, TransferStatement
from wallet.tests.transfers import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(settings: Settings, tmp_path: Path, dana: User) -> Path:
    settings.STATEMENT_FOLDER, settings.STATEMENT_FOLDER_AS = str(tmp_path), dana.handle
    return tmp_path


def eur(payout: Payout) -> str:
    """Return a payout's amount as the bank writes it."""
    return f"{payout.amount_minor // 100}.{payout.amount_minor % 100:02}"


def put(folder_: Path, name: str, content: bytes, age_s: int = 60) -> Path:
    path = folder_ / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def test_one_upload_books_payouts_and_what_fans_paid(
    alice: User, bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    purchase = stage.order(alice)
    paid = entry(eur(payout), payout.end_to_end_id)
    coins = stage.credit(purchase.total_minor, purchase.provider_reference, ref="C-1")
    taken = files.take(content=camt(paid, coins), by=dana)
    stage.work()
    assert taken.new
    assert fresh(payout).state == Payout.State.SETTLED
    assert stage.fresh(purchase).state == Purchase.State.PAID
    books_hold()


def test_a_payout_that_comes_back_is_no_fans_money(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    back = entry(eur(payout), payout.end_to_end_id, credit=True)
    files.take(content=camt(back), by=dana)
    assert not BankTransfer.objects.exists()
    assert fresh(payout).state == Payout.State.RETURNED


def test_a_table_is_uploaded_on_the_same_page(client: Client, alice: User, dana: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    stage.order(alice)
    client.force_login(dana)
    table = b"booked_on,amount,currency,text\n2026-03-10,9.90,EUR,for coins\n"
    address = reverse("admin:payouts_bankstatement_add")
    answer = client.post(address, {"file": SimpleUploadedFile("bank.csv", table)})
    found = TransferStatement.objects.get()
    page = reverse("admin:wallet_transferstatement_change", args=[found.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_the_folder_is_read_each_file_once(inbox: Path, alice: User) -> None:
    purchase = stage.order(alice)
    row = stage.credit(purchase.total_minor, purchase.provider_reference, ref="C-1")
    content = camt(row)
    put(inbox, "march.xml", content)
    put(inbox, "half.xml", content[:50], age_s=0)  # still being written
    put(inbox, ".hidden", content)
    (inbox / "link.xml").symlink_to("/etc/passwd")
    assert folder.read_all() == 1
    stage.work()
    assert stage.fresh(purchase).state == Purchase.State.PAID
    assert [path.name for path in (inbox / "done").iterdir()] == ["march.xml"]
    put(inbox, "again.xml", content)
    assert folder.read_all() == 1
    stage.work()
    assert BankTransfer.objects.count() == 1
    assert BankStatement.objects.count() == 1


def test_a_bad_file_is_set_aside_with_its_reason(inbox: Path, client: Client, dana: User) -> None:
    put(inbox, "report.pdf", b"%PDF-1.7")
    folder.read_all()
    assert [path.name for path in (inbox / "refused").iterdir()] == ["report.pdf"]
    refused = RefusedFile.objects.get()
    assert "not an XML file" in refused.why
    client.force_login(dana)
    assert (
        refused.name in client.get(reverse("admin:wallet_refusedfile_changelist")).content.decode()
    )
    client.post(reverse("admin:wallet_refusedfile_seen", args=[refused.pk]))
    refused.refresh_from_db()
    assert refused.seen_by == dana


def test_what_a_dead_worker_left_is_read_again(inbox: Path, alice: User) -> None:
    purchase = stage.order(alice)
    row = stage.credit(purchase.total_minor, purchase.provider_reference, ref="C-1")
    (inbox / "taken").mkdir()
    put(inbox / "taken", "fresh.xml", camt(row, ident="A"), age_s=10)
    put(inbox / "taken", "left.xml", camt(row, ident="B"), age_s=3_600)
    assert folder.read_all() == 1
    assert [path.name for path in (inbox / "taken").iterdir()] == ["fresh.xml"]


def test_without_its_person_the_folder_is_not_read(inbox: Path, settings: Settings) -> None:
    put(inbox, "march.xml", camt())
    settings.STATEMENT_FOLDER_AS = "nobody"
    assert folder.read_all() == 0
