"""The base of the payouts' admin pages: read-only, in a style of their own."""

from foundation.admin import ReadOnlyAdmin


class ActionsAdmin(ReadOnlyAdmin):
    """A page to read, with buttons that move rows: services make and change them."""

    list_fullwidth = True

    class Media:
        css = {"all": ("payouts/staff.css",)}
