"""People, as staff see them."""

from typing import Any, ClassVar, cast

# Their own admin pages are imported first, so that they can be taken away: one place per thing.
from allauth.account import admin as _account_admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa import admin as _mfa_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as _sessions_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.models import (
    ApiKey,
    Creator,
    Part,
    SpendingLimit,
    SpendingPause,
    User,
)
from accounts.pictures.services import take_down
from accounts.services import move
from foundation.admin import ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, link

for model in (EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class EmailInline(ReadOnlyInline):
    """The person's addresses."""

    model = EmailAddress
    fields = ("email", "verified", "primary")


class AuthenticatorInline(ReadOnlyInline):
    """The second steps the person has, without their secrets."""

    model = Authenticator
    fields = ("type", "created_at", "last_used_at")
    readonly_fields = fields


class ApiKeyInline(ReadOnlyInline):
    """The person's keys to the API, without their texts. One that leaked can be revoked."""

    model = ApiKey
    fields = ("name", "ending", "scopes", "created_at", "ends_at", "last_used_at")
    readonly_fields = fields
    can_delete = True


class NewUserForm(UserCreationForm):
    """A person that staff make: an account for a colleague, mostly."""

    class Meta:
        model = User
        fields = ("email", "handle")


@admin.register(User)
class UserAdmin(DjangoUserAdmin, StaffAdmin):  # type: ignore[type-arg]  # has no subscript
    """Everybody. The password is set through its own form; rights are given by superusers alone."""

    form = UserChangeForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("who", "email", "country", "role", "is_active", "date_joined")
    list_filter = ("is_staff", "is_creator", "is_active", "country__region", "country")
    list_select_related = ("country",)
    search_fields = ("email", "handle", "display_name", "public_id")
    search_help_text = _("Name, handle or email")
    ordering = ("-date_joined",)
    readonly_fields = (
        "public_id",
        "date_joined",
        "last_login",
        "is_creator",
        "their_password",
        # Their own choices: staff see them and do not make them.
        "confirm_from_coins",
        "private_supporter",
    )
    inlines: ClassVar[list[Any]] = [
        EmailInline,
        AuthenticatorInline,
        ApiKeyInline,
    ]
    fieldsets = (
        (None, {"fields": ("email", "their_password")}),
        (_("Public profile"), {"fields": ("handle", "display_name", "is_creator")}),
        (_("Location"), {"fields": ("country", "date_of_birth")}),
        (_("Sending gifts"), {"fields": ("confirm_from_coins", "private_supporter")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups")},
        ),
        (_("Since"), {"fields": ("public_id", "date_joined", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "handle", "password1", "password2")}),
    )
    RIGHTS = ("is_staff", "is_superuser", "groups")

    @display(description=_("Person"), header=True, ordering="handle")
    def who(self, user: User) -> list[str]:
        """Name and handle, one above the other."""
        return [user.name, f"@{user.handle}"]

    @display(
        description=_("Role"),
        label={"staff": "primary", "creator": "info", "fan": "success"},
    )
    def role(self, user: User) -> tuple[str, Any]:
        """The person's role: staff before creator before fan."""
        if user.is_staff:
            return "staff", _("staff")
        return ("creator", _("creator")) if user.is_creator else ("fan", _("fan"))

    @display(description=_("Password"))
    def their_password(self, user: User) -> str:
        """The way to the form that sets another; nothing of the one there is."""
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return link(address, gettext("Set another password"))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Return the parts of the form; the way to a password only to those who may set one."""
        first, *others = super().get_fieldsets(request, obj)
        if obj and not self.has_change_permission(request, obj):
            first = (None, {"fields": ("email",)})
        return [first, *others]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save the person; another country is written down as a move that staff made."""
        if change and "country" in form.changed_data and obj.country:
            to, obj.country_id = obj.country, form.initial["country"]
            move(user=obj, country=to, by=cast("User", request.user))
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Return what this member of staff only sees: rights, unless they are a superuser."""
        # The address belongs to its owner: the mailbox opens the account.
        fields = (*super().get_readonly_fields(request, obj), *(("email",) if obj else ()))
        return fields if request.user.is_superuser else (*fields, *self.RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers touch staff: an editor of people could else take over a colleague."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_staff or request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: the ledger leans on people's rows. An account is closed instead."""
        return False


class CreatorForm(ModelForm[Creator]):
    """A creator, with the reason for a change of trust."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_(
            "Required when you change the trust level or take a picture down. Saved in the audit "
            "log. A creator whom you flag reads it beside their gifts on hold; one whose picture "
            "you take down, beside its place."
        ),
    )
    take_down = forms.MultipleChoiceField(
        label=_("Take pictures down"),
        required=False,
        choices=Part,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The files are deleted for good."),
    )

    class Meta:
        model = Creator
        fields = ("trust", "bio", "avatar", "accepts_gifts")

    def clean(self) -> dict[str, Any]:
        """Return the answers; what takes something from a creator needs a reason."""
        answers = super().clean() or {}
        explained = "trust" in self.changed_data or answers.get("take_down")
        if explained and not answers.get("reason"):
            self.add_error("reason", _("Give a reason. The creator and other staff may ask."))
        return answers


@admin.register(Creator)
class CreatorAdmin(StaffAdmin):
    """People who go on air. Their trust decides how long earnings wait."""

    form = CreatorForm
    list_display = ("user", "trust_label", "accepts_gifts", "created_at")
    list_display_links = ("trust_label",)
    list_filter = ("trust", "accepts_gifts")
    list_select_related = ("user",)
    search_fields = ("user__handle", "user__email", "user__display_name")
    readonly_fields = ("user", "own_pictures", "taken_down", "created_at")
    fields = (
        "user",
        "own_pictures",
        "take_down",
        "taken_down",
        "trust",
        "reason",
        "bio",
        "avatar",
        "accepts_gifts",
        "created_at",
    )

    @display(description=_("Own pictures"))
    def own_pictures(self, creator: Creator) -> str:
        """The creator's uploads, side by side, each with its name."""
        shown = [
            (f"/media/{getattr(creator, part)}", part.label)
            for part in Part
            if getattr(creator, part)
        ]
        pictures = format_html_join(" ", '<img src="{}" alt="{}" height="96">', shown)
        return pictures or gettext("None")

    @display(description=_("Taken down before"))
    def taken_down(self, creator: Creator) -> str:
        """The pictures that staff took down, the last first, each with when, by whom and why."""
        told = [
            (date_format(one.created_at, "DATE_FORMAT"), one.by or "", str(one))
            for one in creator.takedowns.select_related("by")
        ]
        return format_html_join(mark_safe("<br>"), "{} {} {}", told) or gettext("None")  # ours

    @display(
        description=_("Trust"),
        label={"new": "info", "trusted": "success", "flagged": "danger"},
    )
    def trust_label(self, creator: Creator) -> tuple[str, str]:
        """The trust as a coloured word."""
        return creator.trust, creator.get_trust_display()

    def save_model(self, request: HttpRequest, obj: Creator, form: Any, change: bool) -> None:
        """Keep the reason with the trust that it explains."""
        if "trust" in form.changed_data:
            obj.trust_reason = form.cleaned_data["reason"]
        super().save_model(request, obj, form, change)
        if parts := form.cleaned_data["take_down"]:
            take_down(
                creator=obj,
                parts=[Part(part) for part in parts],
                by=cast("User", request.user),
                reason=form.cleaned_data["reason"],
            )

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]] | str:
        """Return what the log keeps: from which trust to which, and why."""
        message: list[dict[str, Any]] = super().construct_change_message(
            request, form, formsets, add
        )
        if parts := form.cleaned_data["take_down"]:
            names = ", ".join(str(Part(part).label) for part in parts)
            why = f"{names}: {form.cleaned_data['reason']}"
            message = [*message, {"changed": {"fields": [why]}}]
        if "trust" in form.changed_data:
            before = Creator.Trust(form.initial["trust"]).label
            after = Creator.Trust(form.cleaned_data["trust"]).label
            return f"{before} → {after}: {form.cleaned_data['reason']}"
        return message

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People become creators themselves: their age is looked at there."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Creator | None = None) -> bool:
        """Creators stay: earnings lean on them."""
        return False


@admin.register(SpendingLimit)
class SpendingLimitAdmin(StaffAdmin):
    """The limits people set for themselves. Staff see them and cannot change them."""

    list_display = ("user", "span", "creator", "coins", "next_coins", "next_at")
    list_display_links = ("span",)
    list_filter = ("span",)
    list_select_related = ("user", "creator")
    search_fields = ("user__handle", "user__email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: people set their own limits."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SpendingLimit | None = None) -> bool:
        """Refuse: people change their own limits."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SpendingLimit | None = None) -> bool:
        """Refuse: people lift their own limits."""
        return False


@admin.register(SpendingPause)
class SpendingPauseAdmin(ReadOnlyAdmin):
    """The breaks from spending that people asked for. Nobody ends one early, staff neither."""

    list_display = ("user", "length", "asked_at", "until")
    list_display_links = ("length",)
    list_filter = ("length",)
    list_select_related = ("user",)
    search_fields = ("user__handle", "user__email")
