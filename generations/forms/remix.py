"""What the composer begins with: an order once more, to be changed, or a result to work on."""

import random

from django.forms import MultipleHiddenInput, ValidationError
from django.http import QueryDict

from generations.forms.composer import ComposerForm, exchanged, inputs_of
from generations.forms.inputs import SPARE, place, slot_name
from generations.forms.offer import SIDES, chosen, from_pictures, of_side, on_offer
from generations.forms.settings import parameters
from generations.forms.shared import shared
from generations.forms.sides import Side, texts
from generations.forms.uploads import copy_of
from generations.modellix.inputs import inputs, is_placeholder

LARGEST_SEED = 2**31 - 1  # where a model tells no limit


def remix(task, author, vary=False):
    """The composer with all that this task was ordered with; `vary` gives it another seed, where it takes one.

    A model that is no longer on offer gives way to what this person ordered last, which takes of it what it can.
    """
    model = on_offer(task.model_slug)
    values = own_values(task)
    count = str(task.prompt.values.get("count", ""))
    if not model:
        return replaced(task, author, values, count)
    if vary:
        values |= new_seed(model)
    initial = Side([model.slug], values, count=count).initial | files(task)
    return ComposerForm(author=author, models=[model], initial=initial | words(task))


def replaced(task, author, values, count):
    models = Side.last(author, task.kind if task.kind in SIDES else "audio").chosen
    kept = Side([task.model_slug], values, count=count).for_models([], models)
    form = ComposerForm(author=author, models=models, initial=kept.initial | words(task), parked=kept.parked)
    form.withdrawn = task.model_name
    return form


def words(task):
    return {"prompt": task.prompt.text, "parent": task.prompt_id} | ({"private": "1"} if task.is_private else {})


def own_values(task):
    """What the model of this task was asked for, by its own parameters: as the page held it then, but for the seed."""
    held, slug = texts(task.prompt.values), task.model_slug
    models = [model for model in map(on_offer, task.prompt.model_slugs) if model]
    own = [each for each in shared(models) if slug in each.own and each.name in held]
    found = {each.own[slug].name: each.put(held[each.name], models)[slug] for each in own}
    seeds = {each.own[slug].name for each in own if each.field.role == "seed"} & task.body.keys()
    return (found or held) | {name: str(task.body[name]) for name in seeds}


def new_seed(model):
    seeds = (field for field in parameters(model) if field.role == "seed")
    return {field.name: str(random.randint(0, int(field.maximum or LARGEST_SEED))) for field in seeds}  # noqa: S311


def files(task):
    """The numbers of its uploads by the page's inputs."""
    free = [pk for name, pk in task.inputs.items() if is_placeholder(name)]
    named = {name: given for name, given in task.inputs.items() if not is_placeholder(name)}
    given = {name: pks if isinstance(pks, list) else [pks] for name, pks in named.items()}
    return {f"with-{name}": pks for name, pks in (given | ({"files": free} if free else {})).items()}


def with_result(output, author, kind, form):
    """The composer that `form` is, on the side of `kind`, with a copy of this result among its files.

    Models that do not take it give way: to those of their family that do, else to the first of that side.
    """
    try:
        upload = copy_of(output, author)
    except ValidationError as error:
        return ComposerForm.adapted(on_side(form, kind, author), author, {slot_name(SPARE): error.messages})
    return with_upload(upload, author, kind, form)


def with_upload(upload, author, kind, form):
    """The same with a file that somebody gave."""
    data = on_side(form, kind, author)
    data.setlist("model", [model.slug for model in taking(chosen(data), upload.kind, kind)])
    place(data, inputs_of(chosen(data, "shown")), upload)
    return ComposerForm.adapted(data, author)


def on_side(form, kind, author):
    """The fields of a page that shows this composer on the side of `kind`."""
    data = as_page(form)
    if kind == form.kind:
        return data
    data["kind"] = kind
    return as_page(ComposerForm.adapted(data, author))


def with_value(task, name, author, form):
    """The composer that `form` is, with one value that this task was ordered with, where its models take it."""
    model, data = on_offer(task.model_slug), as_page(form)
    if not model or name not in task.body:
        return form
    held = Side([model.slug], {name: plain(task.body[name])}).for_models([model], form.models)
    for each, value in held.values.items():
        data[f"with-{each}"] = value
    return ComposerForm.adapted(data, author)


def plain(value):
    """A value of a request as the text of an input."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def taking(models, kind, side_name):
    """Those of the models that stay, or come in their places, so that one of them takes a file of this kind."""
    if any(takes(model, kind) for model in models):
        return models
    swaps = [(model, other) for model in models if (other := from_pictures(model))] if kind == "image" else []
    if swaps:
        return exchanged(models, swaps)
    fitting = (model for model in of_side(side_name) if model.parameters and takes(model, kind))
    return [first] if (first := next(fitting, None)) else models


def takes(model, kind):
    return any(taken.kind == kind and taken.role != "mask" for taken in inputs(model))


def as_page(form):
    """The fields of a page that shows this composer."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = form[name].value()
        if isinstance(field.widget, MultipleHiddenInput):
            data.setlist(name, [str(each) for each in value or []])
        elif value is not None:
            data[name] = str(value)
    for name in ("model", "shown"):
        data.setlist(name, [model.slug for model in form.models])
    data["kind"], data["order_key"] = form.kind, str(form.key)
    data["sides"], data["parked"] = form.sides_text, form.parked_text
    return data
