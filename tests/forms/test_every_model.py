"""Every model whose parameters are known: its own form makes bodies that the provider takes, and none that it refuses.
Two of them are sold no more, so no form offers them: with these, the fields and the body that a form would be made of.

What is valid and what is not is read from the model's JSON Schema here, with no code of the forms in between; what the
provider takes, the simulator's own checks say.
"""

import json
import math
import random
import string
import uuid

import pytest
from django.http import QueryDict

from generations.engine.inputs import placed
from generations.forms.composer import ComposerForm
from generations.modellix import schema
from generations.modellix.catalogue import models, orderable
from generations.models import Upload
from generations.simulator import catalogue as sold
from generations.simulator import checks
from generations.simulator.envelope import Refusal

pytestmark = pytest.mark.django_db

KNOWN = [model for model in models() if model.slug and model.parameters]
ON_OFFER = [model for model in KNOWN if model in orderable()]
WITHDRAWN = [model for model in KNOWN if model not in ON_OFFER]
PIECES = [*string.ascii_letters, *" ,.;–", "ä", "人", "🙂", "<b>", "שלום", '"', "\n"]  # noqa: RUF001
FILES = {"image": ("image/jpeg", None), "video": ("video/mp4", 10.0), "audio": ("audio/mpeg", 10.0)}
SUBJECTS = '[{"type": "character", "image_file": "https://a.example/1.png"}]'


@pytest.fixture
def given(member, settings):
    """given[kind] are seventeen uploads of that kind, more than any model takes."""
    settings.PUBLIC_URL = "https://studio.example.com"  # else Modellix stores them, ten at a time
    facts = {"owner": member, "size": 50_000, "width": 1000, "height": 1000, "color": "#808080"}
    return {
        kind: [
            Upload.objects.create(
                **facts, kind=kind, mime=mime, duration=seconds, sha256=f"{kind}{n}", original="u.bin"
            )
            for n in range(17)
        ]
        for kind, (mime, seconds) in FILES.items()
    }


def every(models):
    return pytest.mark.parametrize("model", models, ids=[model.slug for model in models])


def test_there_are_123_of_them_and_two_that_are_gone():
    assert (len(ON_OFFER), len(WITHDRAWN)) == (123, 2)
    assert not sold.models().keys() & {model.slug for model in WITHDRAWN}


@every(ON_OFFER)
class EveryModelTests:
    def test_its_form_makes_bodies_that_the_provider_takes(self, model, member, given):
        page = Page(model, member, given)
        for chance in (None, random.Random(f"one {model.slug}"), random.Random(f"two {model.slug}")):
            for task in page.order(page.filled(chance)):
                checks.check(sold.models()[model.slug], checks.parse(sent(task)))

    def test_it_refuses_what_the_schema_refuses_at_the_field(self, model, member, given):
        page = Page(model, member, given)
        good = page.filled(random.Random(model.slug))
        for name, values in page.broken():
            errors = page.form(good | {name: values}).errors
            assert name in errors, (name, values, errors)
            assert errors[name][0][-1] in ".)", errors[name]


@every(WITHDRAWN)
class WithdrawnModelTests:
    def test_its_fields_make_bodies_that_its_schema_takes(self, model):
        for chance in (None, random.Random(f"one {model.slug}"), random.Random(f"two {model.slug}")):
            body = schema.body(model, typed(model, chance))
            assert schema.check(model, body) == {}
            checks.check(vars(model), checks.parse(json.dumps(body).encode()))

    def test_it_refuses_what_the_schema_refuses_at_the_field(self, model):
        good = typed(model, random.Random(model.slug))
        for name, rule in model.rules.items():
            for text in (*wrong_texts(rule), *[""] * (name in model.parameters["required"])):
                body = schema.body(model, good | {name: text})
                assert schema.check(model, body).keys() == {name}, text
                with pytest.raises(Refusal, match=name):
                    checks.check(vars(model), body)


def typed(model, chance):
    """Texts for the fields of a model without files; without `chance` as they come, with what is needed alone."""
    texts = {field.name: "" if field.default is None else str(field.default) for field in schema.fields(model)}
    for name, rule in model.rules.items():
        if name in model.parameters["required"] or (chance and chance.random() < 0.5):
            texts[name] = right_text(rule, chance or fixed())
    return texts


def sent(task):
    """The order as JSON, with addresses in the places of its files."""
    addresses = {
        name: [f"https://a.example/{pk}" for pk in value] if isinstance(value, list) else f"https://a.example/{value}"
        for name, value in task.inputs.items()
    }
    return json.dumps(placed(task.body, addresses)).encode()


