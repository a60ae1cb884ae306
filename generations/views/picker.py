"""What the composer is shown with; above all the models to choose from, on shelves.

First what this person and the team use most, then the others by what they make of what.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.utils.functional import SimpleLazyObject

from generations.forms.offer import of_side
from generations.forms.prices import Prices
from generations.models import Draft, StarredModel, Task
from generations.templatetags.cards import shelf

RECENT_TASKS = 500  # of the team, for what is used most
RECENT, MOST_USED = 4, 3  # models on these shelves


@dataclass(frozen=True)
class Shelf:
    """is_mixed: its models are of several types, so each has to say its own."""

    title: str
    models: list
    is_mixed: bool = True
    is_starred: bool = False


def composing(form, draft=None, kept=None, has_list=False):
    """What the composer's templates need. `draft`: the Draft that it shows; `kept`: another one, if it is known.

    The list of models comes when it is opened; without script (`has_list`) it has to be there.
    """
    models = of_side(form.kind)
    kept = draft or kept or SimpleLazyObject(partial(Draft.of, form.author))
    picker = {"shelves": SimpleLazyObject(partial(shelves, form.author, models)), "has_list": has_list}
    picker |= {"houses": list(dict.fromkeys(model.provider_name for model in models)), "usual": form.experience.usual}
    picker["prices"] = SimpleLazyObject(partial(Prices.of, models))
    return {"form": form, "draft": kept, "is_draft": draft is not None} | picker


def shelves(user, models):
    """Each model once, on the first Shelf that it belongs to."""
    stars = set(StarredModel.objects.filter(person=user).values_list("model_slug", flat=True))
    groups = {"Starred": stars, "Recent": recent(user)[:RECENT], "Most used by the team": most_used(user)}
    left, found = list(models), []
    for title, slugs in groups.items():
        taken = [model for model in left if model.slug in slugs]
        left = [model for model in left if model.slug not in slugs]
        found += [Shelf(title, taken, is_starred=slugs is stars)] if taken else []
    return found + [Shelf(title, list(group), is_mixed=False) for title, group in groupby(left, key=shelf)]


def recent(user):
    """The models of this person's last prompts, by slug, newest first."""
    return list(dict.fromkeys(slug for prompt in user.last_prompts for slug in prompt.model_slugs))


def most_used(user):
    counts = Counter(Task.objects.visible_to(user).values_list("model_slug", flat=True)[:RECENT_TASKS])
    return {slug for slug, _ in counts.most_common(MOST_USED)}
