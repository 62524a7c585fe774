"""Names as banks get them: transliterated, shown before they are kept, refused where nobody reads
them.
"""

import csv
import io
import re

import pytest
from defusedxml.ElementTree import fromstring

from accounts.models import User
from foundation.errors import DomainError
from payouts import refusals
from payouts.batches import bank_files
from payouts.letters import foreign, readable, sepa
from payouts.models import PayoutMethod
from payouts.tests.builders import bank_account, ready, sent

WRITTEN = [
    ("Jörg Söhne", "Joerg Soehne"),
    ("JÖRG SÖHNE", "JOERG SOEHNE"),
    ("Jo\u0308rg", "Joerg"),  # the letter and its dots apart
    ("Ö. Äßling", "Oe. Aessling"),
    ("STRAẞE", "STRASSE"),
    ("Łukasz Żółć", "Lukasz Zolc"),
    ("Søren Æbelø", "Soeren Aebeloe"),
    ("Åse Þórsdóttir", "Aase Thorsdottir"),
    ("Đorđe Ðuro", "Dorde Duro"),
    ("İbrahim Yıldız", "Ibrahim Yildiz"),
    ("Đặng Thị Ngọc", "Dang Thi Ngoc"),
    ("Иван Христов Щерев", "Ivan Hristov Shterev"),
    ("Гьорги Ольга", "Gyorgi Olga"),
    ("ЦВЕТА", "TSVETA"),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
    ("Παύλος Ευαγγέλου Μπάμπης", "Pavlos Evangelou Bampis"),
    ("Ελευθερία Αϋφαντή", "Eleftheria Ayfanti"),
    ("O’Brien–Smith", "O'Brien-Smith"),
    ("Müller & Söhne", "Mueller + Soehne"),
    ("//Bob//Harbour/", "Bob/Harbour"),
    ("Bob 🎉 Harbour", "Bob Harbour"),
    ("Bo\u200db\u00adHarbour", "BobHarbour"),
    ("𝓑𝓸𝓫 ﬁsh Ｈ", "Bob fish H"),
]


@pytest.mark.parametrize(("typed", "written"), WRITTEN)
def test_names_are_written_as_banks_read_them(typed: str, written: str) -> None:
    assert sepa(typed, 70) == written
    assert foreign(typed) == ""
    assert re.fullmatch(r"[A-Za-z0-9/\-?:().,'+ ]*", written)


@pytest.mark.parametrize("typed", ["محمد علي", "王芳", "שרה", "김철수", "ราตรี", "Bob شركة", "Նարե"])
def test_letters_without_a_latin_form_are_named(typed: str) -> None:
    assert foreign(typed)


def test_a_text_is_cut_after_it_is_written() -> None:
    assert sepa("ö" * 40, 70) == "oe" * 35
    assert sepa("a" * 69 + "/b", 70) == "a" * 69
    assert not readable(sepa("-", 70))


@pytest.mark.parametrize(
    ("holder", "refusal", "words"),
    [
        ("🎉🎉", refusals.HolderMissing, "account holder's name"),
        ("-", refusals.HolderMissing, "account holder's name"),
        ("...", refusals.HolderMissing, "account holder's name"),
        ("X", refusals.HolderMissing, "account holder's name"),
        ("4711", refusals.HolderMissing, "account holder's name"),
        ("محمد علي", refusals.HolderNotLatin, "in Latin letters"),
        ("Bob 王", refusals.HolderNotLatin, "王"),
        ("ü" * 36, refusals.HolderTooLong, "72"),
    ],
)
def test_a_name_that_no_bank_reads_is_refused(
    bob: User, holder: str, refusal: type[DomainError], words: str
) -> None:
    with pytest.raises(refusal) as refused:
        bank_account(bob, holder=holder)
    assert words in refused.value.detail
    assert refused.value.field == "holder"
    assert not PayoutMethod.objects.exists()


def test_the_longest_names_fit_the_file(bob: User, dana: User, erin: User) -> None:
    bank_account(bob, holder="ü" * 35)
    batch = sent(dana, erin, ready(bob))
    xml = bank_files.download(batch=batch)
    names = [node.text for node in fromstring(xml).iter() if node.tag.endswith("}Nm")]
    assert names[-1] == "ue" * 35
    [row] = csv.DictReader(io.StringIO(bank_files.download(batch=batch, csv=True).decode()))
    assert row["holder"] == "ü" * 35


def test_a_name_kept_earlier_that_no_bank_reads_waits(bob: User, dana: User) -> None:
    payout = ready(bob)
    PayoutMethod.objects.update(holder="محمد علي")
    with pytest.raises(refusals.NothingFits):
        bank_files.build_batch(by=dana)
    payout.refresh_from_db()
    assert payout.state == "ready"
    assert "in Latin letters" in payout.needs_attention
