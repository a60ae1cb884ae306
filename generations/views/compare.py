"""Two to four files side by side, with names or without."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from generations.forms.compare import MOST, Ballot, CompareForm, VoteForm
from generations.models import Favourite, Task
from generations.views.comparison import Comparison

OFFERED = 12  # others to compare with


@require_safe
def compare(request):
    """`?file=` for each; `?blind=1` hides who made them, for a vote."""
    form = CompareForm(request.GET)
    files = form.outputs(request.user) if form.is_valid() else []
    shown = Comparison(files)
    if form.is_valid() and form.cleaned_data["blind"] and shown.can_be_voted_on:
        return redirect("ballot", Ballot.shuffled(files).token(request.user))
    return render(request, "compare/compare.html", context(request, shown, others=others(request.user, files)))


@require_safe
def ballot(request, token):
    """The same without names, until this person has chosen."""
    found = Ballot.read(token, request.user)
    if found is None:
        raise Http404
    best = found.winner(request.user)
    told = {"token": token, "best": best, "blind": best is None}
    return render(request, "compare/compare.html", context(request, Comparison(found.files), **told))


@require_POST
def vote(request, token):
    """One choice per ballot; then the names are told."""
    found = Ballot.read(token, request.user)
    if found is None:
        raise Http404
    form = VoteForm(request.POST, found)
    if not form.is_valid():
        messages.error(request, "Choose one first.")
    elif not form.save(request.user):
        messages.warning(request, "You have chosen already. Your first choice counts.")
    return redirect("ballot", token)


def context(request, comparison, **told):
    likes = Favourite.of(request.user, comparison.files)
    return {"comparison": comparison, "columns": comparison.columns(likes)} | told


def others(user, files):
    """Generations to add: what the same press made, then the newest of the kind; with their first file."""
    if not files or len(files) >= MOST:
        return []
    first, used = files[0].task, [file.task_id for file in files]
    made = Task.objects.visible_to(user).filter(kind=first.kind, status__in=[Task.Status.DONE, Task.Status.PARTIAL])
    rest = made.exclude(pk__in=used).for_cards()
    siblings = list(rest.filter(prompt=first.prompt_id)[:OFFERED])
    newest = [task for task in rest[:OFFERED] if task not in siblings]
    return [task for task in [*siblings, *newest] if task.files][:OFFERED]
