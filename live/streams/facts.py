"""What is said of a stream before it is watched: title, picture, topic, language, for whom."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from foundation.texts import clean
from live.models import LANGUAGES, Stream, Topic


class Facts(TypedDict, total=False):
    """The facts that a creator states. What is left out stays as it is."""

    title: str
    poster: str
    topic: str
    language: str
    adults_only: bool


class EmptyTitle(DomainError):
    """Nothing of the title can be seen."""

    code = "empty_title"
    status = 422
    message = _("Enter a title for your stream.")
    field = "title"


class UnknownTopic(DomainError):
    """The topic is not one of ours."""

    code = "unknown_topic"
    status = 422
    message = _("Choose a topic from the list, or none.")
    field = "topic"


class UnknownLanguage(DomainError):
    """The language has no code that we know."""

    code = "unknown_language"
    status = 422
    message = _("Choose a language from the list, or none.")
    field = "language"


def checked(facts: Facts) -> Facts:
    """Return the facts as they can be shown.

    Raises `EmptyTitle`, `UnknownTopic`, `UnknownLanguage`.
    """
    facts = facts.copy()
    if "title" in facts:
        facts["title"] = clean(facts["title"])
        if not facts["title"]:
            raise EmptyTitle
    if facts.get("topic") and facts["topic"] not in Topic.values:
        raise UnknownTopic
    if facts.get("language") and facts["language"] not in LANGUAGES:
        raise UnknownLanguage
    return facts


def facts_of(stream: Stream) -> Facts:
    """Return the facts of a stream, for the next one of its creator."""
    return {
        "title": stream.title,
        "poster": stream.poster,
        "topic": stream.topic,
        "language": stream.language,
        "adults_only": stream.adults_only,
    }
