from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


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
