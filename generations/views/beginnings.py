"""What an address wants in the composer.

`?remix=` an order, with `&vary` under another seed, with `&only=` a single value of it; `?input=` a result or
`?upload=` a file that was given, with `&kind=` for what is to be made of it; `?undone=` what a Prompt asked for that
was taken back; `?preset=` a preset beside what is there; `?prompt=` a text; `?into=` the collection for its files.
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
    begin = next((begin for name, begin in WAYS.items() if name in request.GET), None)
    return begin(request.GET, request.user, form) if begin else form


def with_order(wanted, user, form):
    tasks = Task.objects.visible_to(user).select_related("prompt")
    task = found(tasks, wanted["remix"])
    return with_value(task, wanted["only"], user, form) if "only" in wanted else remix(task, user, "vary" in wanted)


def with_output(wanted, user, form):
    output = found(Output.objects.visible_to(user).saved(), wanted["input"])
    return with_result(output, user, side_for(output, wanted.get("kind")), form)


def with_given(wanted, user, form):
    upload = found(Upload.objects.visible_to(user), wanted["upload"])
    return with_upload(upload, user, side_for(upload, wanted.get("kind")), form)


def with_undone(wanted, user, form):
    return recalled(found(Prompt.objects.filter(author=user), wanted["undone"]), user)


def with_preset(wanted, user, form):
    return applied(found(Preset.objects.visible_to(user), wanted["preset"]), as_page(form), user)


def with_text(wanted, user, form):
    data = as_page(form)
    data["prompt"] = wanted["prompt"]
    return ComposerForm.adapted(data, user)


def with_target(wanted, user, form):
    data = as_page(form)
    data["collection"] = wanted["into"]
    return ComposerForm.adapted(data, user)


WAYS = {  # what an address may have in it → what then is in the composer; the first one counts
    "remix": with_order,
    "input": with_output,
    "upload": with_given,
    "undone": with_undone,
    "preset": with_preset,
    "prompt": with_text,
    "into": with_target,
}


def found(rows, number):
    return get_object_or_404(rows, pk=whole(number) or 0)


def side_for(output, wanted):
    """The side of the composer to work with this result on."""
    fitting = output.kind if output.kind in SIDES else "image"
    return wanted if wanted in SIDES else fitting
