"""Which style sheets are loaded together, in the order of the cascade: `STYLE_GROUPS`.

Of every page, of some pages, of a part of a page. `{% styles "name" %}` loads a group.
"""

_STAGE = ("gifts/stage/stage.css", "gifts/stage/combo_lines.css")
_TRAY = tuple(
    f"gifts/tray/{name}.css" for name in ("tray", "receivers", "tile", "press", "foot", "undo")
)
STYLE_GROUPS = {
    "site": tuple(
        f"css/{name}.css"
        for name in (
            "tokens",
            "base",
            "frame",
            "layout",
            "controls",
            "fields",
            "choices",
            "surfaces",
            "overlays",
            "data",
            "marks",
            "drawn",
            "utilities",
            "print",
        )
    ),
    "stage": _STAGE,
    "tray": _TRAY,
    "room": (
        *(
            f"live/{name}.css"
            for name in ("scene", "room", "guest_door", "chat", "people", "lines", "goal")
        ),
        "video/controls.css",
        "video/elsewhere.css",
        *_STAGE,
        *_TRAY,
    ),
    "console": tuple(
        f"studio/{name}.css"
        for name in ("console", "console_lines", "console_chat", "alert_queue", "guests")
    ),
    # The theme's sheets are layered, ours are not: ours hold wherever they stand.
    "staff": (
        "unfold/fonts/material-symbols/styles.css",
        "css/staff.css",
        "css/staff-lists.css",
        "css/staff-person.css",
        "unfold/css/styles.css",
        "unfold/css/simplebar/simplebar.css",
    ),
}
