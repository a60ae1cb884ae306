"""The page of all links: one's own and those to one's own things; admins see everybody's."""

from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render

from generations.models import Collection, ShareLink, Task, Team
from generations.views.link_box import show_faces

PER_PAGE = 24
WORDS = ("title", "token", "creator__name")
CLOSED = (ShareLink.State.EXPIRED, ShareLink.State.REVOKED, ShareLink.State.SHUT)
STATES = {
    "open": ("Open", (ShareLink.State.OPEN, ShareLink.State.ENDING)),
    "ending": ("Ends soon", (ShareLink.State.ENDING,)),
    "closed": ("Closed", CLOSED),
}


class Filters(forms.Form):
    """What the list is narrowed to. Of an address that holds nonsense the rest still counts."""

    q = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=[(value, label) for value, (label, _) in STATES.items()])
    mine = forms.BooleanField(required=False)

    @property
    def query(self):
        """The same as part of an address; empty when nothing is looked for."""
        self.is_valid()
        return urlencode(
            {name: value if value is not True else "on" for name, value in self.cleaned_data.items() if value}
        )

    def narrowed(self, links, user):
        self.is_valid()
        asked = self.cleaned_data
        if words := asked.get("q"):
            links = links.filter(matching(words, user))
        if state := asked.get("state"):
            links = links.filter(state__in=STATES[state][1])
        return links.filter(creator=user) if asked.get("mine") else links


def matching(words, user):
    """Links whose address, title or subject, as far as this person sees it, has all of these words."""
    found, tasks, collections = Q(), Task.objects.visible_to(user), Collection.objects.visible_to(user)
    for word in words.split():
        by_link = Q(*[(f"{field}__icontains", word) for field in WORDS], _connector=Q.OR)
        by_task = Q(task__prompt__text__icontains=word, task__in=tasks)
        found &= by_link | by_task | Q(collection__name__icontains=word, collection__in=collections)
    return found


def page(request):
    """One page of the list, newest first; htmx gets the list alone."""
    team, filters = Team.current(), Filters(request.GET)
    links = ShareLink.objects.changeable_by(request.user).with_state(team).with_face()
    ending = 0 if request.htmx else links.filter(state=ShareLink.State.ENDING).count()
    links = filters.narrowed(links.select_related("task__prompt", "collection", "creator"), request.user)
    shown = Paginator(links, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "filters": filters, "states": STATES, "team": team, "query": filters.query}
    show_faces(request, shown)
    return render(request, "links/_list.html" if request.htmx else "links/links.html", context | {"ending": ending})
