"""Alerts and overlay as their creator controls them, and how far the overlay has played."""

from datetime import timedelta
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings as site
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.creators import require_creator
from accounts.models import MOST_COINS, User
from gifts.models import Gift, GiftPrice
from live.feed.events import publish
from live.models import Event, Stream
from overlay import secret
from overlay.models import AlertSettings, Overlay
from overlay.payload import gifts_of, of_test
from overlay.refusals import (
    AddressGone,
    AlertNumber,
    NoSuchGift,
    NothingToReplay,
    NotOnAir,
    ReplayCount,
    VoiceLanguage,
)

MOST_REPLAYED = 10
MOST_PLAYED_BEYOND = 5_000
TEST_FRESH = timedelta(seconds=60)
VOICES = {code for code, _name in site.LANGUAGES} | {
    "de", "es", "fr", "it", "pt", "nl", "pl", "tr", "ja", "ko", "zh", "hi", "ar", "uk", "id",
}  # fmt: skip
COINS = ("least_coins", "speak_from_coins", "thank_from_coins")


class Changes(TypedDict, total=False):
    """Changes of the settings; `muted` are gifts by slug, None in a threshold is never."""

    least_coins: int
    muted: list[str]
    show_messages: bool
    speak_from_coins: int | None
    voice_language: str
    sound: bool
    volume: int
    show_goal: bool
    show_supporters: bool
    show_ticker: bool
    thank_from_coins: int | None


def settings_of(creator: User) -> AlertSettings:
    """Return the creator's alert settings; the defaults until they change one."""
    require_creator(creator)
    return AlertSettings.objects.get_or_create(creator=creator)[0]


def overlay_of(creator: User) -> Overlay:
    """Return the creator's overlay; its address is made on first use."""
    require_creator(creator)
    found = Overlay.objects.filter(creator=creator).first()
    if found:
        return found
    token = secret.new()
    fresh = {"digest": secret.digest(token), "encrypted": secret.encrypt(token)}
    return Overlay.objects.get_or_create(creator=creator, defaults=fresh)[0]


def on_air(creator: User) -> Stream | None:
    """Return the stream in which the creator is on air."""
    return Stream.objects.on_air().filter(creator=creator).first()


def publish_live(creator: User, kind: str, payload: dict[str, Any]) -> Event | None:
    """Publish an event to every overlay and console in the caller's transaction; none off air."""
    stream = on_air(creator)
    return publish(stream_id=stream.pk, kind=kind, payload=payload) if stream else None


def alerts_pause(*, creator: User) -> AlertSettings:
    """Let alerts wait, in this stream and the next, until they are resumed."""
    return _pause(creator, paused=True)


def alerts_resume(*, creator: User) -> AlertSettings:
    """Play alerts again, those first that wait."""
    return _pause(creator, paused=False)


@transaction.atomic
def _pause(creator: User, *, paused: bool) -> AlertSettings:
    settings = _locked(creator)
    if settings.paused != paused:
        settings.paused = paused
        settings.save(update_fields=["paused"])
        publish_live(creator, "alerts", _command("pause" if paused else "resume"))
    return settings


@transaction.atomic
def alerts_skip(*, creator: User, gift: UUID | None = None) -> Event:
    """Skip the alert that plays now, or that of one gift before it plays. Raises `NotOnAir`.

    It counts as shown; the gift itself is untouched.
    """
    settings_of(creator)
    event = publish_live(creator, "alerts", _command("skip") | {"id": str(gift) if gift else None})
    if event is None:
        raise NotOnAir
    return event


@transaction.atomic
def alerts_replay(*, creator: User, last: int = 1) -> Event:
    """Show the last announced gifts of this stream again, oldest first.

    Raises `ReplayCount`, `NotOnAir`, `NothingToReplay`.
    """
    if not 1 <= last <= MOST_REPLAYED:
        raise ReplayCount(most=MOST_REPLAYED)
    settings = settings_of(creator)
    stream = on_air(creator)
    if stream is None:
        raise NotOnAir
    gifts = [event.payload for event in gifts_of(stream, settings)[:last]][::-1]
    if not gifts:
        raise NothingToReplay
    payload = _command("replay") | {"gifts": gifts}
    return publish(stream_id=stream.pk, kind="alerts", payload=payload)


