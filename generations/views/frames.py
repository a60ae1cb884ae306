from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from generations.forms.frames import FrameForm
from generations.views.returning import back


@require_POST
def frame(request):
    """Keep a moment of a film as a picture, and open the composer with it."""
    form = FrameForm(request.POST, request.FILES, owner=request.user)
    if not form.is_valid():
        messages.error(request, form.errors["frame"][0])
        return back(request)
    return redirect(f"{reverse('studio')}?upload={form.cleaned_data['frame'].pk}&kind=video")
