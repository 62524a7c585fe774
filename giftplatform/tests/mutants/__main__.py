"""Take the guards away one at a time and print which test noticed. Exits with 1 if none did.

As many processes as JOBS says (2) try them side by side, each in a copy and a database of its own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from giftplatform.tests.mutants import (
    audit,
    business,
    care,
    codes,
    disputes,
    documents,
    eligibility,
    elsewhere,
    guardians,
    guests,
    inputs,
    ledger,
    money_back,
    on_replays,
    payments,
    pictures,
    rights,
    rooms,
    to_guests,
    top_ups,
    transfers,
    two_people,
    velocity,
    video,
)
from giftplatform.tests.mutants.guards import Edit, Guard

GUARDS = [
    *(*ledger.GUARDS, *audit.GUARDS, *business.GUARDS, *payments.GUARDS, *two_people.GUARDS),
    *(*money_back.GUARDS, *care.GUARDS, *documents.GUARDS, *disputes.GUARDS, *top_ups.GUARDS),
    *(*guardians.GUARDS, *transfers.GUARDS, *codes.GUARDS),
    *(*eligibility.GUARDS, *rooms.GUARDS, *rights.GUARDS, *inputs.GUARDS),
    *(*velocity.GUARDS, *pictures.GUARDS, *video.GUARDS, *elsewhere.GUARDS, *guests.GUARDS),
    *(*on_replays.GUARDS, *to_guests.GUARDS),
]
HERE = Path(__file__).resolve().parents[3]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", "__pycache__", ".*_cache", ".hypothesis"
)
# A test of the database that takes no time.
NOTHING = "giftplatform/tests/test_guards.py::test_one_row_per_webhook"
say = sys.stdout.write


JOBS = int(os.environ.get("JOBS", "2"))


def environment(tree: Path) -> dict[str, str]:
    """Return what the programs that run in this copy find in their environment."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "testing.settings",
        "PYTHONWARNINGS": "ignore",
        "TEST_DB_SUFFIX": f"{os.environ.get('TEST_DB_SUFFIX', '')}_mutant{tree.parent.name}",
        "VAR_DIR": os.environ.get("VAR_DIR", str(HERE / "var")),
    }


def run(tree: Path, tests: list[str], *, make_tables: bool) -> tuple[bool, list[str]]:
    """Run tests in the copy; return whether they passed, and the names of those that failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--maxfail=2", "--tb=no", "--reuse-db"]
    tables = ["--create-db"] if make_tables else []
    done = subprocess.run(
        [*command, *tables, "-p", "no:cacheprovider", f"--basetemp={tree.parent}/tmp", *tests],
        cwd=tree,
        env=environment(tree),
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^(?:FAILED|ERROR) \S+?::(.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if done.returncode not in (0, 1) or (done.returncode and not failed):
        raise SystemExit(f"The tests could not run:\n{done.stdout}\n{done.stderr}")
    return done.returncode == 0, failed


def apply(tree: Path, edit: Edit) -> None:
    """Take the guard out of the copy. Exits when its text is not there as often as expected."""
    path = tree / edit.path
    text = path.read_text()
    if text.count(edit.before) != edit.times:
        raise SystemExit(f"{edit.path} has {text.count(edit.before)} times:\n{edit.before}")
    path.write_text(text.replace(edit.before, edit.after))


def change_tables(tree: Path, edits: list[tuple[str, str, str]]) -> bool:
    """Change the database as files do that read one text and now another; return whether it can
    be done without making it anew.
    """
    if not edits:
        return True
    done = subprocess.run(
        [sys.executable, "-m", "giftplatform.tests.mutants.tables"],
        cwd=tree,
        env=environment(tree),
        input=json.dumps(edits),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0


def seen_to_fail(tree: Path, guard: Guard) -> list[str]:
    """Return the tests that fail without this guard, and put it back."""
    kept = {edit.path: (tree / edit.path).read_text() for edit in guard.edits}
    makes = [edit.path for edit in guard.edits if edit.changes_tables]
    try:
        for edit in guard.edits:
            apply(tree, edit)
        changed = {path: (tree / path).read_text() for path in makes}
        there = [(path, kept[path], changed[path]) for path in changed]
        in_place = change_tables(tree, there)
        failed = run(tree, list(guard.tests), make_tables=not in_place)[1]
    finally:
        for path, text in kept.items():
            (tree / path).write_text(text)
    back = [(path, changed[path], kept[path]) for path in changed]
    if not (in_place and change_tables(tree, back)):
        run(tree, [NOTHING], make_tables=True)
    return failed


def prepare(tree: Path, guards: list[Guard]) -> None:
    """Copy the tree, and see that every test of these guards passes with all of them in place."""
    shutil.copytree(HERE, tree, ignore=LEFT_OUT)
    tests = sorted({test for guard in guards for test in guard.tests})
    passed, failed = run(tree, tests, make_tables=True)
    if not passed:
        raise SystemExit(f"With every guard in place these fail already: {failed}")


def unseen_of(tree: Path, guards: list[Guard]) -> int:
    """Take each of these guards away and print who noticed; return how many nobody noticed."""
    unseen = 0
    for guard in guards:
        failed = seen_to_fail(tree, guard)
        unseen += not failed
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(failed))
        say(f"| {guard.name} | {names or '**none**'} |\n")
        sys.stdout.flush()
    return unseen


def main(wanted: list[str]) -> int:
    """Try every guard (or those whose name holds one of the words) and print the table."""
    guards = [g for g in GUARDS if not wanted or any(word in g.name for word in wanted)]
    shares = [share for at in range(JOBS) if (share := guards[at::JOBS])]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(JOBS) as pool:
        trees = [Path(folder) / str(at) / "tree" for at in range(len(shares))]
        list(pool.map(prepare, trees, shares))
        say(f"{len(guards)} guards; with all of them in place every test passes.\n\n")
        say("| Guard taken away | Tests that fail |\n| --- | --- |\n")
        return 1 if sum(pool.map(unseen_of, trees, shares)) else 0


if __name__ == "__main__":
    began = time.monotonic()
    outcome = main(sys.argv[1:])
    say(f"\n{int(time.monotonic() - began)} seconds.\n")
    sys.exit(outcome)
