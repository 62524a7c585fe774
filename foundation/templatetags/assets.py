"""Style sheets and scripts, in templates."""

from typing import Any

from django import template
from django.templatetags.static import PrefixNode, static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foundation import static_files

register = template.Library()


@register.simple_tag
def styles(group: str) -> SafeString:
    """Return the links to a group of style sheets."""
    found = static_files.sheets(group)
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in found)
    )


@register.simple_tag(takes_context=True)
def module(context: Any, name: str) -> SafeString:
    """Return the element of a script module, with the addresses of all that it imports.

    The browser can then fetch them at once instead of one import after another.
    """
    prefix = PrefixNode.handle_simple("STATIC_URL")
    return format_html(
        '<script type="module" src="{}" nonce="{}" data-needs="{}"></script>',
        static(name),
        getattr(context.get("request"), "csp_nonce", ""),
        " ".join(f"{prefix}{other}" for other in static_files.needs(name)),
    )
