"""The composer: what people write and choose, and the orders that it becomes."""

import hashlib
import json
import uuid
from dataclasses import dataclass, replace
from functools import cached_property

from django import forms

from generations.forms import inputs
from generations.forms.feed import is_pk
from generations.forms.inputs import SPARE, Slot
from generations.forms.offer import (
    FIRST_MODEL,
    MOST_MODELS,
    SIDES,
    chosen,
    first_count,
    from_pictures,
    listed,
    on_offer,
    side,
)
from generations.forms.part import Part, total
from generations.forms.prices import Prices
from generations.forms.settings import parked_words, read_parked, standard
from generations.forms.shared import SharedSetting, adapt, input_name, shared, shared_inputs
from generations.forms.sides import Side, read_sides, write_sides
from generations.modellix.schema import EITHER, MISSING_WORDS
from generations.models import Collection, Prompt, Purse, Task
from generations.models.experience import Experience

MOST_IMAGES = 8  # of each model, by one press of the button
LONGEST_PROMPT = 32_000  # characters; no model takes more
FIELD_IDS = {"prompt": "composer-prompt", "model": "choose-model", "order_key": "", "budget": "", "__all__": ""}
COUNT_WORDS = f"Between 1 and {MOST_IMAGES}."


@dataclass(frozen=True)
class Reason:
    """What stands in the way of an order. `field` is the id of where to mend it, "" when that is nowhere."""

    field: str
    text: str


class Several(forms.Field):
    """Any number of texts."""

    widget = forms.MultipleHiddenInput


