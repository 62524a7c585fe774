"""The form for a gift of the catalogue; it inspects the picture and the animation."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.models import Country
from gifts.models import Gift, Upload
from gifts.stage import uploads
from gifts.stage.rendering.queue import submit, withdraw


class GiftForm(forms.ModelForm[Gift]):
    """A gift of the catalogue. Files are kept once the whole form is right."""

    picture_file = forms.FileField(
        label=_("New picture"),
        required=False,
        help_text=_(
            "SVG, up to 200 KB. Shown in the tray, in lists and to people who prefer "
            "reduced motion."
        ),
        error_messages={"required": _("Upload a picture for the gift.")},
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".svg"}),
    )
    motion_file = forms.FileField(
        label=_("New animation"),
        required=False,
        help_text=_(
            "Lottie (JSON, 1 MB), silent WebM or APNG (4 MB), up to 15 seconds. Without one, the "
            "picture is animated to suit its size on screen."
        ),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".json,.webm,.png,.apng"}),
    )
    drop_motion = forms.BooleanField(
        label=_("Remove the animation"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    class Meta:
        model = Gift
        fields = (
            "name", "slug", "alt", "kind", "duration_ms", "message_length", "combo",
            "confirm_twice", "available_from", "retired_at", "position", "from_level",
            "club_only", "countries",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = Country.objects.order_by("name").values_list("pk", "name")
        self.fields["countries"] = forms.MultipleChoiceField(
            label=_("Countries"),
            choices=list(countries),
            required=False,
            help_text=_("Only fans in these countries can send it. Choose none to allow all."),
            widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 8}),
        )
        self.fields["picture_file"].required = self.instance.pk is None

    def clean_picture_file(self) -> tuple[bytes, uploads.Inspected] | None:
        """Refuse a picture that is no harmless drawing."""
        return _inspected("picture_file", self.cleaned_data["picture_file"])

    def clean_motion_file(self) -> tuple[bytes, uploads.Inspected] | None:
        """Refuse an animation that runs, fetches, or is too much to play."""
        return _inspected("motion_file", self.cleaned_data["motion_file"])

    def clean(self) -> dict[str, Any]:
        """Refuse a schedule that ends before it begins."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("available_from"), data.get("retired_at")
        if first and last and last <= first:
            self.add_error(
                "retired_at", _("The end date is before the start date. Choose a later one.")
            )
        return data

    def submit_files(self, gift: Gift) -> bool:
        """Keep the files, which the gift shows once drawn; return whether there are any."""
        files = [
            (Upload.Part.PICTURE, self.cleaned_data["picture_file"]),
            (Upload.Part.ANIMATION, self.cleaned_data["motion_file"]),
        ]
        kept = [(part, *file) for part, file in files if file]
        for part, data, found in kept:
            submit(gift=gift, part=part, data=data, found=found)
        if self.cleaned_data["drop_motion"] and not self.cleaned_data["motion_file"]:
            withdraw(gift=gift, part=Upload.Part.ANIMATION)
        return bool(kept)


def _inspected(
    field: str, file: UploadedFile[bytes] | None
) -> tuple[bytes, uploads.Inspected] | None:
    if not file:
        return None
    if (file.size or 0) > uploads.LARGEST:
        most = uploads.LARGEST // 1_000_000
        raise forms.ValidationError(
            _("This file is larger than %(most)s MB. Choose a smaller one."), params={"most": most}
        )
    data = file.read()
    try:
        inspect = uploads.inspect_picture if field == "picture_file" else uploads.inspect_animation
        return data, inspect(data)
    except uploads.UploadRefused as refused:
        raise forms.ValidationError(refused.detail) from None
