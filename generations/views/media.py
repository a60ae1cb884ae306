from textwrap import shorten

from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from generations.models import Output, Upload
from generations.views import files


@require_safe
def media(request, output_pk, variant):
    """A saved file for people of the team: its original or a thumbnail. `?download` offers it under a telling name."""
    output = get_object_or_404(Output.objects.visible_to(request.user), pk=output_pk)
    download = "download" in request.GET
    name = telling_name(output) if download else short_name(output)
    return files.answer(request, output, variant, name, download=download)


@require_safe
def upload(request, pk, variant):
    """A file that somebody of the team gave as input: its original or a thumbnail."""
    found = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    return files.answer(request, found, variant, f"input-{found.pk}", download="download" in request.GET)


def short_name(output):
    return f"modellix-{output.task_id}-{output.position + 1}"


def telling_name(output):
    """The prompt's first words, the model, the numbers of task and file: "paper-boats-at-dawn-seedream-45-12-1"."""
    text = output.task.prompt.text
    words = slugify(shorten(text, 48, placeholder="") or text[:48], allow_unicode=True)
    model = slugify(output.task.model_name)
    return "-".join(filter(None, [words, model, str(output.task_id), str(output.position + 1)]))