class Page:
    """The composer's page for one model, in the hands of a person: the inputs by name, each with a list of texts."""

    def __init__(self, model, author, given):
        self.model, self.author, self.given = model, author, given
        fresh = ComposerForm.adapted(QueryDict(f"model={model.slug}"), author)
        self.untouched = {setting.bound.html_name: [setting.value] for setting in fresh.settings}
        self.rules = model.parameters["properties"]

    def form(self, page):
        data = QueryDict(mutable=True)
        for name, values in page.items():
            data.setlist(name, values)
        return ComposerForm(data, author=self.author)

    def order(self, page):
        form = self.form(page)
        assert form.errors == {}
        return form.order(self.author)

    def filled(self, chance):
        """A page that can be ordered: with `chance` by random, without it as it comes and with what is needed alone.

        What goes against a rule between parameters, which no schema has, is done otherwise until it no longer does.
        """
        plain = {"order_key": [str(uuid.uuid4())], "model": [self.model.slug], "shown": [self.model.slug]}
        page = plain | {"count": ["1"], "prompt": ["a lighthouse at dusk"]} | self.untouched
        for name in self.rules:
            if self._is_needed(name) or (chance and chance.random() < 0.5):
                page |= self._good(name, chance or fixed())
        for _ in range(9):
            wrong = [name for name in self.form(page).errors if name.startswith("with-")]
            if not wrong:
                break
            name = next((name for name in wrong if is_filled(page, name)), wrong[0])
            page[name] = [] if is_filled(page, name) else self._good(name.removeprefix("with-"), fixed())[name]
        return page

    def broken(self):
        """(input, values) that the schema refuses: each limit of each parameter, gone beyond once."""
        for name, rule in self.rules.items():
            if rule.get("x-media"):
                yield from ((f"with-{name}", self._files(rule, number)) for number in too_many_or_few(rule))
            elif self._input(name):
                yield from ((self._input(name), [text]) for text in wrong_texts(rule))
            if name in self.model.parameters.get("required", ()) and self._input(name):
                yield self._input(name), []

    def _input(self, name):
        """What the page calls the input of a parameter; None for one that people cannot set."""
        if name in ("prompt", "text"):
            return "prompt"
        return f"with-{name}" if f"with-{name}" in self.untouched or "x-media" in self.rules[name] else None

    def _is_needed(self, name):
        first_way = next(iter(self.model.parameters.get("anyOf", [])), {"required": []})["required"]
        return "default" not in self.rules[name] and name in (*self.model.parameters["required"], *first_way)

    def _good(self, name, chance):
        rule = self.rules[name]
        if rule.get("x-media"):
            most = rule.get("maxItems", 3) if rule.get("type") == "array" else 1
            return {f"with-{name}": self._files(rule, chance.randint(max(rule.get("minItems", 1), 1), most))}
        text = chance.choice(["1024x1024", "2048*2048"]) if is_free_size(name, rule) else right_text(rule, chance)
        return {self._input(name): [text]} if self._input(name) else {}

    def _files(self, rule, number):
        return [str(upload.pk) for upload in self.given[rule["x-media"]][:number]]


def fixed():
    return random.Random(1)


def is_filled(page, name):
    return page.get(name, []) not in ([], [""])


def is_free_size(name, rule):
    """Whether it is a text of which the schema does not tell that it has to be a width and a height."""
    return name == "size" and "enum" not in rule


def right_text(rule, chance):
    """A value of this schema, as a person types it."""
    if "enum" in rule:
        return str(chance.choice(rule["enum"]))
    if rule.get("type") == "boolean":
        return chance.choice(["true", "false"])
    if rule.get("type") in ("integer", "number"):
        low, high = rule.get("minimum", 1), rule.get("maximum", 10_000)
        if rule["type"] == "number":
            return f"{chance.uniform(low, high):.3f}"
        step = rule.get("multipleOf", 1)
        return str(step * chance.randint(math.ceil(low / step), high // step))
    if rule.get("type") == "object":
        return '{"type": "simple", "config": {"zoom": 1.5}}'
    if rule.get("type") == "array":
        return "first\nsecond" if rule["items"]["type"] == "string" else SUBJECTS
    length = chance.randint(max(rule.get("minLength", 1), 1), min(rule.get("maxLength", 300), 300))
    text = "".join(chance.choices(PIECES, k=length))[: rule.get("maxLength")]
    return text.strip() or "a"


def wrong_texts(rule):
    """What a person may type that this schema refuses."""
    if "enum" in rule or rule.get("type") == "boolean":
        yield "none of these"
    elif rule.get("type") in ("integer", "number"):
        yield from ("lucky", "1e999")
        yield from (str(rule[name] + step) for name, step in (("minimum", -1), ("maximum", 1)) if name in rule)
    elif rule.get("type") == "array" and rule["items"]["type"] == "string":
        if "maxItems" in rule:
            yield "\n".join(["one more"] * (rule["maxItems"] + 1))
    elif rule.get("type") in ("array", "object"):
        yield from ("[{", "7", '"text"')
    if "maxLength" in rule:
        yield "a" * (rule["maxLength"] + 1)
    if rule.get("multipleOf", 1) > 1:
        yield str(rule["minimum"] + 1)


def too_many_or_few(rule):
    if rule.get("maxItems", 99) < 17:
        yield rule["maxItems"] + 1
    if rule.get("minItems", 0) > 1:
        yield rule["minItems"] - 1
