"""What a person asked for before, to take up again."""

from django.db.models import Max
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generations.models import Prompt, Task
from generations.models.prompt import LOOK_BACK
from generations.views.numbers import whole
from generations.views.words import words

PAGE = 20  # texts
MOST_PAGES = LOOK_BACK // PAGE + 1  # there are no more


@require_safe
def prompts(request):
    """Their own texts, newest first, each once. `?words=` looks for those with all of them, `?page=` goes on."""
    page, looked_for = min(whole(request.GET.get("page")) or 1, MOST_PAGES), words(request)
    found = list(Prompt.objects.texts_of(request.user, looked_for)[(page - 1) * PAGE : page * PAGE + 1])
    tasks = newest_tasks(request.user, [row["newest"] for row in found])
    rows = [row | {"task": tasks.get(row["newest"])} for row in found[:PAGE]]
    more = page + 1 if len(found) > PAGE else None
    return render(request, "prompts/_rows.html", {"rows": rows, "words": looked_for, "page": page, "more": more})


def newest_tasks(user, prompts):
    """{pk of the Prompt: pk of its newest task}, where there is one that this person may see."""
    tasks = Task.objects.visible_to(user).filter(prompt__in=prompts).order_by()
    return dict(tasks.values_list("prompt").annotate(Max("pk")))
