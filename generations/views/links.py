from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from generations.forms.links import LinkForm
from generations.models import ShareLink, Task


@require_POST
def make(request, pk):
    """Open a door to one generation for people outside the team."""
    task = get_object_or_404(Task.objects.visible_to(request.user).changeable_by(request.user), pk=pk)
    form = LinkForm(task, request.POST)
    if not form.is_valid():
        return refused(request, task, form)
    return changed(request, task, "Link made.", made=form.save(request.user))


@require_POST
def revoke(request, pk):
    """Close a door at once."""
    link = get_object_or_404(ShareLink.objects.changeable_by(request.user).select_related("task"), pk=pk)
    link.revoke(request.user)
    return changed(request, link.task, "Link revoked. It no longer works.")


def box(request, task, link_form=None, made=None):
    """The context of `tasks/_links.html`, for who may change this task; `made` is the link made just now.

    Each link has its full `address`, which people copy.
    """
    links = list(task.share_links.live())
    for link in links:
        link.address = urljoin(settings.PUBLIC_URL or request.build_absolute_uri("/"), link.get_absolute_url())
    shareable = any(output.is_saved for output in task.outputs.all())
    return {
        "task": task,
        "links": links,
        "shareable": shareable,
        "link_form": link_form or LinkForm(task),
        "made": made,
    }


def changed(request, task, said, made=None):
    if request.htmx:
        return render(request, "links/on_change.html", box(request, task, made=made) | {"said": said})
    messages.success(request, said)
    return redirect(f"{task.get_absolute_url()}#links")


def refused(request, task, form):
    if request.htmx:
        return render(request, "tasks/_links.html", box(request, task, form), status=422)
    for errors in form.errors.values():
        messages.error(request, errors[0])
    return redirect(f"{task.get_absolute_url()}#links")
