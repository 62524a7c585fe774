"""A person in the admin: the account's form below, and above it all that staff are asked about."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.admin.people import UserAdmin
from accounts.models import User
from accounts.models.notes import LONGEST_NOTE
from accounts.notes import write_note
from foundation.admin import person_page
from foundation.errors import DomainError
from foundation.requests import number
from giftplatform.staff.groups import BY_NAME
from giftplatform.staff.person import person_for

admin.site.unregister(User)


class GroupsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # has no subscript
    """Groups as boxes, each with the sentence that says what its people do."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget

    def label_from_instance(self, obj: models.Model) -> str:
        """Return the group's name, and what it is for."""
        known = BY_NAME.get(str(obj))
        sentence = known.sentence if known else _("Made by a superuser of this site.")
        return format_html('<strong>{}</strong> <span class="why">{}</span>', obj, sentence)


class NoteForm(forms.Form):
    """What a note's form sends beside its words."""

    key = forms.UUIDField()


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Everybody, each on one page."""

    change_form_outer_before_template = "admin/person/overview.html"
    filter_horizontal = ()

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer groups as boxes: nobody picks single rights."""
        if db_field.name != "groups":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        groups = Group.objects.order_by("name")
        return GroupsField(queryset=groups, required=False, label=_("Groups"))

    def get_urls(self) -> list[URLPattern]:
        """Add the address to which notes go."""
        note = self.button("<int:pk>/note/", self.note, "accounts.add_staffnote")
        return [note, *super().get_urls()]

    def note(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep a note about a person."""
        about = get_object_or_404(User, pk=pk)
        form = NoteForm(request.POST)
        text = request.POST.get("text", "")
        key = form.cleaned_data["key"] if form.is_valid() else None
        try:
            write_note(about=about, by=request.user, text=text, key=key)  # type: ignore[arg-type]  # staff are signed in
        except DomainError as refusal:
            if not self.has_view_or_change_permission(request):  # the page is not theirs to see
                messages.error(request, refusal.detail)
                return redirect("admin:index")
            request.method = "GET"  # the account's form below was not sent
            facts = {"note": text, "note_refused": refusal.detail}
            page = self.change_view(request, str(pk), person_page(pk), facts)
            page.status_code = refusal.status
            return page
        messages.success(request, gettext("Note saved. It can't be changed."))
        return redirect(f"{person_page(pk)}#notes")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the person above the account's form."""
        user = User.objects.filter(pk=number(object_id) or 0).select_related("country").first()
        facts = {
            "person": person_for(request, user) if user else None,
            "longest_note": LONGEST_NOTE,
            "note_key": uuid4(),
        }
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**facts, **(extra_context or {})}
        )
        return answer
