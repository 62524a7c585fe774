"""The bank's status report (pain.002.001.03 to .14): which payments of a file it did not take."""

from collections import deque
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from foundation.bank_files import refusals
from foundation.bank_files.reasons import cause_of, in_words
from foundation.bank_files.rows import Events, Row, Statement, text

REJECTED = "RJCT"


def statement(events: Events) -> Statement:
    """Return what the report says. A file refused as a whole is one row. Raises
    `StatementIncomplete`.
    """
    # One is short, for it names what failed: it may be read whole.
    ends = (node for event, node in events if event == "end")
    report = next((node for node in ends if node.tag == "CstmrPmtStsRpt"), None)
    answers = "" if report is None else text(report, "OrgnlGrpInfAndSts/OrgnlMsgId")
    deque(ends, maxlen=0)  # to the last byte: what follows must be well-formed too
    if report is None or not answers:
        raise refusals.StatementIncomplete(row=1, what=_("the original file reference"))
    rows = list(_rows(report, answers))
    return Statement(text(report, "GrpHdr/MsgId")[:70] or "-", rows, answers=answers)


def _rows(report: Element, answers: str) -> Iterator[Row]:
    """Yield a row per payment, and one for the file's payments that the bank does not list: where
    it lists none, or refuses all of them.
    """
    group, number, whole = report.find("OrgnlGrpInfAndSts"), 0, _group_refused(report)
    orders = report.findall("OrgnlPmtInfAndSts")
    for order in orders:
        above = [node for node in (order, group) if node is not None]
        for payment in order.findall("TxInfAndSts"):
            if text(payment, "OrgnlEndToEndId") or text(payment, "TxSts"):
                number += 1
                yield _row([payment, *above], number)
        if _status(above) == REJECTED:
            whole = above
    if whole is None and number == 0:
        whole = [node for node in (*orders[:1], group) if node is not None]
    if whole:
        yield _row(whole, number + 1, file=answers)


def _group_refused(report: Element) -> list[Element] | None:
    """Return the group's node where the bank refuses the whole file, whatever the orders say."""
    group = report.find("OrgnlGrpInfAndSts")
    return [group] if group is not None and _status([group]) == REJECTED else None


def _status(nodes: list[Element]) -> str:
    """Return the first status from the payment upwards: one above holds for all below that have
    none.
    """
    found = (text(node, at) for node in nodes for at in ("TxSts", "PmtInfSts", "GrpSts"))
    return next((status for status in found if status), "")


def _row(nodes: list[Element], number: int, *, file: str = "") -> Row:
    """Return the row of the first node; what it leaves out stands in those above it."""
    first, own = nodes[0], text(nodes[0], "TxSts")
    code, said = _reason(nodes)
    return Row(
        number=number,
        end_to_end_id=text(first, "OrgnlEndToEndId")[:35],
        batch_references=(file,) if file else (),
        reference=(text(first, "AcctSvcrRef") or text(first, "StsId"))[:140],
        amount_minor=None,
        currency="",
        credit=False,
        # Every other status says *taken* or *on its way*: the statement says how that ends.
        booked=_status(nodes) == REJECTED,
        reason=in_words(code, said),
        rejected=True,
        cause=cause_of(code, said, of_whole_file=not own),
    )


def _reason(nodes: list[Element]) -> tuple[str, str]:
    """Return code and words of the first node that gives a reason."""
    for node in nodes:
        codes = [text(node, f"StsRsnInf/Rsn/{at}") for at in ("Cd", "Prtry")]
        code = next((code for code in codes if code), "")
        said = " ".join(part.text or "" for part in node.findall("StsRsnInf/AddtlInf"))
        if code or said.strip():
            return code, said
    return "", ""
