"""The durable copy: each document by email with its file, due by the row itself."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from foundation import due_emails
from foundation.figures import read_by
from wallet.documents.content import pdf_of, terms_address
from wallet.documents.refund_rule import REFUND_RULES
from wallet.models import Document


def send_due() -> int:
    """Email the documents that are due and return how many were sent: a document that is sent again
    has the same number.
    """
    rows = Document.objects.select_related("purchase__user", "corrects")
    return due_emails.send_due(rows, send, _told, due="due_at", tries="attempts")


def _told(document: Document, _went: bool) -> None:
    Document.objects.filter(pk=document.pk).update(due_at=None, mailed_at=timezone.now())


def send_again(document: Document) -> None:
    """Make a document's email due once more."""
    Document.objects.filter(pk=document.pk).update(due_at=Now(), attempts=0)


def send(document: Document) -> bool:
    """Email one document to whoever placed the order."""
    order = document.purchase
    facts = {
        "document": document,
        "kind": document.get_kind_display(),
        "user": order.user,
        "refund_rule": REFUND_RULES[document.refund_rule],
        "link": settings.PUBLIC_URL.rstrip("/") + reverse("wallet:order", args=[order.public_id]),
        "terms": terms_address(document),
    }
    with read_by(""):
        body = render_to_string("wallet/mail/document.txt", facts)
        subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{document}"
    mail = EmailMessage(subject, body, to=[order.user.email])
    mail.attach(document.file_name, pdf_of(document), "application/pdf")
    return mail.send() > 0
