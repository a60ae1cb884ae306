"""What several models share is asked for once, and put into each model's own words."""

from dataclasses import dataclass, replace
from functools import cached_property

from generations.forms.inputs import Slot
from generations.forms.settings import Setting, alias, is_same, parameters, same_shape, standard, takes
from generations.forms.uploads import limit
from generations.modellix import schema
from generations.modellix.inputs import ROLES, Input, inputs
from generations.modellix.labels import INPUT_KINDS, INPUT_ROLE_LABELS

GIVEN = ("source", "reference")  # roles of files that mean the same to people: what to work from
GENERAL_LABELS = {*INPUT_ROLE_LABELS.values(), *(label for labels in INPUT_KINDS.values() for label in labels)}


def input_name(each):
    """What the page calls the input of a parameter: of a schema.Field, a Shared, or an Input."""
    return f"with-{each.name}"


@dataclass(frozen=True)
class Shared:
    """One parameter of one or several models.

    `name` is its name on the page, `field` the one drawn, of the first model that has it; `own` holds each model's by
    slug.
    """

    name: str
    field: schema.Field
    own: dict[str, schema.Field]

    @cached_property
    def choices(self):
        """All that any of the models takes, each shape and each word once."""
        found = list(self.field.choices)
        for field in self.own.values() if found else ():
            found += [value for value in field.choices if not any(is_same(value, each) for each in found)]
        return tuple(sorted(found, key=int) if all(map(str.isdecimal, found)) else found)

    def put(self, value, models):
        """The value in the words of each of `models` that has the parameter, by slug.

        Who does not take it gets its standard, unless nobody does: then it is wrong, and each has to say so.
        """
        if len(self.own) == 1:
            return dict.fromkeys(self.own, value)
        own = {model.slug: worded(model, self.own[model.slug], value) for model in models if model.slug in self.own}
        if value and not any(own.values()):
            return dict.fromkeys(own, value)
        return {slug: standard(self.own[slug]) if found is None else found for slug, found in own.items()}


def worded(model, field, value):
    """The value as this model takes it, None when it does not."""
    if takes(model, field.name, value):
        return value
    return same_shape(field, [value])


def shared(models):
    """The parameters of these models, each a Shared, in the order to ask for them."""
    groups = {}
    for model in models:
        for field in parameters(model):
            subject = alias(field.name) if field.role else (field.name, field.kind, field.choices)
            subject = (subject, field.name) if model.slug in groups.get(subject, ()) else subject
            groups.setdefault(subject, {})[model.slug] = field
    found = named(groups.values(), lambda name, own: Shared(name, _drawn(list(own.values())), own))
    return sorted(found, key=lambda each: schema.ORDER.index(each.field.role))


def _drawn(own):
    """The first of these fields; what a choice costs differs from model to model."""
    return own[0] if len(own) == 1 else replace(own[0], rates=(), rate_unit="")


def named(groups, make):
    """Each group made into one thing, named as its first member is; when that name is taken, with the model's slug."""
    names, found = set(), []
    for own in groups:
        slug, first = next(iter(own.items()))
        name = first.name if first.name not in names else f"{first.name}@{slug}"
        names.add(name)
        found.append(make(name, own))
    return found


@dataclass(frozen=True)
class SharedSetting(Setting):
    """A Shared and what the form holds for it, ready to be drawn. `models` are all that are chosen."""

    shared: Shared
    models: tuple

    @property
    def choices(self):
        """What can be chosen. Without a default, nothing is a choice too; and what is held stays one."""
        leading = () if standard(self.field) or self.field.required else ("",)
        return tuple(dict.fromkeys((*leading, *self.shared.choices, self.value)))

    @property
    def hint(self):
        return ". ".join(filter(None, (super().hint, self.only)))

    @property
    def owners(self):
        return [model for model in self.models if model.slug in self.shared.own]

    @property
    def only(self):
        """Who takes it, when not all do: "Seedream 4.5 only", "Not on Qwen Image"."""
        others = [model.name for model in self.models if model.slug not in self.shared.own]
        if not others:
            return ""
        return f"{self.owners[0].name} only" if len(self.owners) == 1 else f"Not on {' or '.join(others)}"

    @property
    def notes(self):
        """What the models make of a value that they do not take, a sentence each."""
        if not self.value or not self.field.role:
            return []
        others = [model.name for model in self.models if model.slug not in self.shared.own]
        missed = [f"{' and '.join(others)} {'take' if len(others) > 1 else 'takes'} no {self._noun}."]
        return missed * bool(others and self.is_changed) + self._exchanged()

    @property
    def _noun(self):
        label = self.field.label
        return label[:1].lower() + label[1:]

    def _exchanged(self):
        own = self.shared.put(self.value, self.owners)
        words = {slug: worded(model, self.shared.own[slug], self.value) for slug, model in self._by_slug.items()}
        if not any(words.values()):
            return []
        return [self._note(self._by_slug[slug], own[slug]) for slug, word in words.items() if word is None]

    @property
    def _by_slug(self):
        return {model.slug: model for model in self.owners}

    def _note(self, model, used):
        return f"{model.name} does not take {self.value} and {f'uses {used}' if used else 'decides itself'}."


