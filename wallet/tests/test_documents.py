"""Receipts, credit notes and debit notes: what they say, once and for all."""

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from foundation.figures import read_by
from foundation.pdf import UNKNOWN
from ledger import checks
from wallet.documents import issuing
from wallet.documents.content import content_of, in_words, pdf_of
from wallet.models import Document, DocumentSeries, Refund
from wallet.tests.stage import order, paid, refunded

pytestmark = pytest.mark.django_db
Kind = Document.Kind
YEAR = timezone.now().year


def receipt_of(fan: User, coins: int = 1_000) -> Document:
    document = issuing.issue_receipt(paid(fan, coins).pk)
    assert document is not None
    return document


def text_of(document: Document) -> str:
    pages = PdfReader(io.BytesIO(pdf_of(document))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_each_paid_order_gets_one_receipt_in_the_order_of_payment(carol: User) -> None:
    orders = [paid(carol, 100) for _ in "123"]
    order(carol, 100)
    assert issuing.issue_due() == 3
    assert issuing.issue_due() == 0
    found = Document.objects.order_by("pk").values_list("purchase", "series", "number", "kind")
    series = f"SANDBOX-{YEAR}"
    assert list(found) == [(o.pk, series, n, "receipt") for n, o in enumerate(orders, 1)]
    assert DocumentSeries.objects.get().last == 3


def test_an_old_order_is_found_by_the_long_look_alone(carol: User) -> None:
    paid(carol, 100)
    assert issuing.issue_due(timezone.now()) == 0
    assert issuing.issue_due() == 1


def test_a_live_site_numbers_by_year_alone(carol: User, settings: Any) -> None:
    settings.SANDBOX = False
    at = datetime(2027, 12, 31, 23, 59, tzinfo=UTC)
    assert [issuing.series_of(kind, at) for kind in Kind] == ["2027", "CN-2027", "DN-2027"]
    document = receipt_of(carol)
    assert not document.sandbox and "SANDBOX" not in text_of(document)
    assert "This receipt is also the invoice." in text_of(document)


def test_a_refund_gets_its_credit_note_for_its_own_figures(carol: User) -> None:
    purchase = paid(carol)
    refund = refunded(purchase, 301)
    assert issuing.issue_due() == 2
    note = refund.documents.get()
    assert (note.kind, note.label) == ("credit_note", f"SANDBOX-CN-{YEAR}-000001")
    assert note.corrects == purchase.documents.get(kind=Kind.RECEIPT)
    figures = (note.coins, note.net_minor, note.tax_minor, note.total_minor)
    assert figures == (301, refund.net_minor, refund.tax_minor, refund.total_minor)
    said = text_of(note)
    for part in ("Credit note", "Coins given back", str(note.total), str(note.corrects)):
        assert part in said


def test_a_credit_note_waits_for_the_receipt_that_it_corrects(carol: User) -> None:
    refund = refunded(paid(carol), 10)
    assert issuing.issue_credit_note(refund.pk) is None
    assert not Document.objects.exists() and not DocumentSeries.objects.exists()


def test_goodwill_stands_apart_from_price_and_tax(carol: User) -> None:
    refund = refunded(paid(carol), 100, loss_minor=250)
    issuing.issue_due()
    note = refund.documents.get()
    assert note.total_minor == note.net_minor + note.tax_minor + 250
    assert "Goodwill, for coins that were used" in text_of(note)


def test_a_refund_that_the_bank_returned_gets_a_debit_note(carol: User) -> None:
    refund = refunded(paid(carol), 10)
    issuing.issue_due()
    refund.move(Refund.State.FAILED)
    assert issuing.issue_due() == 1
    assert issuing.issue_due() == 0
    note, back = refund.documents.order_by("pk")
    assert back.kind == Kind.DEBIT_NOTE and back.corrects == note
    assert back.total_minor == note.total_minor
    assert f"Credit note {note.label}" in text_of(back)


def test_a_refund_that_failed_before_its_note_says_nothing(carol: User) -> None:
    refund = refunded(paid(carol), 10)
    refund.move(Refund.State.FAILED)
    assert issuing.issue_due() == 1  # the receipt
    assert not refund.documents.exists()


def test_later_settings_and_names_do_not_rewrite_what_was_issued(
    carol: User, settings: Any
) -> None:
    settings.SELLER_NAME, settings.SELLER_TAX_ID = "Old Harbour GmbH", "DE111"
    settings.SELLER_ADDRESS = "Kai 7|20457 Hamburg||"
    before = receipt_of(carol)
    file = pdf_of(before)
    settings.SELLER_NAME, settings.SELLER_ADDRESS, settings.SELLER_TAX_ID = "New", "", ""
    carol.display_name = "Another Name"
    carol.save()
    again = Document.objects.get()
    assert pdf_of(again) == file
    said = text_of(again)
    for part in ("Old Harbour GmbH", "Kai 7", "20457 Hamburg", "Tax number DE111", "Carol"):
        assert part in said
    assert "Another Name" not in said


@pytest.mark.parametrize(
    "change", [{"total_minor": 1, "net_minor": 1}, {"buyer_name": "x"}, {"number": 7}]
)
def test_an_issued_document_cannot_be_changed(carol: User, change: dict[str, Any]) -> None:
    receipt_of(carol)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Document.objects.update(**change)


def test_an_issued_document_cannot_be_deleted(carol: User) -> None:
    receipt_of(carol)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Document.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("kind", "constraint"),
    [("receipt", "one_receipt_per_purchase"), ("credit_note", "one_document_per_refund")],
)
def test_the_database_refuses_a_second_document_for_the_same(
    carol: User, kind: str, constraint: str
) -> None:
    refunded(paid(carol), 10)
    issuing.issue_due()
    twin = Document.objects.get(kind=kind)
    twin.pk, twin.number, twin.public_id = None, 99, uuid.uuid4()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        twin.save(force_insert=True)


