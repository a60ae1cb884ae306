from textwrap import shorten

from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from generations.models import Output, Team, Upload
from generations.views import files


@require_safe
def media(request, output_pk, variant):
    """A saved file for people of the team: its original or a thumbnail.

    `?download` offers it under a telling name and with the team's marks; `?download=untouched` as it came.
    """
    output = get_object_or_404(Output.objects.visible_to(request.user).select_related("task"), pk=output_pk)
    download = request.GET.get("download")
    name = short_name(output) if download is None else telling_name(output)
    marks = None if download in (None, "untouched") else files.marking(output, Team.current())
    return files.answer(request, output, variant, name, download=download is not None, rewrite=marks)


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
