"""The box of links on the page of what they open."""

from urllib.parse import urljoin

from django.conf import settings

from generations.models import Output, ShareLink


def box(request, team=None, **subject):
    """The context of `links/_box.html`: the live links to `task=` or `collection=` that this person may change.

    `team` is for who knows its rules already.
    """
    [(name, row)] = subject.items()
    links = ShareLink.objects.filter(**subject).changeable_by(request.user).live(team)
    shareable = name != "task" or any(output.is_saved for output in row.outputs.all())
    return {"links": [addressed(request, link) for link in links], "box": (name, row.pk), "shareable": shareable}


def around(request, link, team):
    """The box of the page of what a link opens, if there is such a page."""
    if link.task:
        return box(request, team, task=link.task)
    return box(request, team, collection=link.collection) if link.collection else {}


def addressed(request, link):
    """With its full `address`, which people copy."""
    link.address = urljoin(settings.PUBLIC_URL or request.build_absolute_uri("/"), link.get_absolute_url())
    return link


def show_faces(request, links):
    """Links that came with_face() get their address and name; what of it this person may not see is left out."""
    visible = Output.objects.visible_to(request.user).filter(pk__in=[link.face for link in links if link.face])
    pks = set(visible.values_list("pk", flat=True))
    for link in links:
        link.name = link.name_for(request.user)
        addressed(request, link).face = link.face if link.face in pks else None
