"""The catalogue: what can be ordered, what it costs, and how it has done for this team."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from generations.forms.models import CatalogueForm, StarForm
from generations.forms.offer import offer
from generations.forms.prices import Prices
from generations.modellix import catalogue, schema
from generations.modellix.inputs import inputs
from generations.models import Output, StarredModel, Task
from generations.models.figures import Figures, figures

LAST_MADE = 8  # on a model's page


@dataclass(frozen=True)
class Entry:
    """One model as one person sees it: with the team's figures and a picture made with it, if there is one."""

    model: catalogue.Model
    figures: Figures
    sample: Output | None
    is_starred: bool
    is_on_offer: bool
    price: catalogue.Price | None


@require_safe
@vary_on_headers("HX-Request")
def models(request):
    """Every model there is. Search, filters and order are in the address."""
    form = CatalogueForm(request.GET)
    all_models = entries(request.user)
    context = {"form": form, "shelves": form.shelves(all_models), "total": len(all_models)}
    context["found"] = sum(len(shelf.entries) for shelf in context["shelves"])
    if not request.htmx:
        houses = {entry.model.provider for entry in all_models}
        context |= {"houses": len(houses), "prices_as_of": catalogue.prices_as_of()}
        return render(request, "models/models.html", context)
    response = render(request, "models/on_find.html", context)
    response["HX-Replace-Url"] = f"{request.path}?{form.query}" if form.query else request.path
    return response


@require_safe
def model(request, key):
    """One model: what it takes and costs, how it has done, what was made with it last."""
    found = model_or_404(key)
    tasks = Task.objects.visible_to(request.user).filter(model_slug=found.slug)
    context = {
        "model": found,
        "figures": figures(tasks).get(found.slug, Figures()),
        "is_starred": is_starred(request.user, found),
        "is_on_offer": found in offer(),
        "price": Prices.of([found]).of_unit(found),
        "fields": schema.fields(found) if found.parameters else (),
        "inputs": inputs(found),
        "last_made": last_made(tasks),
    }
    return render(request, "models/model.html", context)


@require_POST
def star(request, key):
    """Keep a model at hand."""
    found = model_or_404(key)
    StarredModel.objects.get_or_create(person=request.user, model_slug=found.key)
    return starred(request, found, is_starred=True)


@require_POST
def unstar(request, key):
    found = model_or_404(key)
    StarredModel.objects.filter(person=request.user, model_slug=found.key).delete()
    return starred(request, found, is_starred=False)


def starred(request, found, is_starred):
    if request.htmx:
        return render(request, "models/_star.html", {"model": found, "is_starred": is_starred})
    form = StarForm(request.POST)
    return redirect(form.cleaned_data["next"] if form.is_valid() else "models")


def model_or_404(key):
    found = catalogue.by_key(key)
    if found is None:
        raise Http404
    return found


def is_starred(user, found):
    return StarredModel.objects.filter(person=user, model_slug=found.key).exists()


def entries(user):
    """An Entry for every model of the catalogue, in its order; seven queries."""
    known, on_offer = figures(Task.objects.visible_to(user)), {each.slug for each in offer()}
    starred = set(StarredModel.objects.filter(person=user).values_list("model_slug", flat=True))
    samples = pictures(each.last for each in known.values() if each.last)
    prices = Prices.of(catalogue.models())
    return [
        Entry(
            model=each,
            figures=told,
            sample=samples.get(told.last),
            is_starred=each.key in starred,
            is_on_offer=each.slug in on_offer,
            price=prices.of_unit(each),
        )
        for each, told in ((each, known.get(each.slug, Figures())) for each in catalogue.models())
    ]


def pictures(task_pks):
    """The first picture of each of these tasks, by the task's pk; none for a task that has none."""
    # Asked by task alone: told to leave out what is not saved, SQLite would walk through all that is.
    files = Output.objects.filter(task__in=list(task_pks)).order_by("task", "-position")
    return {file.task_id: file for file in files if file.is_saved and file.small}


def last_made(tasks):
    """The newest (task, its first picture or None) with a result."""
    done = list(tasks.filter(status__in=[Task.Status.DONE, Task.Status.PARTIAL]).select_related("prompt")[:LAST_MADE])
    found = pictures(task.pk for task in done)
    return [(task, found.get(task.pk)) for task in done]