class ComposerForm(forms.Form):
    """One press of Generate, by `author`.

    `models` are those chosen, each a catalogue.Model. What several of them take has one input (forms/shared.py), called
    `with-` and the name of the first one's parameter. `shown` are the models whose parameters the page shows, which
    without script may be others than those chosen. `parked` holds values that none of them takes, by parameter name,
    `sides` what was left on the other sides of the switch. `swaps` are the pairs of models of which the second took
    the place of the first. `problems` tells of files that were not taken (see forms/inputs.py).
    """

    has_moved = False  # whether the page shows the settings of other models
    withdrawn = ""  # the name of a model that was asked for and is no longer on offer

    order_key = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), "Press Generate once more."))
    model = Several(required=False)
    shown = Several(required=False)
    prompt = forms.CharField(required=False)
    again = forms.CharField(required=False)  # the stamp of what is to be sent although it was sent before
    private = forms.BooleanField(required=False)
    collection = forms.CharField(required=False)  # pk of the one that the files go into; see `target`
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    count = forms.IntegerField(
        min_value=1,
        max_value=MOST_IMAGES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), COUNT_WORDS),
    )

    def __init__(
        self, data=None, *, author=None, models=None, initial=None, parked=None, sides=None, problems=None, swaps=()
    ):
        super().__init__(data, initial=initial)
        self.author, self.problems, self.swaps = author, problems or {}, swaps
        self.models = chosen(self.data) if models is None else models
        self.parked = read_parked(self.data.get("parked")) if parked is None else parked
        self.sides = read_sides(self.data.get("sides")) if sides is None else sides
        self.fields["count"].initial = first_count(self.models[0]) if self.models else 1
        self.shared, self.shared_inputs = shared(self.models), shared_inputs(self.models)
        for each in self.shared:
            self.fields[input_name(each)] = forms.CharField(required=False, initial=standard(each.field))
        for taken in (*(each.taken for each in self.shared_inputs), SPARE):
            self.fields[inputs.slot_name(taken)] = Several(required=False)

    @classmethod
    def fresh(cls, author, text="", slug=None):
        """An empty composer, with the models, shape and number that this person used last, or the model of `slug`."""
        wanted = on_offer(slug)
        last = Side.last(author, side(wanted) if wanted else None)  # a film is another thing than four pictures
        models = [wanted] if wanted else last.chosen
        kept, _ = adapt(models, models, last.values, {})
        main = {each.name for each in shared(models) if each.field.main}
        initial = {"prompt": text} | ({"count": last.count} if last.count else {})
        for prompt in author.last_prompts[:1]:
            initial |= {"private": "1"} if prompt.is_private else {}
            initial |= {name: prompt.values[name] for name in ("collection",) if name in prompt.values}
        initial |= {f"with-{name}": value for name, value in kept.items() if name in main}
        return cls(author=author, models=models, initial=initial)

    @classmethod
    def adapted(cls, data, author=None, problems=None):
        """The composer as it stands, with the settings of the models now chosen, on the side now chosen.

        When files have come that none of the models has a place for, those that cannot work from pictures give way to
        those of their family that can.
        """
        new = chosen(data) if "model" in data or "shown" in data else [on_offer(FIRST_MODEL)]
        old = chosen(data, "shown") or new
        now = Side.of_page(data, old)
        sides, name = read_sides(data.get("sides")), data.get("kind")
        if name in SIDES and old and name != side(old[0]):
            sides[side(old[0])] = now
            now, swaps = sides.pop(name, None) or Side.last(author, name), ()
            new = now.chosen or Side.first(name).chosen
        else:
            swaps = [(model, other) for model in new if "brought" in data and (other := from_pictures(model))]
            new = exchanged(new, swaps)
            now = now.for_models(old, new)
        kept = {name: data[name] for name in ("order_key", "prompt", "parent", "private", "collection") if name in data}
        kept |= {f"with-{name}": value for name, value in now.values.items()} | (
            {"count": now.count} if now.count else {}
        )
        kept |= inputs.adapt(inputs_of(old), inputs_of(new), data, author)
        state = {"parked": now.parked, "sides": sides, "swaps": swaps, "problems": problems}
        form = cls(author=author, models=new, initial=kept, **state)
        form.has_moved = new != old
        return form

    # What the page shows

    @property
    def chosen(self):
        """The first of the models, None without any."""
        return self.models[0] if self.models else None

    @property
    def kind(self):
        """The side that is in view."""
        if self.models:
            return side(self.models[0])
        return self.data.get("kind") if self.data.get("kind") in SIDES else "image"

    @cached_property
    def settings(self):
        found = ((each, self[input_name(each)]) for each in self.shared)
        return [SharedSetting(each.field, bound, each, tuple(self.models)) for each, bound in found]

    @property
    def main_settings(self):
        return [setting for setting in self.settings if setting.field.main]

    @property
    def more_settings(self):
        """Those that several models share, or that the only model has."""
        return [setting for setting in self.settings if not setting.field.main and not self._is_own(setting)]

    @property
    def own_settings(self):
        """(model, its settings) for what only that one of several models takes."""
        own = [setting for setting in self.settings if not setting.field.main and self._is_own(setting)]
        found = (
            (model, [replace(each, models=(model,)) for each in own if model in each.owners]) for model in self.models
        )
        return [(model, settings) for model, settings in found if settings]

    def _is_own(self, setting):
        return len(self.models) > 1 and len(setting.owners) == 1 and not setting.field.role

    @property
    def notes(self):
        """What is set or given but not taken by each of the models, a sentence each."""
        unsent = [f"{self.names} {self._takes} no pictures: yours are not sent."] if self.spare and self.models else []
        return unsent + [note for setting in self.settings for note in setting.notes]

    @property
    def changed_count(self):
        return sum(setting.is_changed for setting in self.settings if not setting.field.main)

    @property
    def has_hidden_errors(self):
        return any(setting.bound.errors for setting in self.settings if not setting.field.main)

    @cached_property
    def given(self):
        """The uploads that each input on the page holds: Input → a list."""
        names = {each.taken: self[input_name(each.taken)].value() or [] for each in self.shared_inputs}
        return {taken: inputs.held(self.author, found) for taken, found in names.items()}

    @cached_property
    def spare(self):
        return inputs.held(self.author, self[input_name(SPARE)].value() or [])

    @property
    def slots(self):
        wrong = self.errors if self.is_bound else self.problems
        slots = [
            each.slot(self.given[each.taken], wrong.get(input_name(each.taken), []), self.models)
            for each in self.shared_inputs
        ]
        return slots + ([self.spare_slot] if self.spare_slot else [])

    @cached_property
    def spare_slot(self):
        """A place for pictures where no model has one: to change to a model that has, or to keep them until then."""
        has_place = any(each.taken.takes("image") for each in self.shared_inputs)
        wrong = (self.errors if self.is_bound else self.problems).get(input_name(SPARE), [])
        if self.spare or wrong or (self.kind in ("image", "video") and not has_place):
            return Slot(SPARE, self.spare, wrong, tuple(self._spare_notes()))
        return None

    def _spare_notes(self):
        if self.spare:
            yield f"{self.names} {self._takes} none of these. They are kept."
        elif others := [other.name for model in self.models if (other := from_pictures(model))]:
            yield f"With a picture {' and '.join(others)} takes over."

    @property
    def _takes(self):
        return "take" if len(self.models) > 1 else "takes"

    @property
    def names(self):
        return " and ".join(model.name for model in self.models)

    @property
    def wordless(self):
        """The models that take no words."""
        return [part.model for part in self.parts if not part.words]

    @property
    def longest(self):
        """The most characters that all of the models take."""
        return min(
            (part.words.max_length or LONGEST_PROMPT for part in self.parts if part.words), default=LONGEST_PROMPT
        )

    @property
    def key(self):
        """The order key to send along: the same one as long as nothing was ordered with it."""
        key = self["order_key"].value()
        try:
            return uuid.uuid4() if self.is_taken_back else uuid.UUID(str(key))
        except ValueError:
            return uuid.uuid4()

    @cached_property
    def target(self):
        """The Collection that the files go into; None without one, or when it is gone."""
        pk = str(self["collection"].value() or "")
        return Collection.objects.visible_to(self.author).filter(pk=pk).first() if self.author and is_pk(pk) else None

    @property
    def parked_text(self):
        return json.dumps(self.parked)

    @property
    def sides_text(self):
        return write_sides(self.sides)

    @property
    def parked_words(self):
        return parked_words(self.parked, self.settings, self.kind)

    # What is sent

    @property
    def text(self):
        return (self["prompt"].value() or "").replace("\r\n", "\n").strip()

    @property
    def wanted(self):
        """The number of images of each model, 1 while it cannot be read."""
        try:
            return self.fields["count"].clean(self["count"].value())
        except forms.ValidationError:
            return 1

    @cached_property
    def parts(self):
        """What each of the models is to make of it."""
        values = {model.slug: {} for model in self.models}
        given = {model.slug: {} for model in self.models}
        for each in self.shared:
            for slug, value in each.put(self[input_name(each)].value(), self.models).items():
                values[slug][each.own[slug].name] = value
        for each in self.shared_inputs:
            for slug, (taken, uploads) in each.give(self.given[each.taken]).items():
                given[slug][taken] = uploads
        return [
            Part(model, self.text, values[model.slug], given[model.slug], self.wanted, self.prices)
            for model in self.models
        ]

    @cached_property
    def experience(self):
        """What orders before this one have taught; nothing where nobody orders."""
        return Experience.of([model.slug for model in self.models]) if self.author else Experience()

    @property
    def prices(self):
        return Prices(self.experience.paid)

    def bodies(self):
        """One request body for each task."""
        return [body for part in self.parts for body in part.bodies]

    @property
    def images(self):
        """How many pictures, films, … to expect, all in all."""
        return sum(part.outputs for part in self.parts)

    @property
    def price(self):
        """An Estimate of the whole, in USD; None when it cannot be known."""
        return total([part.price for part in self.parts])

    @property
    def least(self):
        """An Estimate of what is known of the price; None when nothing is."""
        return total([part.price for part in self.parts if part.price])

    @property
    def unpriced(self):
        return [part.model for part in self.parts if part.price is None]

    @cached_property
    def purse(self):
        """The budgets that this has to keep within; None where nobody orders."""
        return Purse.seen_by(self.author) if self.author else None

    @property
    def known_price(self):
        """The most that it may cost, as far as that is known; None when nothing is."""
        return self.least and self.least.maximum

    @property
    def refusal(self):
        """Why the budgets do not allow it; "" when they do, and when this very press has ordered already."""
        return self.purse.refusal(self.known_price) if self.purse and not self.ordered else ""

    @property
    def asks(self):
        """Whether an admin has to agree before anything of it is sent."""
        return bool(self.purse and self.models) and self.purse.asks(self.price and self.price.maximum)

    @property
    def outlook(self):
        """What the budgets have left, in words; "" without any."""
        return self.purse.outlook(self.known_price) if self.purse else ""

    def clean(self):
        for name, sentence in self.wrong():
            field = name if name in self.fields else None
            if (field or forms.forms.NON_FIELD_ERRORS) not in self.errors:
                self.add_error(field, sentence)
        if not self.errors and self.is_taken_back:
            self.add_error("order_key", "You took this back. Press Generate once more to order it.")

    def wrong(self):
        """(input, sentence) for all that stands in the way of an order; what has no input has no name here."""
        if len(self.models) > MOST_MODELS:
            yield "model", f"At most {MOST_MODELS} models at once; these are {len(self.models)}."
        if missing := [slug for slug in listed(self.data, "model") if not on_offer(slug)]:
            yield "model", f"{missing[0][:80] or 'This model'} is not on offer. Choose another."
        elif not self.models:
            yield "model", "Choose a model."
        if len(self.text) > LONGEST_PROMPT:
            yield "prompt", f"At most {LONGEST_PROMPT:,} characters; this has {len(self.text):,}."
        for name, sentences in self.problems.items():
            yield from ((name, sentence) for sentence in sentences)
        for part in self.parts:
            for name, sentence in part.problems:
                yield self._input_of(part.model, name), self._told(part.model, sentence)
        if refusal := self.refusal:
            yield "budget", refusal

    @property
    def reasons(self):
        """Why it cannot be ordered as it stands, each a Reason."""
        if self.is_bound:
            found = {name: errors[0] for name, errors in self.errors.items()}
        else:
            found = {}
            for name, sentence in self.wrong():
                found.setdefault(name, sentence)
        alike = {}  # fields of which one is enough share a reason
        for name, sentence in found.items():
            alike.setdefault(sentence if sentence == EITHER else name, []).append(name)
        return [
            Reason(FIELD_IDS.get(names[0], names[0]), self._labelled(names, found[names[0]]))
            for names in alike.values()
        ]

    def _labelled(self, names, sentence):
        labels = {input_name(each): each.field.label for each in self.shared}
        labels |= {input_name(each.taken): each.taken.label for each in self.shared_inputs}
        told = [labels[name] for name in names if name in labels]
        return " or ".join([*told[:1], *map(_begun_low, told[1:])]) + f": {_begun_low(sentence)}" if told else sentence

    def _input_of(self, model, name):
        """The input of the page that a model's parameter is set with."""
        owners = (each for each in (*self.shared, *self.shared_inputs) if model.slug in each.own)
        found = next((each for each in owners if each.own[model.slug].name == name), None)
        return f"with-{found.name}" if found else name

    def _told(self, model, sentence):
        """With the name of the model where there are several, and it is not the same for all."""
        same = len(self.models) == 1 or sentence in MISSING_WORDS.values()
        return sentence if same else f"{model.name}: {sentence}"

    def order(self, author):
        """The tasks this becomes, in the queue. Sent twice, it orders once. Call inside a transaction.

        Raises OverBudget when others have used up what was left: then nothing of it may be ordered.
        """
        content = self.content | {"author": author, "parent": self.cleaned_data["parent"] and self._remixed()}
        content["collection"] = self.target
        private = self.cleaned_data["private"]
        content["values"] |= {"private": True} if private else {}
        prompt, is_new = Prompt.objects.get_or_create(order_key=self._sent_key(author), defaults=content)
        if not is_new:
            return list(prompt.tasks.all())
        how = {"undo": author.undo_seconds, "asks": Purse.of(author).asks(self.price and self.price.maximum)}
        return [Task.order(prompt, author, is_private=private, **how, **each) for each in self._tasks()]

    @property
    def content(self):
        """What a Prompt, or a Preset, keeps of it."""
        values = {each.name: (self[input_name(each)].value() or "").strip() for each in self.shared}
        given = {taken.name: [upload.pk for upload in uploads] for taken, uploads in self.given.items()}
        slugs = [model.slug for model in self.models]
        kept = {"count": self.wanted} | ({"collection": self.target.pk} if self.target else {})
        return {"text": self.text, "model_slugs": slugs, "values": values | given | kept}

    @cached_property
    def stamp(self):
        """Stands for exactly this content."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()

    def _sent_key(self, author):
        # Of the content too: when the answer to the first got lost, something else may be wanted now.
        return uuid.uuid5(self.cleaned_data["order_key"], f"{author.pk} {self.stamp}")

    def _tasks(self):
        """The fields of each Task that this becomes."""
        return [fields for part in self.parts for fields in part.tasks()]

    @cached_property
    def ordered(self):
        """The Prompt that this very press has made before; None when it is the first time that it arrives."""
        if not self.is_bound or not self.author or "order_key" in self.errors:
            return None
        return Prompt.objects.filter(order_key=self._sent_key(self.author)).first()

    @property
    def is_taken_back(self):
        """Whether what this press ordered was undone, so that it orders nothing any more."""
        return bool(self.ordered) and not self.ordered.tasks.exclude(error_code="undone").exists()

    @cached_property
    def twin(self):
        """The newest task that asked for the same, by mistake as it seems: still open, or ordered a moment ago.

        None when there is none, when it is meant, and when this very press made it.
        """
        if not self.is_bound or self.errors or self.cleaned_data["again"] == self.stamp:
            return None
        if self.ordered:
            return None
        wanted = [(fields["model_slug"], fields["body"], fields["inputs"]) for fields in self._tasks()]
        mine = Task.objects.visible_to(self.author).filter(author=self.author, prompt__text=self.text)
        others = mine.exclude(prompt__order_key=self._sent_key(self.author))  # this press may be there by now
        alike = others.repeatable_by_mistake().order_by("-pk")
        return next((task for task in alike if (task.model_slug, task.body, task.inputs) in wanted), None)

    def _remixed(self):
        """The Prompt that this is a remix of, as far as its author may see it."""
        seen = Task.objects.visible_to(self.author).filter(prompt=self.cleaned_data["parent"])
        return Prompt.objects.filter(tasks__in=seen).first()


def inputs_of(models):
    return [each.taken for each in shared_inputs(models)]


def exchanged(models, swaps):
    """The models, each once, with the second of a pair in the place of the first."""
    others = {model.slug: other for model, other in swaps}
    found = {other.slug: other for other in (others.get(model.slug, model) for model in models)}
    return list(found.values())


def _begun_low(words):
    return words[:1].lower() + words[1:]
