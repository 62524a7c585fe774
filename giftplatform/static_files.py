"""Which of the static files that packages bring are packed."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class PackedFiles(StaticFilesConfig):
    """Leaves out what no page of ours asks for: packing it would slow down the first start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "swagger-ui-standalone*",
        "oauth2-redirect*",
    ]
