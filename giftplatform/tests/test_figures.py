"""Figures as each reader writes them, the same by server and script."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from babel import localedata
from django.conf import settings
from django.test import Client
from django.urls import reverse

from foundation.figures import KNOWN, figures_of, read_by
from foundation.money import Money, whole_units

ROOT: Path = settings.BASE_DIR
NARROW, BROAD = "\u202f", "\xa0"


@pytest.mark.parametrize(
    ("asked", "number", "euros", "yen"),
    [
        ("", "1,234,567.5", "€1,234.50", "¥1,234"),
        ("en-US,en;q=0.9", "1,234,567.5", "€1,234.50", "¥1,234"),
        ("en-IN", "12,34,567.5", "€1,234.50", "JP¥1,234"),
        ("de-DE,de;q=0.9,en;q=0.8", "1.234.567,5", f"1.234,50{BROAD}€", f"1.234{BROAD}¥"),
        ("de-AT", "1.234.567,5", f"€{BROAD}1.234,50", f"¥{BROAD}1.234"),
        (
            "fr-FR",
            f"1{NARROW}234{NARROW}567,5",
            f"1{NARROW}234,50{BROAD}€",
            f"1{NARROW}234{BROAD}JPY",
        ),
        ("es-MX", "1,234,567.5", f"EUR{BROAD}1,234.50", f"JPY{BROAD}1,234"),
        ("de-DE-1996", "1.234.567,5", f"1.234,50{BROAD}€", f"1.234{BROAD}¥"),
        ("ar-EG", "1,234,567.5", "€1,234.50", "¥1,234"),
        ("xx-YY, de", "1,234,567.5", "€1,234.50", "¥1,234"),
        ("*", "1,234,567.5", "€1,234.50", "¥1,234"),
        ("x" * 900, "1,234,567.5", "€1,234.50", "¥1,234"),
    ],
)
def test_figures_follow_the_language_that_a_browser_asks_for_first(
    asked: str, number: str, euros: str, yen: str
) -> None:
    assert figures_of(asked).number(Decimal("1234567.5")) == number
    with read_by(asked):
        assert str(Money(Decimal("1234.5"), "EUR")) == euros
        assert str(Money(Decimal(1234), "JPY")) == yen


def test_an_amount_in_full_has_its_currencys_digits_and_more_where_it_needs_them() -> None:
    amounts = [("12.5", "EUR"), ("0.0075", "USD"), ("1.8", "JPY"), ("1720", "JPY"), ("-3", "EUR")]
    shown = [Money(Decimal(value), code).in_full for value, code in amounts]
    assert shown == ["€12.50", "$0.0075", "¥1.8", "¥1,720", "-€3.00"]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["0.5", "0.5"], [1, 0]),
        (["0.4", "0.4", "0.4"], [1, 0, 0]),
        (["68.4", "0", "31.3"], [69, 0, 31]),
        ([], []),
        (["2.5"], [2]),
    ],
)
def test_what_is_shown_in_whole_units_adds_up(parts: list[str], whole: list[int]) -> None:
    assert whole_units([Decimal(part) for part in parts]) == whole


@pytest.mark.django_db
def test_a_page_has_the_readers_figures_and_their_example_for_scripts(client: Client) -> None:
    for asked, price, coins, example in [
        ("en-GB", "€11.59", "10,000", "12,345,678.9"),
        ("de-DE,de;q=0.9", "11,59\xa0€", "10.000", "12.345.678,9"),
    ]:
        page = client.get(
            f"{reverse('wallet:coins')}?country=DE", headers={"accept-language": asked}
        ).content.decode()
        assert f'data-figures="{example}"' in page
        assert price in page
        assert coins in page
        assert '<html lang="en"' in page
    # What is written without a request, such as an email, has the site's own again.
    assert str(Money(Decimal("1234.5"), "EUR")) == "€1,234.50"


def test_headers_load_known_locales_alone() -> None:
    """Babel never forgets a locale: what headers name may not fill the memory."""
    asked = [name.replace("_", "-") for name in localedata.locale_identifiers()]
    assert len(asked) > 500
    assert len({str(figures_of(tag).locale) for tag in asked}) <= len(KNOWN)


def sources(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Yield our files with their text: no tests, no programs of the command line."""
    left_out = {"tests", "vendor", "management", "benchmarks", "tools", "e2e", "testing", "runtime"}
    left_out |= {"stripe_standin"}  # pages that stand for another company's
    for file in sorted(ROOT.rglob("*")):
        place = file.relative_to(ROOT).parts
        hidden = place[0].startswith(".") or place[0] in {"node_modules", "var"}
        if file.suffix in suffixes and not hidden and not left_out & set(place):
            yield file.relative_to(ROOT), file.read_text()


def test_figures_are_written_in_one_place() -> None:
    """No second way: the browser's own figures, Django's, or Python's commas."""
    other = {
        ".js": re.compile(r"NumberFormat|toLocaleString"),
        ".html": re.compile(r"intcomma|floatformat|localize"),
        ".py": re.compile(r"\{[^{}]*:,[^{}]*\}|number_format|format_currency|format_decimal"),
    }
    for_machines = {"wallet/providers/sandbox/provider.py", "wallet/models/prices.py"}
    found = [
        f"{file}: {match[0]}"
        for file, text in sources(*other)
        for match in other[file.suffix].finditer(text)
        if str(file) not in for_machines
    ]
    assert not found, "\n".join(found)
