"""Blocked words in the admin: the site's list to edit, the creators' lists to read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.admin import StaffAdmin
from live.chat import words
from live.folding import fold_entry
from live.models import BlockedWord


class SiteWordForm(forms.ModelForm[BlockedWord]):
    """A word for the whole site."""

    class Meta:
        model = BlockedWord
        fields = ("word",)

    def clean_word(self) -> str:
        """Refuse a word that no list can hold, or that this one holds already."""
        word = str(self.cleaned_data["word"])
        try:
            words.check_entry(word)
        except words.NoWord as refused:
            raise forms.ValidationError(refused.detail) from None
        folded, starts = fold_entry(word)
        same = Q(folded=folded, starts=starts, creator=self.instance.creator)
        if BlockedWord.objects.filter(same).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("This word, or an equivalent one, is already on the list. Choose another.")
            )
        return word


@admin.register(BlockedWord)
class BlockedWordAdmin(StaffAdmin):
    """Blocked words. Staff edit the site's list; a creator's list is the creator's."""

    form = SiteWordForm
    list_display = ("word", "folded", "starts", "creator", "created_at")
    list_filter = (("creator", admin.EmptyFieldListFilter),)
    search_fields = ("word", "folded", "creator__handle")
    list_select_related = ("creator",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Words of a creator are changed by that creator."""
        mine = obj is None or obj.creator_id is None
        return mine and bool(super().has_change_permission(request, obj))
