"""Where pictures and animations of gifts are."""

from django.templatetags.static import static


def address_of(path: str) -> str:
    """Return the address of a picture or animation, whether shipped or uploaded."""
    return path if not path or path.startswith("/") else static(path)
