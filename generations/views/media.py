from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from generations.media import names
from generations.models import Output, Team, Upload
from generations.views import files


@require_safe
def media(request, output_pk, variant):
    """A saved file for people of the team: its original or a thumbnail.

    `?download` offers it under a telling name and with the team's marks; `?download=untouched` as it came.
    """
    output = get_object_or_404(Output.objects.visible_to(request.user).select_related("task"), pk=output_pk)
    download = request.GET.get("download")
    name = short_name(output) if download is None else names.telling(output)
    marks = None if download in (None, "untouched") else files.marking(output, Team.current(), variant)
    return files.answer(request, output, variant, name, download=download is not None, rewrite=marks)


@require_safe
def upload(request, pk, variant):
    """A file that somebody of the team gave as input: its original or a thumbnail."""
    found = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    return files.answer(request, found, variant, f"input-{found.pk}", download="download" in request.GET)


def short_name(output):
    return f"modellix-{output.task_id}-{output.position + 1}"
