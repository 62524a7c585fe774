"""Access to the studio."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render

from accounts.requests import AuthedRequest
from studio.forms.join import CreatorForm


def creators_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let creators in; invite other people to become one."""

    @wraps(view)
    def guarded(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_creator:
            return view(request, *args, **kwargs)
        return render(request, "studio/join.html", {"form": CreatorForm()})

    return guarded
