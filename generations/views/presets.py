"""Presets: beginnings for the composer, a person's own and those of the team."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from generations.forms.composer import ComposerForm
from generations.forms.presets import PresetForm, offered
from generations.models import Output, Preset
from generations.views.composer import received
from generations.views.words import words


@require_safe
def presets(request):
    """The list, in which `?words=` looks for names and texts."""
    return render(request, "presets/_list.html", listing(request))


@require_POST
def make(request):
    """A new one from what the composer holds. First asked only for the form, which begins with the text written."""
    composer = ComposerForm(received(request)[0], author=request.user)
    held = Preset(owner=request.user, model_slugs=composer.content["model_slugs"], values=composer.content["values"])
    if "preset-name" not in request.POST:
        form = PresetForm(owner=request.user, instance=held, initial={"text": composer.text})
        return render(request, "presets/_form.html", {"form": form})
    return saved(request, PresetForm(request.POST, owner=request.user, instance=held))


@require_http_methods(["GET", "HEAD", "POST"])
def preset(request, pk):
    """Another name, text or cover; for the team or not."""
    found = changeable(request, pk)
    form = PresetForm(request.POST or None, owner=found.owner, instance=found)
    return saved(request, form) if form.is_bound else render(request, "presets/_form.html", {"form": form})


@require_POST
def delete(request, pk):
    found = changeable(request, pk)
    found.delete()
    messages.success(request, f"“{found}” is deleted.")
    return render(request, "presets/on_change.html", listing(request))


def saved(request, form):
    preset = form.save() if form.is_valid() else None
    if preset is None:
        return render(request, "presets/_form.html", {"form": form}, status=422)
    messages.success(request, f"“{preset}” is saved.")
    return render(request, "presets/on_change.html", listing(request))


def changeable(request, pk):
    return get_object_or_404(Preset.objects.changeable_by(request.user), pk=pk)


def listing(request):
    """The presets with their models: their own, and those that others offer."""
    user, looked_for = request.user, words(request)
    changeable = set(Preset.objects.changeable_by(user).values_list("pk", flat=True))
    found = Preset.objects.visible_to(user).with_words(looked_for).select_related("owner")
    covers = Output.objects.visible_to(user).filter(pk__in=[each.cover_id for each in found]).in_bulk()
    rows = [
        {
            "preset": each,
            "cover": covers.get(each.cover_id),
            "models": offered(each),
            "may_change": each.pk in changeable,
        }
        for each in found
    ]
    own = [row for row in rows if row["preset"].owner_id == user.pk]
    return {"own": own, "others": [row for row in rows if row not in own], "words": looked_for}
