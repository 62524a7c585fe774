"""Bank statements that a program puts into a folder: each is read once, bad ones are set aside.

A file is claimed by moving it into `taken/`, and ends in `done/` or `refused/`. A worker that dies
leaves it in `taken/`, from where it is read again: the same bytes book nothing twice.
"""

import logging
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.models import User
from foundation.errors import DomainError
from foundation.texts import clean
from payouts.statements import files
from payouts.statements.bank_statements import fingerprint
from wallet.models import RefusedFile

log = logging.getLogger(__name__)
AT_ONCE = 20
# A program may still be writing what has just changed.
QUIET_S = 5
LEASE_S = 600


def read_all() -> int:
    """Read what lies in the folder, and return how many files that was."""
    reader = owner()
    if not settings.STATEMENT_FOLDER or reader is None:
        return 0
    folder = Path(settings.STATEMENT_FOLDER)
    for name in ("taken", "done", "refused"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    claimed = list(_claimed(folder))
    for path in claimed:
        _read(folder, path, reader)
    return len(claimed)


def owner() -> User | None:
    """Return the member of staff as whose uploads the files count."""
    staff = User.objects.filter(is_staff=True, is_active=True)
    return staff.filter(handle=settings.STATEMENT_FOLDER_AS or None).first()


def _claimed(folder: Path) -> Iterator[Path]:
    """Yield files that this worker has alone: moved by it, or left behind by one that died."""
    now = time.time()
    for path in [*_plain(folder, QUIET_S, now), *_plain(folder / "taken", LEASE_S, now)][:AT_ONCE]:
        goal = folder / "taken" / path.name
        if path.parent == folder and goal.exists():
            goal = goal.with_name(f"{int(now)}-{path.name}")
        try:
            path.rename(goal)
            os.utime(goal)  # the lease begins
        except OSError:  # another worker has it
            continue
        yield goal


def _plain(folder: Path, quiet_s: int, now: float) -> list[Path]:
    """Return the files of a folder that nobody has touched for a while, the oldest first."""
    found = []
    for path in folder.iterdir():
        try:
            facts = path.lstat()
        except OSError:
            continue
        if stat.S_ISREG(facts.st_mode) and not path.name.startswith("."):
            found.append((facts.st_mtime, path))
    return [path for changed, path in sorted(found) if now - changed > quiet_s]


def _read(folder: Path, path: Path, reader: User) -> None:
    try:
        with path.open("rb") as file:
            try:
                files.take(content=file, by=reader)
            except DomainError as refusal:
                sha256 = fingerprint(file)
                why = clean(refusal.detail)[:300]
                name = clean(path.name)[:255] or "?"
                RefusedFile.objects.get_or_create(sha256=sha256, why=why, defaults={"name": name})
                path.rename(folder / "refused" / path.name)
                return
        path.rename(folder / "done" / path.name)
    except OSError:
        log.warning("A bank statement in the folder could not be moved; it is read again.")
    except Exception:
        log.exception("A bank statement in the folder could not be read; it is read again.")
