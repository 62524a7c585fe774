"""Proof of the steps: a row's events lead, one allowed step after the other, to where it stands."""

from collections.abc import Iterable, Mapping

from ledger.checks import Breach, found


def steps_lead_to_state(
    invariant: int, *, rows: str, steps: str, link: str, allowed: Mapping[str, Iterable[str]]
) -> Iterable[Breach]:
    """Yield the rows of a table whose events in another (linked by a column) do not begin with the
    first of the allowed steps, leave one out, or end somewhere else than the row's state.
    """
    first = next(iter(allowed))
    pairs = [f"{before}>{after}" for before, to in allowed.items() for after in to]
    yield from found(
        invariant,
        "A row's steps don't lead to its state.",
        "SELECT coalesce(r.id, s.of) AS id, r.public_id, r.state, s.id AS step, s.before,"  # noqa: S608  # our own words
        f" s.state AS came_to FROM {rows} r FULL JOIN ("
        f"   SELECT e.id, e.{link} AS of, e.state, lag(e.state) OVER w AS before,"
        f"     lead(e.id) OVER w AS next FROM {steps} e"
        f"   WINDOW w AS (PARTITION BY e.{link} ORDER BY e.id)) s ON s.of = r.id"
        " WHERE r.id IS NULL OR s.id IS NULL"
        " OR coalesce(s.before, '') || '>' || s.state <> ALL (%s)"
        " OR s.next IS NULL AND s.state <> r.state ORDER BY 1",
        [[f">{first}", *pairs]],
    )
