"""Emails in the terminal, as a sandbox writes them: attached files are named, not printed."""

from django.core.mail.backends import console
from django.core.mail.message import EmailMessage


class EmailBackend(console.EmailBackend):
    """Writes each email into the terminal, without the bytes of what is attached."""

    def write_message(self, message: EmailMessage) -> None:
        """Write one email."""
        super().write_message(_named(message) if message.attachments else message)


def _named(mail: EmailMessage) -> EmailMessage:
    names = [str(attached[0]) for attached in mail.attachments if isinstance(attached, tuple)]
    lines = "".join(f"\n[attached: {name}]" for name in names)
    return EmailMessage(mail.subject, f"{mail.body}{lines}", mail.from_email, mail.to)
