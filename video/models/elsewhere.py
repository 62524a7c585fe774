"""Video from elsewhere: what a stream shows of another server, for as long as its creator wants.

The site keeps the address and never fetches it: viewers' browsers do. Kept are only addresses of a
form that is known, which `video/elsewhere/addresses.py` makes out of what a creator pastes.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.models import Stream

# A name with a dot whose last part begins with a letter: no number, and nothing that a header or a
# policy would read otherwise.
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = rf"({LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])"
PART = "[A-Za-z0-9_~][A-Za-z0-9._~-]*"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SHORT_UUID = "[1-9A-HJ-NP-Za-km-z]{22}"


class Kind(models.TextChoices):
    """Who plays the video: our own player, or a page of another server in a frame."""

    HLS = "hls", _("A server of one's own")
    YOUTUBE = "youtube", "YouTube"
    TWITCH = "twitch", "Twitch"
    VIMEO = "vimeo", "Vimeo"
    OWNCAST = "owncast", "Owncast"
    PEERTUBE = "peertube", "PeerTube"


# The hosts and the paths that each kind has, as whole texts.
FORMS: dict[Kind, tuple[str, str]] = {
    Kind.HLS: (HOST, rf"(/{PART})*/{PART}\.m3u8"),
    Kind.YOUTUBE: (
        r"www\.youtube-nocookie\.com",
        r"/embed/([A-Za-z0-9_-]{11}|live_stream\?channel=UC[A-Za-z0-9_-]{22})",
    ),
    Kind.TWITCH: (r"player\.twitch\.tv", r"/\?(channel=[a-z0-9_]{2,25}|video=[0-9]{1,12})"),
    Kind.VIMEO: (
        r"(player\.)?vimeo\.com",
        r"/(video/[0-9]{1,12}(\?h=[0-9a-f]{6,20})?|event/[0-9]{1,12}/embed(/[0-9a-f]{6,20})?)",
    ),
    Kind.OWNCAST: (HOST, "/embed/video"),
    Kind.PEERTUBE: (HOST, rf"/videos/embed/({UUID}|{SHORT_UUID})"),
}
# What lets each play by itself, without sound, and without what it would do beside that: PeerTube
# shows viewers each other's addresses unless it is told not to.
ASKED: dict[Kind, str] = {
    Kind.YOUTUBE: "autoplay=1&mute=1&playsinline=1",
    Kind.TWITCH: "autoplay=true&muted=true&parent={site}",
    Kind.VIMEO: "autoplay=1&muted=1&dnt=1",
    Kind.OWNCAST: "initiallyMuted=true",
    Kind.PEERTUBE: "autoplay=1&muted=1&p2p=0&warningTitle=0",
}


def _known_form() -> Q:
    form = Q()
    for kind, (host, path) in FORMS.items():
        form |= Q(kind=kind.value, host__regex=f"^{host}$", path__regex=f"^{path}$")
    return form


class ElsewhereQuerySet(models.QuerySet["Elsewhere"]):
    """Videos from elsewhere by whether they are shown."""

    def shown(self) -> "ElsewhereQuerySet":
        """Return those that rooms show now; a stream that ends shows none."""
        return self.filter(ended_at__isnull=True, stream__state=Stream.State.ON_AIR)


class Elsewhere(models.Model):
    """What a stream shows of another server, from one press of its creator to another."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="elsewhere", db_index=False)
    kind = models.CharField(_("from"), max_length=8, choices=Kind)
    host = models.CharField(_("server"), max_length=120)
    path = models.CharField(_("path"), max_length=200)
    shown_at = models.DateTimeField(_("shown since"), default=timezone.now)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects: ClassVar[ElsewhereQuerySet] = ElsewhereQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("video from elsewhere")
        verbose_name_plural = _("videos from elsewhere")
        ordering = ("-id",)
        indexes = (models.Index(fields=["stream", "-id"], name="elsewhere_of_stream"),)
        constraints = (
            models.UniqueConstraint(
                fields=["stream"], condition=Q(ended_at__isnull=True), name="one_elsewhere_at_once"
            ),
            models.CheckConstraint(condition=_known_form(), name="elsewhere_is_of_a_known_form"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("shown_at")),
                name="elsewhere_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.host}"

    @property
    def name(self) -> str:
        """Who the video comes from, as a viewer knows them: a company, or a server by its name."""
        own = self.kind in {Kind.HLS, Kind.OWNCAST, Kind.PEERTUBE}
        return self.host if own else str(Kind(self.kind).label)

    @property
    def is_hls(self) -> bool:
        """Whether our own player plays it."""
        return self.kind == Kind.HLS

    @property
    def is_allowed(self) -> bool:
        """Whether the operator lets rooms show it, today."""
        by_name = self.kind in {Kind.OWNCAST, Kind.PEERTUBE}
        known: dict[str, str] = settings.VIDEO_ELSEWHERE
        return known.get(self.host if by_name else self.kind) == self.kind

    @property
    def address(self) -> str:
        """The playlist, or the page that a frame shows, without what we ask of it."""
        return f"https://{self.host}{self.path}"

    def address_in(self, site: str) -> str:
        """Return what is fetched on a page of the site with this host name."""
        asked = ASKED.get(Kind(self.kind), "").format(site=site)
        joint = "&" if "?" in self.path else "?"
        return f"{self.address}{joint}{asked}" if asked else self.address
