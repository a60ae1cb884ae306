from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from generations.health.figures import Figures
from generations.health.lines import Line, lines
from generations.health.metrics import CONTENT_TYPE, exposition
from generations.models import Event
from generations.views.admins import admins_only

LATELY = {  # what is told of the last events, and how it looks
    Event.Kind.PAUSED: "stop",
    Event.Kind.RESUMED: "go",
    Event.Kind.LOST_TRACK: "stop",
    Event.Kind.SILENT: "ask",
    Event.Kind.FILE_AT_RISK: "ask",
    Event.Kind.FILE_LOST: "stop",
    Event.Kind.BUDGET_NEAR: "ask",
    Event.Kind.BUDGET_USED: "stop",
}
LOOKED_THROUGH, TOLD = 2000, 8  # events


@never_cache
@vary_on_headers("HX-Request")
@require_safe
@admins_only
def health(request):
    """How all is. htmx is given the part that changes."""
    now = Figures.now()
    told = lines(now)
    context = {
        "lines": told,
        "amiss": sorted((line for line in told if not line.is_good), key=lambda line: line.state != Line.ACT),
        "lately": lately(),
        "at": now.at,
        "provider": now.provider,  # these three for the frame, which would ask again
        "safety": now.unsaved,
        "asked": now.asking,
    }
    return render(request, "health/_health.html" if request.htmx else "health/health.html", context)


def lately(kinds=LATELY):
    """The last events of these kinds, among the last ones of all: no event is looked for through years of them."""
    newest = Event.objects.order_by("-pk").values("pk")[LOOKED_THROUGH : LOOKED_THROUGH + 1]
    recent = Event.objects.filter(pk__gt=Coalesce(Subquery(newest), 0), kind__in=kinds).order_by("-pk")
    recent = recent.select_related("actor")[:TOLD]
    return [(event, kinds[event.kind]) for event in recent]


@never_cache
@login_not_required
@require_safe
def metrics(request):
    """The same figures for Prometheus, which brings a token. Nothing is here while none is set."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("A token is needed.\n", "text/plain", 401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(exposition(Figures.now()), CONTENT_TYPE)


@never_cache
@login_not_required
@require_safe
def alive(request):
    """This process answers. Says nothing of anything else, so that a supervisor does not restart it in vain."""
    return HttpResponse("ok\n", "text/plain")


@never_cache
@login_not_required
@require_safe
def ready(request):
    """Whether pages can be served: the database answers. For a load balancer."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", "text/plain", status=503)
    return HttpResponse("ready\n", "text/plain")
