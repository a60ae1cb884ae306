from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from generations.engine.jobs import dispatch_later
from generations.models import Attempt, Delivery


@csrf_exempt
@login_not_required
@require_POST
def modellix(request, token):
    """Modellix says that something ended. Only a hint: nothing it says is believed, the engine looks for itself."""
    attempt = get_object_or_404(Attempt.objects.select_related("task"), hook_token=token)
    if is_new(attempt, request.headers):
        heed(attempt, request.headers.get("X-Modellix-Task-ID", ""))
    return HttpResponse(status=204)


def is_new(attempt, headers):
    """Note the delivery; False when it was noted before."""
    told = {
        "delivery_id": headers.get("X-Modellix-Delivery-ID", "")[:128],
        "event": headers.get("X-Modellix-Event", "")[:64],
    }
    try:
        with transaction.atomic():
            Delivery.objects.create(attempt=attempt, **told)
    except IntegrityError:
        return False
    return True


def heed(attempt, provider_task_id):
    with transaction.atomic():
        if attempt.provider_task_id:
            attempt.task.look_now()
        elif 0 < len(provider_task_id) <= Attempt.ID_LENGTH:
            attempt.hint(provider_task_id)
        dispatch_later()
