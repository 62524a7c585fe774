"""Answers that refuse, in Stripe's words."""

from stripe_standin.store import Thing


class Refusal(Exception):
    """A request that was refused and changed nothing."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        param: str = "",
        kind: str = "invalid_request_error",
        status: int = 400,
    ) -> None:
        super().__init__(message)
        self.status = status
        said = {"type": kind, "message": message, "code": code, "param": param}
        self.body: Thing = {"error": {name: word for name, word in said.items() if word}}


def missing(kind: str, name: object) -> Refusal:
    """Return that nothing has this id."""
    said = f"No such {kind}: '{name}'"
    return Refusal(said, code="resource_missing", param="id", status=404)
