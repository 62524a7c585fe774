"""The person who asks the API with a key, and what that key may do."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts import api_keys
from accounts.models import ApiKey, Scope, User
from foundation.errors import DomainError

View = TypeVar("View", bound=Callable[..., Any])


class MissingScope(DomainError):
    """The key was not made for this."""

    code = "missing_scope"
    status = 403
    message = _('This API key doesn\'t have the scope "%(scope)s". Create one that has it.')


class ApiKeyAuthentication(TokenAuthentication):
    """`Authorization: Token <key>`: the person who made the key, and the key itself."""

    def authenticate_credentials(self, key: str) -> tuple[User, ApiKey]:
        """Return the person and the key. Raises `AuthenticationFailed`."""
        found = api_keys.find(key)
        if found is None:
            raise AuthenticationFailed
        return found.user, found


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # ships no types
    """How the schema describes the key."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the header, and what the scopes mean."""
        scopes = "\n".join(f"- `{scope}`: {scope.label}." for scope in Scope)
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": f"`Token <key>`, with a key from your settings. Scopes:\n\n{scopes}",
        }


def scopes(**needed: Scope) -> Callable[[View], View]:
    """Declare which scope a key needs for each method of an operation: `@scopes(GET=Scope.READ)`.

    A browser's session needs none.
    """

    def declare(view: View) -> View:
        view.cls.scopes = needed  # type: ignore[attr-defined]  # of REST framework's view
        return view

    return declare


class HasScope(BasePermission):
    """Lets a key do what it was made for; an operation that declares no scope, nothing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the request may go on. Raises `MissingScope`."""
        if not isinstance(request.auth, ApiKey):
            return True
        method = str(request.method)
        if method.lower() not in view.http_method_names:
            return True  # answered with 405
        needed = getattr(view, "scopes", {}).get(method, "")
        if needed not in request.auth.scopes:
            raise MissingScope(scope=str(needed))
        return True
