"""The bank's status report (pain.002.001.03 and .10): which payments of a file it did not take."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from payouts import refusals
from payouts.rails.bank_file.reasons import in_words
from payouts.rails.bank_file.rows import Row, Statement, text

REJECTED = "RJCT"


def statement(root: Element) -> Statement:
    """Return what the report says. A file refused as a whole is one row. Raises
    `StatementIncomplete`.
    """
    report = root.find("CstmrPmtStsRpt")
    answers = text(root, "CstmrPmtStsRpt/OrgnlGrpInfAndSts/OrgnlMsgId")
    if report is None or not answers:
        raise refusals.StatementIncomplete(row=1, what=_("the original file reference"))
    rows = list(_rows(report, answers))
    return Statement(text(report, "GrpHdr/MsgId")[:70] or "-", rows, answers=answers)


def _rows(report: Element, answers: str) -> Iterator[Row]:
    """Yield a row per payment; one for the whole file where the bank lists none."""
    payments = report.findall("OrgnlPmtInfAndSts/TxInfAndSts")
    for number, payment in enumerate(payments, start=1):
        yield _row(payment, number, status=text(payment, "TxSts"))
    whole = report.find("OrgnlPmtInfAndSts")
    whole = report.find("OrgnlGrpInfAndSts") if whole is None else whole
    if not payments and whole is not None:
        status = text(whole, "PmtInfSts") or text(whole, "GrpSts")
        status = status or text(report, "OrgnlGrpInfAndSts/GrpSts")
        yield _row(whole, 1, status=status, batch_reference=answers)


def _row(node: Element, number: int, *, status: str, batch_reference: str = "") -> Row:
    reason = text(node, "StsRsnInf/Rsn/Cd") or text(node, "StsRsnInf/Rsn/Prtry")
    return Row(
        number=number,
        end_to_end_id=text(node, "OrgnlEndToEndId")[:35],
        batch_reference=batch_reference,
        reference=(text(node, "AcctSvcrRef") or text(node, "StsId"))[:140],
        amount_minor=None,
        currency="",
        credit=False,
        # Every other status says *taken* or *on its way*: the statement says how that ends.
        booked=status == REJECTED,
        reason=in_words(reason),
        rejected=True,
    )
