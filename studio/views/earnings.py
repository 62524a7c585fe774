"""The statement per gift, on the page and as CSV."""

from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
from foundation import sheets
from foundation.requests import number
from gifts.earnings import statement
from gifts.earnings.totals import all_time
from studio.access import creators_only
from wallet.prices.diamonds import CreatorsMoney


@require_GET
@creators_only
def earnings(request: AuthedRequest) -> HttpResponse:
    """Show every gift with where each part of its price went."""
    before = number(request.GET.get("before", ""))
    reader = CreatorsMoney(request.user)
    lines, following = statement.page_of(request.user, reader, before=before)
    context = {
        "lines": lines,
        "foot": statement.foot_of(lines, reader),
        "following": following,
        "is_first": before is None,
        "totals": all_time(request.user, reader),
        "rate": reader.rate,
    }
    return render(request, "studio/earnings.html", context)


def as_csv(rows: Iterable[list[sheets.Cell]], name: str) -> StreamingHttpResponse:
    """Return rows as a CSV download that is written while it is sent."""

    def written() -> Iterator[str]:
        yield "\ufeff"  # tells Excel that the file is UTF-8
        yield from sheets.lines(rows)

    response = StreamingHttpResponse(written(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.csv"'
    return response


@require_GET
@creators_only
def statement_csv(request: AuthedRequest) -> StreamingHttpResponse:
    """Download the whole statement, a row per gift."""
    return as_csv(statement.csv_rows(request.user), f"gifts-{request.user.handle}")


@require_GET
@creators_only
def daily_csv(request: AuthedRequest) -> StreamingHttpResponse:
    """Download a year of days."""
    return as_csv(statement.daily_rows(request.user), f"days-{request.user.handle}")