def adapt(old, new, held, parked):
    """(values for the models `new`, values parked), by name, when the page holds `held` for the models `old`.

    What one of the new models takes stays, in its words. The rest waits for the way back.
    """
    standards = {each.name: standard(each.field) for each in shared(old)}
    changed = {name: value for name, value in held.items() if value not in ("", standards.get(name))}
    kept = {each.name: _fitting(each, new, changed) or _fitting(each, new, parked) for each in shared(new)}
    waiting = {name: value for name, value in (parked | changed).items() if kept.get(name) != value}
    return {name: value for name, value in kept.items() if value}, waiting


def _fitting(each, models, values):
    """The first of these values, by name, that is meant for this parameter and that one of the models takes."""
    subject = alias(each.field.name)
    meant = [name for name in sorted(values, key=lambda name: name != each.name) if alias(name) == subject]
    owners = [model for model in models if model.slug in each.own]
    words = (worded(model, each.own[model.slug], values[name]) for name in meant for model in owners)
    return next(filter(None, words), None)


# Files


@dataclass(frozen=True)
class SharedInput:
    """One input of one or several models. `taken` is what the page shows; `own` holds each model's by slug."""

    taken: Input
    own: dict[str, Input]

    @property
    def name(self):
        return self.taken.name

    def give(self, uploads):
        """{slug: (the model's own Input, the uploads it gets)}. Where another takes more, it gets the first of them."""
        is_too_many = self.taken.maximum and len(uploads) > self.taken.maximum
        return {slug: (taken, uploads if is_too_many else uploads[: taken.maximum]) for slug, taken in self.own.items()}

    def slot(self, uploads, errors, models):
        return Slot(self.taken, uploads, errors, tuple(self._notes(uploads, models)))

    def _notes(self, uploads, models):
        for model in models:
            if model.slug not in self.own:
                yield f"{model.name} takes none."
            elif len(given := self.give(uploads)[model.slug][1]) < len(uploads):
                yield f"{model.name} takes only {len(given)} of these."


def shared_inputs(models):
    """The inputs of these models, each a SharedInput, in the order to ask for them."""
    groups = {}
    for model in models:
        for taken in inputs(model):
            subject = _subject(taken)
            subject = (subject, taken.name) if model.slug in groups.get(subject, ()) else subject
            groups.setdefault(subject, {})[model.slug] = taken
    found = named(groups.values(), lambda name, own: SharedInput(_merged(name, list(own.values())), own))
    return sorted(found, key=lambda each: ROLES.index(each.taken.role))


def _subject(taken):
    """Files of a kind that mean the same to people go together; what has a name of its own, such as a garment, not."""
    if taken.label in GENERAL_LABELS:
        return taken.kind, "given" if taken.role in GIVEN else taken.role
    return taken.kind, taken.label


def _merged(name, own):
    """What suits them all: as many as one of them takes, none larger than each of them takes."""
    if len(own) == 1:
        return replace(own[0], name=name)
    widest = next((taken for taken in own if taken.many), own[0])
    return replace(
        widest,
        name=name,
        maximum=None if None in (many := [taken.maximum for taken in own]) else max(many),
        max_bytes=min(filter(None, map(limit, own)), default=None),
        by_address=all(taken.by_address for taken in own),
        embedded=widest.embedded if all(taken.embedded for taken in own) else "",
        required=any(taken.required for taken in own),
    )
