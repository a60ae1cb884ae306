"""What one model is to make of what the composer says: its requests, their price, and what is wrong with them."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from generations.forms import inputs
from generations.forms.prices import Prices
from generations.modellix import forecast, schema
from generations.modellix.catalogue import Model
from generations.modellix.inputs import Input
from generations.modellix.pricing import Estimate
from generations.models import Upload


@dataclass(frozen=True)
class Part:
    """`values` are texts by the model's own parameter names, `given` the uploads of each of its inputs, `wanted` is
    how many files it is to make, `prices` what is known of its cost."""

    model: Model
    text: str
    values: dict[str, str]
    given: dict[Input, list[Upload]]
    wanted: int
    prices: Prices

    @cached_property
    def words(self):
        """The schema.Field that the prompt goes to; None when the model takes no words."""
        return schema.prompt(self.model)

    @cached_property
    def bodies(self):
        """One request body for each task."""
        values = self.values | ({self.words.name: self.text} if self.words else {})
        return [schema.body(self.model, values | share) for share in self._shares(values)]

    def _shares(self, values):
        """What differs between the tasks: how many images, and the seed, or they would paint the same twice."""
        names = {field.role: field.name for field in schema.fields(self.model)}
        body = schema.body(self.model, values)
        seed = body.get(names.get("seed"))
        for number, images in enumerate(split(self.wanted, schema.count_limit(self.model, body))):
            share = {names["count"]: images} if "count" in names else {}
            if isinstance(seed, int) and seed >= 0:  # below zero it stands for any
                share[names["seed"]] = seed + number
            yield share

    @cached_property
    def problems(self):
        """(parameter, sentence) for all that stands in the way of sending it. The prompt is called "prompt"."""
        found = list(inputs.unsendable(self.given))
        for body in self.bodies:
            found += schema.check(self.model, body | inputs.stand_ins(self.given)).items()
            found += inputs.misplaced(self.given, body, schema.further(self.model))
        return [("prompt" if self.words and name == self.words.name else name, text) for name, text in found]

    @cached_property
    def price(self):
        """An Estimate of all its tasks, in USD; None when it cannot be known."""
        return total([self.prices.estimate(self.model, body, self.given) for body in self.bodies])

    @cached_property
    def outputs(self):
        """How many pictures, films, … to expect."""
        return sum(forecast.outputs(self.model, body) for body in self.bodies)

    def tasks(self):
        """The fields of each Task that this becomes."""
        return [self._task(body) for body in self.bodies]

    def _task(self, body):
        width, height = forecast.ratio(self.model, body, self.given)
        return {
            "model_slug": self.model.slug,
            "model_name": self.model.name,
            "model_type": self.model.type,
            "kind": self.model.kind,
            "body": body,
            "inputs": inputs.references(self.given),
            "expected_outputs": forecast.outputs(self.model, body),
            "ratio_width": width,
            "ratio_height": height,
            "price_key": forecast.price_key(self.model, body, self.given),
            "price_units": forecast.units(self.model, body, self.given),
        } | Prices.as_fields(self.prices.estimate(self.model, body, self.given))


def split(count, most):
    """`count` in as few parts as can be, none over `most`, as even as they come: 8 by 6 is [4, 4]."""
    parts = ceil(count / most)
    return [count // parts + (number < count % parts) for number in range(parts)]


def total(estimates):
    """The sum of Estimates, with the least number of orders that one is learned from; None when one is not known."""
    if None in estimates or not estimates:
        return None
    low, high = (sum(each.minimum for each in estimates), sum(each.maximum for each in estimates))
    return Estimate(low, high, min(each.orders for each in estimates))
