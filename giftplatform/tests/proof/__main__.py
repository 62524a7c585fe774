"""Run the proofs in full and print their figures. Exits with 1 if one fails.

Words choose among them by name: `python -m giftplatform.tests.proof faults` leaves the journal out.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parents[3]
TESTS = "giftplatform/tests"
CORES = os.cpu_count() or 1
say = sys.stdout.write


@dataclass(frozen=True)
class Proof:
    """One file of tests in its full size; `parts` processes with a database each share the work."""

    name: str
    file: str
    parts: int = 1


PROOFS = [
    Proof("faults: one wallet, one key", f"{TESTS}/test_faults_balance.py"),
    Proof("faults: snapshots under load", f"{TESTS}/test_faults_snapshots.py"),
    Proof("faults: the clock", f"{TESTS}/test_faults_clock.py"),
    Proof("faults: dump and restore", f"{TESTS}/test_faults_restore.py"),
    Proof("faults: stripe", f"{TESTS}/test_faults_stripe.py"),
    Proof("faults: stripe's webhooks", f"{TESTS}/test_faults_webhooks.py"),
    Proof("faults: money back", f"{TESTS}/test_faults_money_back.py"),
    Proof("faults: bank transfers", f"{TESTS}/test_faults_transfers.py"),
    Proof("faults: workers killed", f"{TESTS}/test_faults_worker.py"),
    Proof("faults: killed", f"{TESTS}/test_faults_kill.py"),
    Proof("faults: killed, paid through stripe", f"{TESTS}/test_faults_kill_stripe.py"),
    Proof("journal in random order", f"{TESTS}/test_journal.py", parts=CORES),
]


@dataclass(frozen=True)
class Outcome:
    """The result of one process of a proof."""

    passed: bool
    output: str
    figures: list[str]


def run(proof: Proof, part: int, folder: Path) -> Outcome:
    """Run one part of a proof to its end."""
    report = folder / f"{part}.xml"
    suffix = os.environ.get("TEST_DB_SUFFIX", "")
    environment = os.environ | {
        "PROOF": "full",
        "PROOF_SHARE": f"{part}/{proof.parts}",
        "PYTHONWARNINGS": "ignore",
        "TEST_DB_SUFFIX": f"{suffix}_proof_{part}",
    }
    pytest = [sys.executable, "-m", "pytest", "-q", "--create-db", f"--junitxml={report}"]
    done = subprocess.run(
        [*pytest, f"--basetemp={folder}/{part}", "-p", "no:cacheprovider", proof.file],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode == 0, done.stdout + done.stderr, figures_of(report))


def figures_of(report: Path) -> list[str]:
    """Return a line of figures for each test that left some."""
    if not report.exists():
        return []
    lines = []
    for case in ElementTree.parse(report).iter("testcase"):
        told = [f"{p.get('name')} {p.get('value')}" for p in case.iter("property")]
        seconds = round(float(case.get("time", "0")))
        if told:
            lines.append(f"| `{case.get('name')}` | {'; '.join(told)} | {seconds} |")
    return lines


def prove(proof: Proof) -> bool:
    """Run a proof in all its parts, print its figures and return whether it held."""
    with tempfile.TemporaryDirectory(prefix="proof-") as name, ThreadPoolExecutor() as pool:
        parts = range(1, proof.parts + 1)
        outcomes = list(pool.map(lambda part: run(proof, part, Path(name)), parts))
    for outcome in outcomes:
        say("".join(f"{line}\n" for line in outcome.figures))
        if not outcome.passed:
            sys.stderr.write(outcome.output)
    sys.stdout.flush()
    return all(outcome.passed for outcome in outcomes)


def main(wanted: list[str]) -> int:
    """Run every proof, or those whose name holds one of the words."""
    proofs = [p for p in PROOFS if not wanted or any(word in p.name for word in wanted)]
    say("| Proof | Figures | Seconds |\n| --- | --- | --- |\n")
    failed = [proof.name for proof in proofs if not prove(proof)]
    say(f"\n{len(proofs) - len(failed)} of {len(proofs)} held.\n")
    if failed:
        say(f"Failed: {', '.join(failed)}.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    began = time.monotonic()
    outcome = main(sys.argv[1:])
    say(f"{int(time.monotonic() - began)} seconds on {CORES} cores.\n")
    sys.exit(outcome)
