"""All that the site says no with: in its own voice, and ending in what to do next."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.utils.module_loading import import_string

from foundation.errors import API_SENTENCES, DomainError
from giftplatform import form_messages

T = TypeVar("T")
# Words of a machine or of an office: no sentence for a person has them.
NEVER = re.compile(
    r"\b(invalid|errors?|please|submit\w*|enter a valid|ensure|failed|incorrect|illegal|denied"
    r"|token|null|user)\b",
    re.IGNORECASE,
)
# How a sentence begins that says what to do.
DO = re.compile(
    r"^(Add|Ask|Cancel|Change|Check|Choose|Come back|Confirm|Contact|Create|Discard|Don't use"
    r"|Download|Enter|Fill|Find|Give|Go live|Invite|Leave|Open|Reload|Remove|Revoke|See|Send|Set"
    r"|Shorten|Sign in|Split|Take|Try|Turn off|Unblock|Until then|Upload|Use|Wait|With a session"
    r"|Write|You can|You find|A short sentence|End that|Another person|Only a single word|It has"
    r"|It is kept|The link is|Set up)\b"
)
# The page has a button beside these sentences, which takes one there.
WITH_A_BUTTON = {
    "insufficient_coins": "Get coins",
    "over_spending_limit": "Your limits",
}
OURS = tuple(app.name for app in apps.get_app_configs() if (settings.BASE_DIR / app.name).is_dir())


@cache
def load_everything() -> None:
    """Import every module of ours: a refusal that no test imported yet counts too."""
    for app in (*OURS, "foundation"):
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if not re.search(r"\.(tests|migrations|management|asgi|wsgi|celery)\b", module.name):
                importlib.import_module(module.name)


def kinds_of(base: type[T]) -> Iterator[type[T]]:
    """Yield a class's subclasses, and theirs."""
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def refusals() -> dict[str, tuple[str, str]]:
    """Return the code and sentence of every refusal, by the name of its class."""
    load_everything()
    found = {}
    every: set[type[DomainError]] = {DomainError, *kinds_of(DomainError)}
    for kind in every:
        if not kind.__module__.partition(".")[2].startswith("tests"):
            found[f"{kind.__module__}.{kind.__name__}"] = (kind.code, str(kind.message))
    return found


def form_classes() -> set[type[forms.BaseForm]]:
    """Return our forms, and those that allauth is told to use."""
    load_everything()
    ours: set[type[forms.BaseForm]] = {
        kind
        for kind in kinds_of(forms.BaseForm)
        if kind.__module__.partition(".")[0] in OURS and ".tests" not in kind.__module__
    }
    named = {import_string(name) for name in (settings.ACCOUNT_FORMS | settings.MFA_FORMS).values()}
    return ours | named


def worded(message: object) -> str:
    """Return the words of a message, of one that counts those for two."""
    with suppress(TypeError, KeyError, ValueError):
        return str(message % {"limit_value": 2, "show_value": 3, "max": 2, "length": 3})  # type: ignore[operator]  # of strings and promises
    return str(message)


def messages_of(field: forms.Field) -> Iterator[str]:
    """Yield what a field says of an answer that it cannot take."""
    yield from map(worded, field.error_messages.values())
    for validator in field.validators:
        message = getattr(validator, "message", None)
        if message is not None and not inspect.isroutine(message):
            yield worded(message)


def form_messages_shown() -> dict[str, set[str]]:
    """Return what each form says, by its name."""
    found = {}
    for kind in form_classes():
        fields: dict[str, forms.Field] = getattr(kind, "base_fields", {})
        said = {message for field in fields.values() for message in messages_of(field)}
        found[f"{kind.__module__}.{kind.__name__}"] = said
    return found


def sign_in_messages() -> dict[str, str]:
    """Return what allauth refuses with, and our rules for passwords."""
    said = {**get_adapter().error_messages, **get_mfa_adapter().error_messages}
    rules = {type(rule).__name__: rule for rule in get_default_password_validators()}
    return {name: str(words) for name, words in said.items()} | {
        name: rule.get_error_message()  # type: ignore[attr-defined]  # newer than the stubs
        for name, rule in rules.items()
    }


def words_in(call: ast.Call) -> Iterator[str]:
    """Yield the sentences that stand in a call; not the names of fields, nor its parameters."""
    for argument in call.args:
        for node in ast.walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                yield node.value


def said_by_hand() -> dict[str, set[str]]:
    """Return what `ValidationError` and `add_error` are given, wherever code refuses an answer."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    found: dict[str, set[str]] = {}
    for name in listed:
        file = Path(settings.BASE_DIR, name)
        if (
            "tests/" in name
            or name.partition("/")[0] not in (*OURS, "foundation")
            or not file.exists()
        ):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {
                "ValidationError",
                "add_error",
            }:
                found.setdefault(name, set()).update(words_in(node))
    return {name: said for name, said in found.items() if said}


def steps(sentence: str) -> list[str]:
    """Return its sentences; a figure's point ends none."""
    return re.split(r"(?<=[.?!:s]) (?=[A-Z])", sentence)


def says_what_to_do(sentence: str) -> bool:
    return any(DO.match(step) for step in steps(sentence))


def test_the_collections_hold_what_people_are_shown() -> None:
    assert {"gifts.sending.refusals.InsufficientCoins", "payouts.refusals.IbanMistyped"} <= set(
        refusals()
    )
    assert "accounts.forms.sign_in.SignupForm" in form_messages_shown()
    assert {"email_taken", "incorrect_code", "NotCommon"} <= set(sign_in_messages())
    assert len(refusals()) > 130


def test_no_refusal_speaks_like_a_machine() -> None:
    said = {name: sentence for name, (_code, sentence) in refusals().items()}
    said |= {code: str(sentence) for code, sentence in API_SENTENCES.items()}
    said |= sign_in_messages()
    # An API's reader knows what a token is.
    assert {name: s for name, s in said.items() if NEVER.search(s.replace("CSRF token", ""))} == {}


def test_no_form_speaks_like_a_machine() -> None:
    assert {
        f"{name}: {message}"
        for name, messages in form_messages_shown().items()
        for message in messages
        if NEVER.search(message)
    } == set()


def test_every_refusal_ends_in_what_to_do_next() -> None:
    said = {name: (code, s) for name, (code, s) in refusals().items() if s != "%(sentence)s"}
    assert {
        name: sentence
        for name, (code, sentence) in said.items()
        if code not in WITH_A_BUTTON and not says_what_to_do(sentence)
    } == {}


def test_every_refusal_at_sign_in_ends_in_what_to_do_next() -> None:
    said = {**sign_in_messages(), **{code: str(s) for code, s in API_SENTENCES.items()}}
    assert {name: s for name, s in said.items() if not says_what_to_do(s)} == {}


def test_every_form_says_what_to_do() -> None:
    assert {
        f"{name}: {message}"
        for name, messages in form_messages_shown().items()
        for message in messages
        if not says_what_to_do(message)
    } == set()


def test_what_is_refused_by_hand_says_what_to_do_and_not_like_a_machine() -> None:
    said = said_by_hand()
    assert {"accounts/handles.py", "gifts/admin/forms.py", "live/admin/words.py"} <= set(said)
    assert {
        f"{name}: {sentence}"
        for name, sentences in said.items()
        for sentence in sentences
        if NEVER.search(sentence) or not says_what_to_do(sentence)
    } == set()


@pytest.mark.parametrize("kind", sorted(form_messages.VALIDATORS, key=str))
def test_every_validator_of_django_speaks_our_language(kind: type) -> None:
    assert kind.__dict__["message"] is form_messages.VALIDATORS[kind]
