"""The refusals of a bank's files, each with its own sentence and code."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class StatementTooLarge(DomainError):
    """More bytes than a statement has."""

    code = "statement_too_large"
    status = 413
    field = "file"
    message = _(
        "This file is larger than %(limit)s MB. Nothing was booked. Download a shorter period."
    )


class StatementTooManyRows(StatementTooLarge):
    """More rows than a statement of the largest size has."""

    code = "statement_too_many_rows"
    message = _(
        "This file has more than %(limit)s rows. Nothing was booked. Download a shorter period."
    )


class StatementNotXml(DomainError):
    """Not XML."""

    code = "statement_not_xml"
    status = 422
    field = "file"
    message = _("This is not an XML file. Nothing was booked. Download it as camt.053.")


class StatementEncoding(DomainError):
    """XML whose letters are in another encoding than it says."""

    code = "statement_encoding"
    status = 422
    field = "file"
    message = _(
        "This file says its letters are in %(encoding)s, but some aren't. Download it again, or "
        "ask the bank for it in UTF-8. Nothing was booked."
    )


class StatementDoctype(DomainError):
    """XML with a document type or entities, which banks never send."""

    code = "statement_doctype"
    status = 422
    field = "file"
    message = _(
        "This file contains a document type declaration, which bank files never do. "
        "Nothing was booked. Download it from the bank again."
    )


class StatementNotCamt(DomainError):
    """XML, but not a statement we read."""

    code = "statement_not_camt053"
    status = 422
    field = "file"
    message = _(
        "This is neither a camt.053 statement nor a pain.002 report. Nothing was booked. Download "
        "one of these."
    )


class StatementOtherKind(StatementNotCamt):
    """Another of the bank's files: a day's list, a notice, a version that is not read."""

    code = "statement_other_kind"
    message = _(
        "This is a %(kind)s file. Download the account's statement as camt.053.001.02 to .13, or "
        "the pain.002 report on our file. Nothing was booked."
    )


class StatementIncomplete(DomainError):
    """A row lacks what it must have."""

    code = "statement_incomplete"
    status = 422
    field = "file"
    message = _(
        "Row %(row)s of this statement is missing %(what)s. Nothing was booked. Download it from "
        "the bank again."
    )
