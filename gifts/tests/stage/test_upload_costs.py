"""A gift's files at their full size: what staff wait for costs little, whatever the file says.

The inspection answers at once, so that the form can say which line is wrong; moving pictures and
films are only counted through. Drawings and Lottie are read to their last value and may cost more.
"""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gifts.models import Gift
from gifts.stage.uploads import apng, lottie, svg, webm
from gifts.tests.stage.files import (
    HEAD,
    RECT,
    chunk,
    drawing,
    film,
    moving,
    part,
    reel,
    refusal,
    shapes,
    whole,
)
from testing.costs import LONGEST_CPU_S, cpu_of

pytestmark = pytest.mark.django_db
LONGEST_READ_CPU_S = 2.0  # a drawing of 200 KB or a Lottie of 1 MB, on a machine with much to do
ROOM = 1_000  # for what stands around


def full(most: int, unit: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return a file as long as it may be, of one thing again and again."""
    count = (most - len(before) - len(after)) // len(unit)
    return before + unit * count + after


def svg_of(unit: str, before: str = "", after: str = "") -> bytes:
    return full(svg.LARGEST, unit.encode(), f"{HEAD}{before}".encode(), f"{after}</svg>".encode())


def cluster(*inside: bytes) -> bytes:
    return part(webm.CLUSTER, part(webm.TIMESTAMP, whole(0)), *inside)


PATH = '<path d="M0 0h1v1h1v1h1v1h1z" fill="red"/>'
PICTURES = {
    "one outline": svg_of("h1", '<path d="M0 0', '"/>'),
    "many outlines": drawing(PATH * (svg.MOST_ELEMENTS - 1)),
    "points": svg_of("1 ", '<polygon points="', '"/>'),
    "figures": svg_of("1 ", '<path stroke-dasharray="', '"/>'),
    "styles": svg_of("fill:r;", '<path style="', '"/>'),
    "references": svg_of("url(#a)", '<linearGradient id="a"/><path fill="', '"/>'),
    "letters": svg_of("&#97;", "<text>", "</text>"),
    "parts": svg_of("<g/>"),
}
FILMS = {
    "numbers": film(z=[1] * (lottie.MOST_VALUES - 50)),
    "objects": film(z=[{"a": 1}] * (lottie.MOST_VALUES // 2 - 50)),
    "lists": film(z=[[[[[[[1]]]]]]] * (lottie.MOST_VALUES // 8)),
    "text": film(z="a" * (lottie.LARGEST - ROOM)),
    "escapes": film(z="\\" * ((lottie.LARGEST - ROOM) // 2)),
    "texts": film(z=["ab:"] * 110_000),
    "shapes": shapes(*[RECT] * 9_000),
    "blanks": full(lottie.LARGEST, b" ", b"{", b"}"),
}
VOID = b"\xec\x80"  # an element in two bytes
VOIDS = VOID * ((webm.LARGEST - ROOM) // len(VOID))
EMPTY = chunk(b"abCd")
MOVING = {
    "film, elements behind it": full(webm.LARGEST, VOID, reel()),
    "film, elements in it": reel(extra=VOIDS),
    "film, elements of a cluster": reel(extra=cluster(VOIDS)),
    "film, elements of tracks": reel(extra=part(webm.TRACKS, VOIDS)),
    "film, clusters": reel(extra=b"\x1f\x43\xb6\x75\x80" * ((webm.LARGEST - ROOM) // 5)),
    "film, one element": reel(extra=part(webm.VOID, bytes(webm.LARGEST - ROOM))),
    "picture, chunks": moving(extra=EMPTY * ((apng.LARGEST - ROOM) // len(EMPTY))),
    "picture, frames": moving(extra=chunk(b"fcTL", bytes(26)) * ((apng.LARGEST - ROOM) // 38)),
    "picture, one chunk": moving(extra=chunk(b"abCd", bytes(apng.LARGEST - ROOM))),
}


@pytest.fixture
def spent(dana: User, settings: Any, tmp_path: Path) -> Any:
    """Return what tells the CPU seconds of a file, beyond those of the same form without it where
    both together are more than `enough`.
    """
    settings.MEDIA_ROOT = tmp_path
    staff, address = Client(), reverse("admin:gifts_gift_add")
    staff.force_login(dana)

    def send(**files: bytes) -> None:
        # The gift has no name: the file is looked through, and the form comes back.
        posted = {name: SimpleUploadedFile("a", data) for name, data in files.items()}
        assert staff.post(address, {"kind": "medium", **posted}).status_code == 200

    def beyond(enough: float, **files: bytes) -> float:
        whole = cpu_of(lambda: send(**files), enough=enough)
        return whole if whole < enough else whole - cpu_of(send)

    send()
    return beyond


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_a_drawing_of_full_size_is_read_in_a_moment(spent: Any, data: bytes) -> None:
    assert svg.LARGEST * 0.8 < len(data) <= svg.LARGEST
    assert spent(LONGEST_READ_CPU_S, picture_file=data) < LONGEST_READ_CPU_S


@pytest.mark.parametrize("data", FILMS.values(), ids=FILMS)
def test_a_lottie_of_full_size_is_read_in_a_moment(spent: Any, data: bytes) -> None:
    assert len(data) <= lottie.LARGEST
    assert spent(LONGEST_READ_CPU_S, motion_file=data) < LONGEST_READ_CPU_S


@pytest.mark.parametrize("data", MOVING.values(), ids=MOVING)
def test_a_moving_file_of_full_size_costs_next_to_nothing(spent: Any, data: bytes) -> None:
    assert webm.LARGEST - 2 * ROOM < len(data) <= webm.LARGEST
    assert spent(LONGEST_CPU_S, motion_file=data) < LONGEST_CPU_S


def test_a_file_of_too_many_parts_says_so() -> None:
    assert "too many parts" in refusal(webm.inspect, MOVING["film, elements of a cluster"])
    assert "too many parts" in refusal(apng.inspect, MOVING["picture, chunks"])
    assert not Gift.objects.filter(name="").exists()


def test_a_number_that_no_film_has_is_refused() -> None:
    time = part(webm.TIMESTAMP, b"\x7f" * 300)
    data = reel(extra=part(webm.CLUSTER, time))
    assert "this is not valid WebM" in refusal(webm.inspect, data)
