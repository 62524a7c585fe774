"""The durable copy: what the email of a document says, when it comes, and who sends it again."""

import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from conftest import person
from wallet.documents import emails, issuing
from wallet.documents.refund_rule import REFUND_RULE, REFUND_RULES
from wallet.models import Document, Refund
from wallet.tests.stage import paid, refunded

pytestmark = pytest.mark.django_db


def issued(fan: User) -> Document:
    document = issuing.issue_receipt(paid(fan).pk)
    assert document is not None
    return document


def test_a_receipt_is_emailed_with_its_file_tax_refund_rule_and_terms(
    carol: User, settings: Any
) -> None:
    settings.SELLER_NAME, settings.SELLER_TAX_ID = "Harbour GmbH", "DE111"
    settings.SELLER_ADDRESS = "Kai 7|20457 Hamburg"
    document = issued(carol)
    assert emails.send_due() == 1
    (sent,) = mail.outbox
    assert sent.to == [carol.email]
    assert sent.subject == f"[SANDBOX] Receipt {document.label}"
    parts = ("SANDBOX", "1,000 coins for €11.59", "VAT 19%: €1.85", "Without tax: €9.74")
    who = ("Harbour GmbH\nKai 7\n20457 Hamburg\nTax number DE111",)
    links = (f"/orders/{document.purchase.public_id}/", f"/terms/{document.terms_version}/")
    for part in (
        *parts,
        *who,
        *links,
        str(REFUND_RULES[REFUND_RULE]),
        f"version {document.terms_version}",
    ):
        assert part in sent.body, part
    ((name, file, kind),) = sent.attachments
    assert (name, kind) == (f"{document.label}.pdf", "application/pdf")
    assert document.label in PdfReader(io.BytesIO(file)).pages[0].extract_text()
    document.refresh_from_db()
    assert document.mailed_at and document.due_at is None


def test_credit_and_debit_notes_say_what_happened_to_the_money(carol: User) -> None:
    refund = refunded(paid(carol), 100)
    issuing.issue_due()
    refund.move(Refund.State.FAILED)
    issuing.issue_due()
    assert emails.send_due() == 3
    _receipt, credit, debit = (m.body for m in mail.outbox)
    assert "€1.17 went back to you" in credit and "it corrects receipt SANDBOX-" in credit
    assert "your bank returned our refund of €1.17" in debit


def test_a_mail_server_that_is_down_makes_it_late_not_lost(
    carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issued(carol)

    def down(document: Document) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(emails, "send", down)
        assert emails.send_due() == 0
    document.refresh_from_db()
    assert document.attempts == 1 and document.due_at and document.due_at > timezone.now()
    emails.send_again(document)
    assert emails.send_due() == 1


def test_a_name_cannot_write_lines_of_its_own_into_the_email(carol: User) -> None:
    carol.display_name = "Eve\r\nBcc: all@example.com"
    carol.save()
    issued(carol)
    emails.send_due()
    assert mail.outbox[0].recipients() == [carol.email]
    assert "\nBcc" not in mail.outbox[0].subject


def test_staff_find_a_document_by_its_number_and_read_its_file(
    client: Client, carol: User, dana: User
) -> None:
    document, other = issued(carol), issued(carol)
    client.force_login(dana)
    found = client.get(reverse("admin:wallet_document_changelist"), {"q": document.label})
    assert document.label in found.content.decode()
    assert other.label not in found.content.decode()
    page = client.get(reverse("admin:wallet_document_change", args=[document.pk]))
    assert "Send again" in page.content.decode()
    file = client.get(reverse("admin:wallet_document_pdf", args=[document.pk]))
    assert file.content.startswith(b"%PDF")


def test_send_again_takes_the_right_and_is_logged(client: Client, carol: User, dana: User) -> None:
    document = issued(carol)
    emails.send_due()
    again = reverse("admin:wallet_document_again", args=[document.pk])
    client.force_login(person("sam", is_staff=True))
    assert client.post(again).status_code == 403
    client.force_login(dana)
    answer = client.post(again, follow=True)
    assert f"is on its way to {carol.email}" in answer.content.decode()
    assert emails.send_due() == 1
    assert len(mail.outbox) == 2
    assert Document.objects.count() == 1


def test_a_persons_page_lists_their_documents(client: Client, carol: User, dana: User) -> None:
    document = issued(carol)
    client.force_login(dana)
    page = client.get(reverse("admin:accounts_user_change", args=[carol.pk])).content.decode()
    assert str(document) in page
    assert reverse("admin:wallet_document_change", args=[document.pk]) in page


def test_the_api_names_the_documents_of_an_order_and_hands_the_file_out(
    client: Client, carol: User, alice: User
) -> None:
    document = issued(carol)
    client.force_login(carol)
    order = client.get(f"/api/v1/purchases/{document.purchase.public_id}/").json()
    (said,) = order["documents"]
    assert (said["kind"], said["number"]) == ("receipt", document.label)
    assert said["total"] == {"amount": "11.59", "currency": "EUR"}
    file = client.get(said["pdf_url"])
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")
    assert client.get("/api/v1/purchases/").json()[0]["documents"] == order["documents"]
    client.force_login(alice)
    refused = client.get(said["pdf_url"])
    assert refused.status_code == 404 and refused.json()["code"] == "not_found"