@transaction.atomic
def send_test(*, creator: User, gift: str) -> dict[str, Any]:
    """Play a gift of the catalogue, by slug, in the creator's overlay, and count it nowhere.

    Off air too: then the overlay finds it when it next asks. Returns the event's payload.
    Raises `NoSuchGift`.
    """
    overlay = overlay_of(creator)
    chosen = Gift.objects.filter(slug=gift).prefetch_related("prices").first()
    if chosen is None:
        raise NoSuchGift
    try:
        payload = of_test(creator, chosen)
    except GiftPrice.DoesNotExist:
        raise NoSuchGift from None
    if publish_live(creator, "test", payload) is None:
        Overlay.objects.filter(pk=overlay.pk).update(test=payload, tested_at=timezone.now())
    return payload


@transaction.atomic
def change_settings(*, creator: User, changes: Changes) -> AlertSettings:
    """Change what is named; every open overlay reads its settings again.

    Raises `AlertNumber`, `NoSuchGift`, `VoiceLanguage`.
    """
    facts: dict[str, Any] = dict(changes)
    for name in COINS:
        _in_bounds(name, facts, 1, MOST_COINS)
    _in_bounds("volume", facts, 0, 100)
    if facts.get("voice_language", "en") not in VOICES:
        raise VoiceLanguage
    muted = facts.pop("muted", None)
    gifts = list(Gift.objects.filter(slug__in=muted)) if muted is not None else []
    if muted is not None and len(gifts) != len(set(muted)):
        raise NoSuchGift(field="muted")
    settings = _locked(creator)
    for name, value in facts.items():
        setattr(settings, name, value)
    settings.save()
    if muted is not None:
        settings.muted.set(gifts)
    publish_live(creator, "settings", {})
    return settings


@transaction.atomic
def rotate(*, creator: User) -> Overlay:
    """Give the overlay a new address. The old one opens nothing from now on, and says so."""
    overlay = Overlay.objects.select_for_update().get(pk=overlay_of(creator).pk)
    token = secret.new()
    overlay.digest, overlay.encrypted = secret.digest(token), secret.encrypt(token)
    overlay.rotated_at = timezone.now()
    overlay.save(update_fields=["digest", "encrypted", "rotated_at"])
    publish_live(creator, "settings", {})
    return overlay


@transaction.atomic
def note_played(*, token: str, to: int | None, done: list[int]) -> Overlay:
    """Keep how far an overlay has played: it never goes back, whichever open one reports.

    Raises `AddressGone`, also when the address was replaced a moment ago.
    """
    overlay = Overlay.objects.select_for_update().with_token(token).first()
    if overlay is None:
        raise AddressGone
    # No event can have been played before it was written: a wrong number would cost alerts.
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if to is not None:
        overlay.played_to = max(overlay.played_to or 0, min(to, newest))
    floor = overlay.played_to or 0
    beyond = {pk for pk in (*overlay.played, *done) if floor < pk <= newest}
    overlay.played = sorted(beyond)[-MOST_PLAYED_BEYOND:]
    overlay.seen_at = timezone.now()
    overlay.save(update_fields=["played_to", "played", "seen_at"])
    return overlay


def key_of(text: str) -> UUID | None:
    """Return the key in a text; None where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _locked(creator: User) -> AlertSettings:
    settings = settings_of(creator)
    return AlertSettings.objects.select_for_update().get(pk=settings.pk)


def _command(what: str) -> dict[str, Any]:
    return {"do": what, "at": timezone.now().isoformat()}


def _in_bounds(name: str, facts: dict[str, Any], least: int, most: int) -> None:
    value = facts.get(name)
    if value is None:
        if name in facts and name not in {"speak_from_coins", "thank_from_coins"}:
            raise AlertNumber(field=name, least=least, most=most)
        return
    if not least <= value <= most:
        raise AlertNumber(field=name, least=least, most=most)
