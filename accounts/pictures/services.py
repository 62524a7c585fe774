"""A creator's own pictures: shown, replaced, removed, taken down, and their files really deleted.

A file has a random name, and the column of `Creator` that names it is the truth. It is written
before the row and deleted after it, never inside the transaction; what a process that was killed
in between leaves behind, `sweep` finds.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.creators import require_creator
from accounts.models import Creator, Part, PictureTakedown, User
from accounts.pictures.drawing import draw
from accounts.pictures.refusals import PictureTooLarge

FOLDER = "people"
MOST_MB = 5  # a body holds little more (giftplatform/runtime/buffered_requests.py)
# So long a file may lie there before a row names it.
GRACE = timedelta(hours=1)


def save_picture(*, creator: User, part: Part, file: "File[bytes]") -> Creator:
    """Show another picture from now on; the one before is deleted.

    Raises `NotACreator`, `PictureRefused` and its kinds, `PicturesAway`.
    """
    require_creator(creator)
    if file.size > MOST_MB * 1_000_000:
        raise PictureTooLarge(most=MOST_MB)
    drawn = draw(file.read(), part)
    path = default_storage.save(f"{FOLDER}/{secrets.token_hex(20)}.webp", ContentFile(drawn))
    try:
        return _show(creator.pk, {part: path})
    except BaseException:
        default_storage.delete(path)
        raise


def remove_picture(*, creator: User, part: Part) -> Creator:
    """Show none there, and delete the file. Repeating this changes nothing."""
    require_creator(creator)
    return _show(creator.pk, {part: ""})


@transaction.atomic
def take_down(*, creator: Creator, parts: Iterable[Part], by: User, reason: str) -> None:
    """Take pictures down for a reason, which the creator reads. What is not there stays so."""
    locked = _locked(creator.pk)
    there = [part for part in parts if getattr(locked, part)]
    _show(creator.pk, dict.fromkeys(there, ""))
    PictureTakedown.objects.bulk_create(
        PictureTakedown(creator=locked, part=part, by=by, reason=reason) for part in there
    )


def forget_pictures(user: User) -> None:
    """Delete all pictures of a person who leaves, and what was said of those taken down."""
    if Creator.objects.filter(user=user).exists():
        _show(user.pk, dict.fromkeys(Part, ""))
        PictureTakedown.objects.filter(creator_id=user.pk).delete()


@transaction.atomic
def _show(pk: int, paths: dict[Part, str]) -> Creator:
    creator = _locked(pk)  # of two uploads the later one knows the earlier one's file
    for part, path in paths.items():
        if before := getattr(creator, part):
            transaction.on_commit(partial(default_storage.delete, before))
        setattr(creator, part, path)
    creator.save(update_fields=list(paths))
    return creator


def _locked(pk: int) -> Creator:
    return Creator.objects.select_for_update(no_key=True).get(pk=pk)


def sweep() -> int:
    """Delete files that no row names, older than the grace; return how many."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0  # nobody has uploaded one yet
    old = [f"{FOLDER}/{name}" for name in names if _is_old(f"{FOLDER}/{name}")]
    named: set[str] = set()
    for part in Part:  # asked after the files were listed: a row that came since names its own
        named.update(Creator.objects.exclude(**{part: ""}).values_list(part, flat=True))
    left = [path for path in old if path not in named]
    for path in left:
        default_storage.delete(path)
    return len(left)


def _is_old(path: str) -> bool:
    try:
        return default_storage.get_modified_time(path) < timezone.now() - GRACE
    except FileNotFoundError:
        return False  # deleted meanwhile
