"""The composer: what people write and choose, and the orders that it becomes."""

import json
import uuid
from functools import cached_property
from math import ceil

from django import forms

from generations.forms import inputs
from generations.forms.inputs import Slot
from generations.forms.settings import Setting, adapt, parameters, parked_words, read_parked, standard, takes
from generations.modellix import catalogue, schema
from generations.modellix.inputs import inputs as takes_files
from generations.modellix.pricing import Estimate
from generations.models import Prompt, Task

FIRST_MODEL = "minimax/minimax-image-01-t2i"  # for who has not ordered anything yet
FIRST_COUNTS = {"image": 4}  # of a kind of which people want to see several; one of all others
MOST_IMAGES = 8  # by one press of the button
LONGEST_PROMPT = 32_000  # characters; no model takes more
COUNT_WORDS = f"Between 1 and {MOST_IMAGES}."


def offer():
    """Every model to choose from."""
    return catalogue.orderable()


def on_offer(slug):
    """The model of this slug, None when it is not to be chosen."""
    model = catalogue.find(slug)
    return model if model in offer() else None


def first_count(model):
    return FIRST_COUNTS.get(model.kind, 1)


def input_name(field):
    return f"with-{field.name}"


class ComposerForm(forms.Form):
    """One press of Generate, by `author`. The inputs of the model's own parameters are called `with-` and their name.

    `shown` is the model whose parameters the page shows, which without script may be another than the one chosen.
    `chosen` is the catalogue's Model, `parked` holds values for models that were left, by parameter name, `spare` the
    uploads that it has no slot for. `problems` tells of files that were not taken (see forms/inputs.py).
    """

    order_key = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), "Press Generate once more."))
    model = forms.CharField(error_messages={"required": "Choose a model."})
    shown = forms.CharField(required=False)
    spare = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    prompt = forms.CharField(required=False)
    count = forms.IntegerField(
        min_value=1,
        max_value=MOST_IMAGES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), COUNT_WORDS),
    )

    def __init__(self, data=None, *, author=None, model=None, initial=None, parked=None, problems=None):
        super().__init__(data, initial=initial)
        self.author, self.problems = author, problems or {}
        self.chosen = model or on_offer(self.data.get("model")) or on_offer(FIRST_MODEL)
        self.fields["count"].initial = first_count(self.chosen)
        self.parked = read_parked(self.data.get("parked")) if parked is None else parked
        for field in parameters(self.chosen):
            self.fields[input_name(field)] = forms.CharField(required=False, initial=standard(field))
        for taken in takes_files(self.chosen):
            self.fields[inputs.slot_name(taken)] = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    @classmethod
    def fresh(cls, author, text="", slug=None):
        """An empty composer, with the model, shape and number that this person used last, or the model of `slug`."""
        last = Prompt.objects.filter(author=author).first()
        used_last = last and on_offer(next(iter(last.model_slugs), None))
        model = on_offer(slug) or used_last
        if not used_last or model.kind != used_last.kind:
            return cls(author=author, model=model, initial={"prompt": text})
        main = [field for field in parameters(model) if field.main]
        used = [field for field in main if takes(model, field.name, last.values.get(field.name))]
        kept = {input_name(field): last.values[field.name] for field in used}
        initial = {"prompt": text, "count": last.values.get("count", first_count(model))} | kept
        return cls(author=author, model=model, initial=initial)

    @classmethod
    def adapted(cls, data, author=None, problems=None):
        """The composer as it stands, with the settings of the model now chosen."""
        new = on_offer(data.get("model")) or on_offer(FIRST_MODEL)
        old = on_offer(data.get("shown")) or new
        held = {field.name: data.get(input_name(field), standard(field)) for field in parameters(old)}
        parked = read_parked(data.get("parked"))
        kept, parked = adapt(old, new, held, parked) if old != new else (held, parked)
        same = ("order_key", "prompt", "count") if old.kind == new.kind else ("order_key", "prompt")
        initial = {name: data[name] for name in same if name in data}
        initial |= {f"with-{name}": kept[name] for name in kept} | inputs.adapt(old, new, data, author)
        return cls(author=author, model=new, initial=initial, parked=parked, problems=problems)

    # What the page shows

    @property
    def settings(self):
        return [Setting(field, self[input_name(field)]) for field in parameters(self.chosen)]

    @property
    def main_settings(self):
        return [setting for setting in self.settings if setting.field.main]

    @property
    def more_settings(self):
        return [setting for setting in self.settings if not setting.field.main]

    @cached_property
    def given(self):
        """The uploads that each input of the model holds: Input → a list."""
        names = {taken: self[inputs.slot_name(taken)].value() or [] for taken in takes_files(self.chosen)}
        return {taken: inputs.held(self.author, found) for taken, found in names.items()}

    @property
    def slots(self):
        wrong = self.errors if self.is_bound else self.problems
        return [Slot(taken, uploads, wrong.get(inputs.slot_name(taken), [])) for taken, uploads in self.given.items()]

    @property
    def spare_numbers(self):
        return self["spare"].value() or []

    @property
    def changed_count(self):
        return sum(setting.is_changed for setting in self.more_settings)

    @property
    def has_hidden_errors(self):
        return any(setting.bound.errors for setting in self.more_settings)

    @property
    def words(self):
        """The schema.Field that the prompt goes to; None when the model takes no words."""
        return schema.prompt(self.chosen)

    @property
    def longest(self):
        """The most characters that the model takes."""
        return (self.words and self.words.max_length) or LONGEST_PROMPT

    @property
    def key(self):
        """The order key to send along: the same one as long as nothing was ordered with it."""
        key = self["order_key"].value()
        try:
            return uuid.UUID(str(key))
        except ValueError:
            return uuid.uuid4()

    @property
    def parked_text(self):
        return json.dumps(self.parked)

    @property
    def parked_words(self):
        return parked_words(self.parked, self.settings, self.chosen.kind)

    @property
    def price(self):
        """An Estimate of the whole, in USD; None when it cannot be known."""
        estimates = [schema.estimate(self.chosen, body) for body in self.bodies()]
        if None in estimates:
            return None
        return Estimate(sum(each.minimum for each in estimates), sum(each.maximum for each in estimates))

    @property
    def images(self):
        """How many pictures, films, … to expect, all in all."""
        return sum(schema.outputs(self.chosen, body) for body in self.bodies())

    # What is sent

    @property
    def text(self):
        return (self["prompt"].value() or "").replace("\r\n", "\n").strip()

    @property
    def wanted(self):
        """The number of images, 1 while it cannot be read."""
        try:
            return self.fields["count"].clean(self["count"].value())
        except forms.ValidationError:
            return 1

    def bodies(self):
        """One request body for each task."""
        values = {field.name: self[input_name(field)].value() for field in parameters(self.chosen)}
        values |= {self.words.name: self.text} if self.words else {}
        return [schema.body(self.chosen, values | share) for share in self._shares(values)]

    def _shares(self, values):
        """What differs between the tasks: how many images, and the seed, or they would paint the same twice."""
        names = {field.role: field.name for field in schema.fields(self.chosen)}
        seed = schema.body(self.chosen, values).get(names.get("seed"))
        for number, images in enumerate(split(self.wanted, schema.count_limit(self.chosen))):
            share = {names["count"]: images} if "count" in names else {}
            if isinstance(seed, int) and seed >= 0:  # below zero it stands for any
                share[names["seed"]] = seed + number
            yield share

    def clean(self):
        if not on_offer(self.cleaned_data.get("model")):
            self._blame("model", "This model is not on offer. Choose another.")
            return
        if len(self.text) > LONGEST_PROMPT:
            self._blame("prompt", f"At most {LONGEST_PROMPT:,} characters; this has {len(self.text):,}.")
        for name, sentence in [*self._not_taken(), *inputs.unsendable(self.given)]:
            self._blame(name, sentence)
        for body in self.bodies():
            found = schema.check(self.chosen, body | inputs.stand_ins(self.given))
            for name, sentence in (*found.items(), *inputs.misplaced(self.given, body, schema.further(self.chosen))):
                self._blame("prompt" if self.words and name == self.words.name else f"with-{name}", sentence)

    def _not_taken(self):
        return [(name, sentence) for name, sentences in self.problems.items() for sentence in sentences]

    def _blame(self, name, sentence):
        """One sentence for each field at fault; what has no field is said above the form."""
        name = name if name in self.fields else None
        if (name or forms.forms.NON_FIELD_ERRORS) not in self.errors:
            self.add_error(name, sentence)

    def order(self, author):
        """The tasks this becomes, in the queue. Sent twice, it orders once. Call inside a transaction."""
        values = {field.name: self.cleaned_data[input_name(field)] for field in parameters(self.chosen)}
        content = {"author": author, "text": self.text, "model_slugs": [self.chosen.slug]}
        given = {taken.name: [upload.pk for upload in uploads] for taken, uploads in self.given.items()}
        content["values"] = values | given | {"count": self.wanted}
        told = json.dumps(content | {"author": author.pk}, sort_keys=True)
        # Of the content too: when the answer to the first got lost, something else may be wanted now.
        key = uuid.uuid5(self.cleaned_data["order_key"], told)
        prompt, is_new = Prompt.objects.get_or_create(order_key=key, defaults=content)
        if not is_new:
            return list(prompt.tasks.all())
        return [Task.order(prompt, author, undo=author.undo_seconds, **self._task(body)) for body in self.bodies()]

    def _task(self, body):
        width, height = schema.ratio(self.chosen, body)
        price = schema.estimate(self.chosen, body)
        return {
            "model_slug": self.chosen.slug,
            "model_name": self.chosen.name,
            "model_type": self.chosen.type,
            "kind": self.chosen.kind,
            "body": body,
            "inputs": inputs.references(self.given),
            "expected_outputs": schema.outputs(self.chosen, body),
            "ratio_width": width,
            "ratio_height": height,
            "price_minimum": price and price.minimum,
            "price_maximum": price and price.maximum,
        }


def split(count, most):
    """`count` in as few parts as can be, none over `most`, as even as they come: 8 by 6 is [4, 4]."""
    parts = ceil(count / most)
    return [count // parts + (number < count % parts) for number in range(parts)]
