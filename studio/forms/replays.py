"""The form for the rules of a creator's video."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from video.models import VideoRules


class VideoRulesForm(forms.ModelForm[VideoRules]):
    """Whether streams to come are kept and take gifts then, and who makes clips of them."""

    class Meta:
        model = VideoRules
        fields = ("keep_replays", "gifts_on_replays", "clips_by")
        labels: ClassVar = {
            "keep_replays": _("Keep my streams as replays"),
            "gifts_on_replays": _("Gifts on replays"),
            "clips_by": _("Who makes clips"),
        }
        help_texts: ClassVar = {
            "gifts_on_replays": _(
                "Fans can send gifts while they watch a replay. Everybody who watches it later "
                "sees them at that place."
            ),
        }
