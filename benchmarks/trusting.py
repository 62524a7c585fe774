"""The send without its guards: the function itself, with every question about the sender cut out.

What stays is what a gift cannot be written without: whose coins, which room, which price and rate.
"""

import re

NAME = "bench_trusting"
# What is cut, from the first words to the last, and what stands there instead.
CUTS = (
    ("e.id AS earlier,", "", "NULL::bigint AS earlier,"),
    ("(e.fan_id, e.stream_id", "AS same,", "false AS same,"),
    ("extract(year FROM age(", "y.minimum_age,", "NULL::int AS age, NULL::int AS minimum_age,"),
    ("EXISTS (SELECT 1 FROM live_block", "AS blocked,", "false AS blocked,"),
    ("(SELECT jsonb_agg(jsonb_build_object(", "AS own_limits,", "NULL::jsonb AS own_limits,"),
    ("        IF one.earlier IS NOT NULL THEN", "        -- Bonus coins go first.", ""),
    ("FUNCTION public.gifts_send(", "", f"FUNCTION public.{NAME}("),
)


def without_guards(source: str) -> str:
    """Return the definition of `gifts_send` with its guards cut out, under another name.

    Raises `LookupError` when the function no longer holds what is cut here.
    """
    for first, last, instead in CUTS:
        pattern = re.escape(first) + (f".*?{re.escape(last)}" if last else "")
        source, times = re.subn(pattern, instead, source, flags=re.DOTALL)
        if times != 1:
            raise LookupError(f"gifts_send holds {times} times: {first}")
    return source
