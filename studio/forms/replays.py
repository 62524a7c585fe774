"""The form for the rules of a creator's video."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from video.models import VideoRules


class VideoRulesForm(forms.ModelForm[VideoRules]):
    """Whether streams to come are kept, and who makes clips of them."""

    class Meta:
        model = VideoRules
        fields = ("keep_replays", "clips_by")
        labels: ClassVar = {
            "keep_replays": _("Keep my streams as replays"),
            "clips_by": _("Who makes clips"),
        }
