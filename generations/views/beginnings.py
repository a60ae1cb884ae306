"""What an address wants in the composer.

`?remix=` an order, with `&vary` under another seed, with `&only=` a single value of it; `?input=` a result or
`?upload=` a file that was given, with `&kind=` for what is to be made of it; `?undone=` what a Prompt asked for that was
taken back; `?preset=` a preset beside what is there; `?prompt=` a text.
"""

from django.shortcuts import get_object_or_404

from generations.forms.composer import ComposerForm
from generations.forms.offer import SIDES
from generations.forms.presets import applied, recalled
from generations.forms.remix import as_page, remix, with_result, with_upload, with_value
from generations.models import Output, Preset, Prompt, Task, Upload
from generations.views.numbers import whole


def begun(request, form):
    """The composer `form` with what the address wants in it; itself when it wants nothing."""
    wanted, user = request.GET, request.user
    if "remix" in wanted:
        tasks = Task.objects.visible_to(user).select_related("prompt")
        task = get_object_or_404(tasks, pk=whole(wanted["remix"]) or 0)
        return with_value(task, wanted["only"], user, form) if "only" in wanted else remix(task, user, "vary" in wanted)
    if "input" in wanted:
        output = get_object_or_404(Output.objects.visible_to(user).saved(), pk=whole(wanted["input"]) or 0)
        return with_result(output, user, side_for(output, wanted.get("kind")), form)
    if "upload" in wanted:
        upload = get_object_or_404(Upload.objects.visible_to(user), pk=whole(wanted["upload"]) or 0)
        return with_upload(upload, user, side_for(upload, wanted.get("kind")), form)
    if "undone" in wanted:
        return recalled(get_object_or_404(Prompt, author=user, pk=whole(wanted["undone"]) or 0), user)
    if "preset" in wanted:
        preset = get_object_or_404(Preset.objects.visible_to(user), pk=whole(wanted["preset"]) or 0)
        return applied(preset, as_page(form), user)
    if "prompt" in wanted:
        data = as_page(form)
        data["prompt"] = wanted["prompt"]
        return ComposerForm.adapted(data, user)
    return form


def side_for(output, wanted):
    """The side of the composer to work with this result on."""
    fitting = output.kind if output.kind in SIDES else "image"
    return wanted if wanted in SIDES else fitting