def test_the_database_refuses_a_number_twice_and_sums_that_do_not_add_up(carol: User) -> None:
    first = receipt_of(carol)
    second = Document.objects.get(pk=first.pk)
    second.pk, second.public_id = None, uuid.uuid4()
    second.purchase = paid(carol, 100)
    with pytest.raises(IntegrityError, match="one_document_per_number"), transaction.atomic():
        second.save(force_insert=True)
    second.number, second.total_minor = 2, 5
    with pytest.raises(IntegrityError, match="document_adds_up"), transaction.atomic():
        second.save(force_insert=True)


def test_the_page_and_the_file_say_the_same(carol: User, client: Client) -> None:
    client.force_login(carol)
    document = receipt_of(carol)
    page = client.get(f"/orders/{document.purchase.public_id}/receipt/", follow=True)
    shown, said = page.content.decode(), text_of(document)
    with read_by(""):
        content = content_of(document, in_words)
    cells = [str(cell) for section in content.sections for row in section.rows for cell in row]
    values = [value for name, value in content.facts if not name.endswith(" on")]
    totals = [str(content.sections[0].total[-1]), str(content.sections[0].foot[0][-1])]
    for part in (content.title, document.label, *content.sender, *values, *cells, *totals):
        assert part in shown, part
        assert part in said, part
    for part in (
        "€9.74",
        "VAT 19%",
        "€1.85",
        "€11.59",
        "Germany",
        "SANDBOX",
        document.terms_version,
    ):
        assert part in shown and part in said


def test_the_page_follows_its_reader_and_the_file_the_site(carol: User, client: Client) -> None:
    client.force_login(carol)
    document = receipt_of(carol)
    german = client.get(f"/documents/{document.public_id}/", headers={"Accept-Language": "de"})
    assert "11,59\xa0€" in german.content.decode()
    one, other = (
        client.get(f"/documents/{document.public_id}/pdf/", headers={"Accept-Language": tongue})
        for tongue in ("de", "ja")
    )
    assert one.content == other.content == pdf_of(document)
    assert one["Content-Type"] == "application/pdf"
    assert f'filename="{document.label}.pdf"' in one["Content-Disposition"]


@pytest.mark.parametrize(
    "name",
    ["山田太郎", "김철수", "محمد بن سلمان", "W" * 40, "<script>alert(1)</script>", "🎣 Анна"],
)
def test_any_name_is_drawn_and_none_breaks_out(carol: User, client: Client, name: str) -> None:
    carol.display_name = name
    carol.save()
    document = receipt_of(carol)
    said = text_of(document)
    assert UNKNOWN not in said and "@carol" in said and "Total" in said
    client.force_login(carol)
    assert "<script>alert" not in client.get(f"/documents/{document.public_id}/").content.decode()


def test_others_do_not_find_my_documents(alice: User, carol: User, client: Client) -> None:
    document = receipt_of(carol)
    client.force_login(alice)
    for path in ("", "pdf/"):
        assert client.get(f"/documents/{document.public_id}/{path}").status_code == 404


def test_who_is_faster_than_the_worker_waits_for_the_receipt(carol: User, client: Client) -> None:
    client.force_login(carol)
    purchase = paid(carol)
    address = f"/orders/{purchase.public_id}/receipt/"
    assert "being written" in client.get(address).content.decode()
    htmx = {"HX-Request": "true"}
    assert client.get(address, headers=htmx).status_code == 204
    issuing.issue_due()
    there = f"/documents/{purchase.documents.get().public_id}/"
    assert client.get(address, headers=htmx)["HX-Redirect"] == there
    assert client.get(address)["Location"] == there


def test_every_document_has_a_door(carol: User, client: Client) -> None:
    refunded(paid(carol), 100)
    issuing.issue_due()
    client.force_login(carol)
    month = client.get(f"/wallet/statements/{timezone.now():%Y-%m}/").content.decode()
    for page in ("/orders/", f"/orders/{carol.purchases.get().public_id}/"):
        shown = client.get(page).content.decode()
        for document in Document.objects.all():
            assert f'href="/documents/{document.public_id}/"' in shown
            assert f'href="/documents/{document.public_id}/pdf/"' in shown
            assert f'href="/documents/{document.public_id}/"' in month


def test_the_audit_is_content_with_what_the_worker_issued(
    carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet.checks.DOCUMENTS_COME_WITHIN", timedelta(days=-1))
    paid(carol)
    assert {breach.sentence for breach in checks.run()} == {"A paid order has no receipt."}
    issuing.issue_due()
    assert checks.run() == []
