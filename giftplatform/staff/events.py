"""The events of rooms as sentences: who did what, with the coins that it took."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from giftplatform.staff.worth import in_coins
from live.models import Event

Payload = dict[str, Any]


def sentence(event: Event) -> str:
    """Return what happened, in a sentence; the kind itself for one that nothing here knows."""
    words = SENTENCES.get(event.kind)
    return words(event.payload, event.stream.creator.name) if words else event.kind


def _who(payload: Payload) -> str:
    if payload.get("from"):
        return str(payload["from"])
    return f"@{payload['handle']}" if payload.get("handle") else _("Anonymous")


def _what(name: str, quantity: int) -> str:
    return f"{quantity} × {name}" if quantity > 1 else name


def _gift(payload: Payload, creator: str) -> str:
    facts = {
        "fan": _who(payload),
        "creator": payload.get("to") or payload.get("to_handle") or creator,
        "gift": _what(payload["name"], payload.get("quantity", 1)),
        "coins": in_coins(payload["coins"]),
    }
    if payload.get("message"):
        said = _("%(fan)s sent %(creator)s %(gift)s, %(coins)s, and wrote: “%(message)s”")
        return said % {**facts, "message": payload["message"]}
    return _("%(fan)s sent %(creator)s %(gift)s, %(coins)s.") % facts


def _undo(payload: Payload, creator: str) -> str:
    said = _("A gift to %(creator)s was taken back, %(coins)s.")
    return said % {"creator": creator, "coins": in_coins(payload["coins"])}


def _chat(payload: Payload, creator: str) -> str:
    if not payload["text"]:
        return _("%(person)s wrote a message that was hidden.") % {"person": _who(payload)}
    return _("%(person)s wrote: “%(text)s”") % {"person": _who(payload), "text": payload["text"]}


def _hide(payload: Payload, creator: str) -> str:
    if payload.get("event"):
        return _("Message %(number)s was hidden.") % {"number": payload["event"]}
    return _("The message of a gift was hidden.")


def _thanks(payload: Payload, creator: str) -> str:
    said = _("%(creator)s thanked %(fan)s for %(gift)s.")
    facts = {"creator": payload["by"], "fan": payload["to"] or _("an anonymous fan")}
    return said % {**facts, "gift": payload["name"]}


def _alerts(payload: Payload, creator: str) -> str:
    done = {
        "pause": _("%(creator)s paused the alerts."),
        "resume": _("%(creator)s resumed the alerts."),
        "skip": _("%(creator)s skipped an alert."),
        "replay": _("%(creator)s showed alerts again."),
    }
    said = done.get(payload.get("do", ""), _("%(creator)s changed the alerts."))
    return said % {"creator": creator}


def _goal(payload: Payload, creator: str) -> str:
    if payload.get("title"):
        said = _("The goal of %(creator)s is “%(title)s”.")
        return said % {"creator": creator, "title": payload["title"]}
    return _("The goal of %(creator)s ended.") % {"creator": creator}


def _test(payload: Payload, creator: str) -> str:
    return _("%(creator)s tried an alert out. Nobody paid for it.") % {"creator": creator}


def _settings(payload: Payload, creator: str) -> str:
    return _("%(creator)s changed the overlay.") % {"creator": creator}


def _started(payload: Payload, creator: str) -> str:
    return _("%(creator)s went on air.") % {"creator": creator}


def _changed(payload: Payload, creator: str) -> str:
    said = _("%(creator)s called the stream “%(title)s”.")
    if payload["adults_only"]:
        said = _("%(creator)s called the stream “%(title)s”, for adults only.")
    return said % {"creator": creator, "title": payload["title"]}


def _picture(payload: Payload, creator: str) -> str:
    if payload["state"] == "live":
        return _("The picture of %(creator)s came.") % {"creator": creator}
    if payload["state"] == "elsewhere":
        said = _("The room of %(creator)s shows video from %(name)s.")
        return said % {"creator": creator, "name": payload["name"]}
    return _("The picture of %(creator)s stopped.") % {"creator": creator}


def _caption(payload: Payload, creator: str) -> str:
    return _("%(creator)s said: “%(text)s”.") % {"creator": creator, "text": payload["text"]}


def _guest(payload: Payload, creator: str) -> str:
    return _("Somebody asked to be a guest of %(creator)s, or was answered.") % {"creator": creator}


def _guests(payload: Payload, creator: str) -> str:
    if not payload["guests"]:
        return _("%(creator)s has no guests.") % {"creator": creator}
    names = ", ".join(f"@{one['handle']}" for one in payload["guests"])
    return _("Guests of %(creator)s: %(names)s.") % {"creator": creator, "names": names}


def _guest_picture(payload: Payload, creator: str) -> str:
    if payload["state"] == "live":
        return _("The picture of a guest of %(creator)s came.") % {"creator": creator}
    return _("The picture of a guest of %(creator)s stopped.") % {"creator": creator}


def _ended(payload: Payload, creator: str) -> str:
    return _("The stream of %(creator)s ended.") % {"creator": creator}


def _rescheduled(payload: Payload, creator: str) -> str:
    at = datetime.fromisoformat(payload["scheduled_for"])
    said = _("%(creator)s moved the stream to %(when)s.")
    return said % {"creator": creator, "when": date_format(localtime(at), "j M Y, H:i e")}


SENTENCES: dict[str, Callable[[Payload, str], str]] = {
    "alerts": _alerts,
    "caption": _caption,
    "changed": _changed,
    "chat": _chat,
    "ended": _ended,
    "gift": _gift,
    "goal": _goal,
    "guest": _guest,
    "guest_picture": _guest_picture,
    "guests": _guests,
    "hide": _hide,
    "picture": _picture,
    "rescheduled": _rescheduled,
    "settings": _settings,
    "started": _started,
    "test": _test,
    "thanks": _thanks,
    "undo": _undo,
}
