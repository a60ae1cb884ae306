"""Doors for people outside the team: made, changed, kept open and closed in one dialog; without script, on a page."""

from io import BytesIO

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from generations.forms import passphrase
from generations.forms.links import LinkForm, Subject
from generations.models import ShareLink, Team
from generations.views import link_list
from generations.views.collections import glance
from generations.views.link_box import around, show_faces

DRAWN = {"svg": ("image/svg+xml", {"scale": 4}), "png": ("image/png", {"scale": 12})}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """The dialog for a link to a generation, a collection, or what is picked. POST, for what no address can hold."""
    if request.user.is_viewer:
        raise PermissionDenied
    subject = Subject.of(request.POST or request.GET, request.user)
    return dialog(request, form_for(request, subject.link(request.user), subject=subject))


@require_http_methods(["GET", "HEAD", "POST"])
def links(request):
    """All links, or one more."""
    return make(request) if request.method == "POST" else link_list.page(request)


def make(request):
    """A new link, as the dialog describes it."""
    subject = Subject.of(request.POST, request.user)
    form = form_for(request, subject.link(request.user), request.POST, subject=subject)
    link = form.save() if form.is_valid() else None
    if link is None:
        return dialog(request, form, status=422)
    return made(request, changeable(request, link.pk), form.told_password)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request, pk):
    """How a link stands, and all that can be changed about it."""
    found = changeable(request, pk)
    form = form_for(request, found, request.POST or None)
    if not form.is_bound:
        return dialog(request, form)
    saved = form.save() if form.is_valid() else None
    if saved is None:
        return dialog(request, form, status=422)
    if form.told_password:
        return made(request, changeable(request, pk), form.told_password)
    return told(request, pk, "Link changed." if form.changed else "Nothing changed.")


@require_POST
def revoke(request, pk):
    """Close a door at once."""
    changeable(request, pk).revoke(request.user)
    return told(request, pk, "Link revoked. It no longer works.")


@require_POST
def extend(request, pk):
    """Keep one that ends soon open for longer."""
    if changeable(request, pk).extend(request.user):
        return told(request, pk, "The link stays open for longer.")
    return told(request, pk, "Nothing changed: it does not end soon, or may not be open any longer.")


@require_safe
def password(request):
    """A made-up password for the dialog."""
    return render(request, "links/_password.html", {"value": passphrase.make()})


@require_safe
def code(request, pk, form):
    """The address as a QR code, for a poster or a slide."""
    mime, options = DRAWN[form]
    drawing = BytesIO()
    segno.make(changeable(request, pk).address, error="m").save(drawing, kind=form, **options)
    response = HttpResponse(drawing.getvalue(), mime)
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="link-{pk}.{form}"'
    return response


def changeable(request, pk):
    links = ShareLink.objects.changeable_by(request.user).with_state().with_face()
    link = get_object_or_404(links.select_related("task__prompt", "collection", "creator"), pk=pk)
    show_faces(request, [link])
    return link


def form_for(request, link, data=None, **options):
    return LinkForm(data, link=link, team=Team.current(), actor=request.user, **options)


def dialog(request, form, status=200):
    form.instance.name = form.instance.name_for(request.user)
    context = {"form": form, "link": form.instance, "subject": form.subject, "team": form.team}
    return render(request, "links/_form.html" if request.htmx else "links/link.html", context, status=status)


def made(request, link, password):
    """Where to find the link, and the password that is told this once."""
    if request.htmx:
        return render(request, "links/on_make.html", places(request, link) | {"password": password})
    once = f" Its password, which is not shown again: {password}" if password else ""
    messages.success(request, f"This is the link.{once}")
    return redirect("link", link.pk)


def told(request, pk, said):
    """The dialog closes; each place that shows the link shows it as it is now."""
    link = changeable(request, pk)
    if request.htmx:
        return render(request, "links/on_change.html", places(request, link) | {"said": said})
    messages.success(request, said)
    return redirect("link", pk)


def places(request, link):
    """The context of `links/_places.html`."""
    team = Team.current()
    book = glance(link.collection, team) if link.collection else None
    return {"link": link, "team": team, "book": book} | around(request, link, team)
