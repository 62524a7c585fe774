"""The words that are blocked in a creator's rooms, and the rules for messages and links."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import AuthedRequest
from foundation.errors import DomainError
from live.chat import words
from studio.access import creators_only
from studio.forms.moderation import RulesForm, WordForm


@require_http_methods(["GET", "POST"])
@creators_only
def blocked_words(request: AuthedRequest) -> HttpResponse:
    """Show the creator's words and rules, and block another word."""
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = words.block_word(creator=request.user, word=form.cleaned_data["word"])
        except DomainError as refused:
            form.add_error("word", refused.detail)
        else:
            said = _("“%(word)s” is now blocked in your rooms.") % {"word": made.word}
            messages.success(request, said)
            return redirect("studio:words")
    context = {
        "form": form,
        "rules": RulesForm(instance=words.room_rules_of(request.user)),
        "words": request.user.blocked_words.all(),
    }
    return render(request, "studio/blocked_words.html", context, status=422 if form.errors else 200)


@require_POST
def allow(request: AuthedRequest, number: int) -> HttpResponse:
    """Remove a word from the creator's list."""
    words.unblock_word(creator=request.user, number=number)
    messages.success(request, _("Word removed from your list."))
    return redirect("studio:words")


@require_POST
def rules(request: AuthedRequest) -> HttpResponse:
    """Change the rules for messages with gifts and for links."""
    form = RulesForm(request.POST)
    form.is_valid()  # two boxes: whatever comes is a yes or a no
    words.change_rules(creator=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("studio:words")
