"""The one place where a visitor's request becomes a link and what it opens; every address of a link goes through it.

Each request asks anew: is the link live, with all that the team decides; was its password given; is this file shown at
this moment; do the link's options allow it in this form. Whatever is refused looks as if it had never been.
"""

from dataclasses import dataclass
from functools import cached_property, wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from generations.media.marks import can_strip
from generations.models import Output, ShareLink, Team
from generations.views import files, passwords


@dataclass
class Visit:
    """Somebody who came in by a link."""

    link: ShareLink
    team: Team

    @property
    def outputs(self):
        """What is shown at this moment, in order."""
        return self.link.shown()

    @property
    def lasts(self):
        """Whether the link is live even now: for what takes long."""
        return ShareLink.objects.live().filter(pk=self.link.pk, password=self.link.password).exists()

    def output(self, pk):
        """Raises Http404 for what is not shown, or no longer."""
        output = self.outputs.filter(pk=pk).first()
        if output is None:
            raise Http404
        return output

    def looks_at(self, output, variant):
        """Whether a page may show this variant: the original where it may be taken home, or where only it plays."""
        if variant != "original":
            return variant in ("small", "medium") and bool(getattr(output, variant))
        return self.plays(output) or self.takes_home(output) == "original"

    def plays(self, output):
        return output.kind in (Output.Kind.VIDEO, Output.Kind.AUDIO) and self.gives_original(output)

    @property
    def takes_any_home(self):
        return self.link.downloads != ShareLink.Downloads.NONE

    def takes_home(self, output):
        """The variant of it that is offered for download, or None."""
        downloads = self.link.downloads
        if downloads == ShareLink.Downloads.ORIGINAL and self.gives_original(output):
            return "original"
        is_picture = output.kind == Output.Kind.IMAGE and output.medium
        return "medium" if is_picture and downloads != ShareLink.Downloads.NONE else None

    def gives_original(self, output):
        """An original goes out without what it tells where the prompt is hidden, or not at all."""
        return self.link.shows_prompts or can_strip(output.mime)

    def rewrite(self, output, variant):
        """How this variant leaves: with the team's marks, or, where the prompt is hidden, without any word.

        What we made of an original has none. Applied, it may raise Unclear.
        """
        if self.link.shows_prompts:
            return files.marking(output, self.team, variant)
        return files.stripping(output) if variant == "original" else None

    @cached_property
    def places(self):
        """The key of each file → its place, from 1."""
        return {pk: place for place, pk in enumerate(self.outputs.values_list("pk", flat=True), 1)}


def page(view):
    """view(request, visit, …): a page for whoever may come in. Others are asked for the password, or see it closed."""
    return guarded(view, ["GET", "HEAD", "POST"], passwords.ask)


def file(view):
    """view(request, visit, …): bytes for whoever may come in. Others are sent to the page, to be asked there."""
    return guarded(view, ["GET", "HEAD"], lambda request, link: redirect(link))


def guarded(view, methods, ask):
    @login_not_required
    @csrf_exempt  # a visitor has no cookie for a token, and a page without referrer no origin; see passwords.ask
    @require_http_methods(methods)
    @unlisted
    @wraps(view)
    def answer(request, token, *args, **kwargs):
        team = Team.current()
        link = ShareLink.objects.live(team).select_related("creator").filter(token=token).first()
        if link is None:
            return closed(token)
        if link.password and not passwords.is_given(request, link):
            return ask(request, link)
        if request.method == "POST":  # from a page that lay open while the password was taken away
            return redirect(request.path)
        try:
            return view(request, Visit(link, team), *args, **kwargs)
        except Http404:
            return render(None, "public/gone.html", {"link": link, "team": team}, status=404)

    return answer


def unlisted(view):
    """Tell search engines to stay away, browsers to keep nothing, and other sites nothing of the address."""

    @wraps(view)
    def discreet(*args, **kwargs):
        response = view(*args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return discreet


def closed(token):
    """Unknown, expired, revoked and switched off look alike; only the status differs."""
    status = 410 if ShareLink.objects.filter(token=token).exists() else 404
    return render(None, "public/closed.html", status=status)
