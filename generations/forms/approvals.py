"""What waits for an admin to agree: what it was to cost when it was asked for, and what it costs now."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from django import forms
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from generations.forms.offer import on_offer
from generations.forms.part import total
from generations.forms.prices import Prices
from generations.modellix.inputs import taken_as
from generations.modellix.pricing import Estimate
from generations.models import Purse, Revision, Task, Upload
from generations.models.entry import exact, month_of
from generations.models.purse import with_budgets


@dataclass(frozen=True)
class Ask:
    """One press, as far as it waits: its tasks, with their prompt and author."""

    tasks: tuple[Task, ...]

    @classmethod
    def of(cls, tasks):
        """Those of these tasks that wait, one Ask for each press, the oldest first."""
        authors = Prefetch("author", with_budgets(month_of(timezone.now())).all())
        found = tasks.awaiting_approval().select_related("prompt").prefetch_related(authors)
        presses = {}
        for task in found:
            presses.setdefault((task.prompt_id, task.repeat_of_id and task.pk), []).append(task)
        return [cls(tuple(press)) for press in presses.values()]

    @property
    def first(self):
        return self.tasks[0]

    @property
    def asked_at(self):
        return self.first.not_before - Task.DECIDED_WITHIN

    @property
    def models(self):
        """(name, how many orders) of each."""
        names = sorted(task.model_name for task in self.tasks)
        return [(name, len(list(same))) for name, same in groupby(names)]

    @property
    def purse(self):
        """What the budgets of its author have left."""
        return Purse.seen_by(self.first.author)

    @property
    def is_again(self):
        """Whether it was sent before, without a clear outcome."""
        return any(task.attempt for task in self.tasks)

    @property
    def was(self):
        """An Estimate of the whole, from when it was asked for; None when not all of it was known."""
        return total([estimated(task) for task in self.tasks])

    @cached_property
    def prices(self):
        """pk → an Estimate of now, None when it is not known. One that was known before stays as it was."""
        known = Prices.of([model for task in self.tasks if (model := on_offer(task.model_slug))])
        return {task.pk: price_now(task, known) or estimated(task) for task in self.tasks}

    @property
    def now(self):
        return total(list(self.prices.values()))

    @property
    def least(self):
        """An Estimate of what is known of the price; None when nothing is."""
        return total(list(filter(None, self.prices.values())))

    @property
    def has_moved(self):
        return any(bounds(self.prices[task.pk]) != bounds(estimated(task)) for task in self.tasks)

    @property
    def stamp(self):
        """Stands for exactly these orders at these prices."""
        told = ((pk, price and f"{price.minimum}-{price.maximum}") for pk, price in self.prices.items())
        return " ".join(f"{pk}:{price}" for pk, price in told)

    def approve(self, actor):
        """How many orders may be sent now. Raises OverBudget. The Revision has to be taken before they were read."""
        return sum(task.approve(actor, **Prices.as_fields(self.prices[task.pk])) for task in self.tasks)


def estimated(task):
    """The Estimate that it was ordered with."""
    if task.price_maximum is None:
        return None
    listed = None if task.listed_maximum is None else Estimate(task.listed_minimum, task.listed_maximum)
    return Estimate(task.price_minimum, task.price_maximum, task.price_orders, listed)


def bounds(price):
    return (price.minimum, price.maximum) if price else (None, None)


def price_now(task, prices):
    """An Estimate of the same order today; None when it is not known, or its model is gone."""
    model = on_offer(task.model_slug)
    found = model and prices.estimate(model, task.body, given(model, task))
    return found and replace(found, minimum=exact(found.minimum), maximum=exact(found.maximum))


def given(model, task):
    """Input → uploads, as far as the model still takes them."""
    uploads, found = Upload.objects.in_bulk(task.upload_pks) if task.inputs else {}, {}
    for name, pks in task.inputs.items():
        taken = taken_as(model, name)
        found.setdefault(taken, []).extend(uploads[pk] for pk in (pks if isinstance(pks, list) else [pks]))
    return {taken: held for taken, held in found.items() if taken}


class ApproveForm(forms.Form):
    """An admin agrees to what the page showed."""

    seen = forms.CharField(max_length=10_000)  # the stamp of it

    def save(self, actor, task):
        """How many orders of the press of this task may be sent now; None when something else waits than was seen.

        Raises OverBudget.
        """
        with transaction.atomic():
            Revision.next()  # nobody decides, cancels or orders meanwhile
            asks = Ask.of(task.pressed)
            if [ask.stamp for ask in asks] != [self.cleaned_data["seen"]]:
                return None if asks else 0
            return asks[0].approve(actor)


class DenyForm(forms.Form):
    """An admin's no, and why, in a line."""

    reason = forms.CharField(required=False, max_length=200, error_messages={"max_length": "At most 200 characters."})

    def save(self, actor, task):
        """How many orders of the press of this task are not sent now."""
        with transaction.atomic():
            Revision.next()
            return task.pressed.deny(actor, self.cleaned_data["reason"])
