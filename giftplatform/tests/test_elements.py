"""Elements do what `docs/design-system.md` says; no page asks for one that does not exist."""

import json
import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

ROOT: Path = settings.BASE_DIR
STATIC = ROOT / "giftplatform" / "static"
TEMPLATES = sorted(
    page
    for folder in ("templates", "accounts", "wallet", "live", "gifts", "payouts")
    for page in (ROOT / folder).rglob("*.html")
)
SPRITE = set(
    re.findall(r'<symbol id="([\w-]+)"', next(STATIC.glob("vendor/lucide-*.svg")).read_text())
)


class AccountForm(forms.Form):
    iban = forms.CharField(label="IBAN", help_text="Where we pay to.")
    nickname = forms.CharField(required=False)
    rhythm = forms.ChoiceField(choices=[("week", "Every week")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I have read the rates.")

    def clean(self) -> None:
        raise forms.ValidationError("Four eyes see more than two.")


@pytest.fixture
def refused() -> str:
    """The form as a page shows it after everything in it was refused."""
    return str(AccountForm({}))


def test_label_control_help_and_error_are_joined(refused: str) -> None:
    assert '<label class="field__label" for="id_iban">IBAN</label>' in refused
    assert 'aria-describedby="id_iban_helptext id_iban_error"' in refused
    assert 'aria-invalid="true"' in refused
    assert 'id="id_iban_helptext">Where we pay to.' in refused
    assert 'id="id_iban_error"' in refused


def test_what_may_stay_empty_says_so(refused: str) -> None:
    label = re.search(r'<label[^>]*for="id_nickname">.*?</label>', refused)
    assert label is not None
    assert "optional" in label[0]
    assert refused.count("field__optional") == 1


def test_choices_stand_in_a_fieldset_with_their_question(refused: str) -> None:
    assert re.search(
        r'<fieldset class="field"[^>]*id_rhythm_error[^>]*>\s*<legend>Rhythm</legend>', refused
    )
    assert refused.count("<fieldset") == refused.count("</fieldset>") == 1


def test_a_box_stands_before_its_words(refused: str) -> None:
    assert re.search(r'<label class="check"><input type="checkbox"[^>]*><span>I have read', refused)


def test_what_concerns_the_whole_form_stands_above_it(refused: str) -> None:
    assert refused.index("Four eyes") < refused.index("IBAN")


def test_what_people_typed_is_never_markup() -> None:
    page = render_to_string("elements/toast.html", {"text": "<script>alert(1)</script>"})
    assert "<script>" not in page
    form = AccountForm({"iban": '"><script>alert(1)</script>'})
    assert "<script>" not in str(form)


def test_figures_are_grouped_and_named_for_the_ear() -> None:
    coins = render_to_string("elements/coins.html", {"coins": 1234567})
    assert "1,234,567" in coins
    assert '<span class="visually-hidden"> coins</span>' in coins


def test_the_page_for_a_broken_server_needs_nothing() -> None:
    assert "Your coins are safe" in render_to_string("500.html")


def test_htmx_gets_our_rules() -> None:
    page = (ROOT / "templates" / "base.html").read_text()
    found = re.search(r"<meta name=\"htmx-config\" content='([^']*)'>", page)
    assert found is not None
    rules = json.loads(found[1])
    assert (
        rules["allowEval"] is rules["includeIndicatorStyles"] is rules["allowScriptTags"] is False
    )
    swapped = [rule["code"] for rule in rules["responseHandling"] if rule["swap"]]
    assert all(
        any(re.fullmatch(code, status) for code in swapped)
        for status in ("200", "403", "409", "422")
    )
    assert not any(re.fullmatch(code, "500") for code in swapped)


def test_every_part_that_htmx_brings_has_a_way_to_it_where_it_does_not_come() -> None:
    """A placeholder must not stay for ever: htmx may be blocked, or the part may not come."""
    parts = 0
    for page in (ROOT / "templates").rglob("*.html"):
        text = page.read_text()
        for found in re.finditer(r'<(\w+)[^>]*\shx-trigger="load[^>]*>', text):
            if found[0].endswith(" hidden>"):
                continue  # it only fills in what stands elsewhere
            inside = text[found.end() :].split(f"</{found[1]}>")[0]
            assert " data-part " in found[0] and "elements/waiting.html" in inside, page
            parts += 1
    assert parts > 1


def test_a_part_that_did_not_come_is_asked_for_again_or_opened() -> None:
    part = {"href": "/studio/payouts/", "part": "/studio/payouts/panel/", "words": "Your payouts"}
    waiting = render_to_string("elements/waiting.html", part)
    assert 'href="/studio/payouts/" hx-get="/studio/payouts/panel/"' in waiting
    assert "Your payouts" in waiting


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_icon_and_drawing_exists(page: Path) -> None:
    text = page.read_text()
    icons = re.findall(r'icon\.html" with[^%]*?\bname="([\w-]+)"', text)
    icons += re.findall(r'\bicon="([\w-]+)"', text)
    assert set(icons) <= SPRITE
    for drawing in re.findall(r'\bdrawing="([\w-]+)"', text):
        assert (STATIC / "drawings" / f"{drawing}.svg").exists()


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_carries_script_or_style_in_its_lines(page: Path) -> None:
    """The Content-Security-Policy would refuse them in silence."""
    if "/email/" in str(page) or "/admin/" in str(page):
        return
    text = re.sub(r"\{%.*?%\}", "", page.read_text())
    assert not re.search(r'\sstyle="|\son[a-z]+="|\shx-on|javascript:', text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
