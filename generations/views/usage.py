"""What was ordered and what it cost: for admins of all the team, for members of themselves."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from generations.forms.usage import PERIODS, UsageForm
from generations.media.manifest import cell, line, moment
from generations.models import Purse, Statement, Task, User
from generations.models.drift import drifted
from generations.models.entry import exact
from generations.models.statement import differing
from generations.models.usage import COST, Tally, Usage, percentiles
from generations.views.admins import admins_only
from generations.views.charts import Columns, widths

BARS = 8  # of one list, before the rest is one bar
NEWEST = 8
KINDS = {"image": "pictures", "video": "films", "audio": "recordings", "text": "texts"}
FAILURES = {  # what an order ended with → how that reads
    "provider": "Modellix or its provider gave up",
    "empty": "Finished without a file",
    "inputs": "A file could not be given",
    "timeout": "Watched for too long",
    "files_gone": "Gone before it was saved",
    "http_400": "Refused as it was asked for",
    "http_402": "No credit at Modellix",
}
CSV = {  # column → its value of a task with `cost`
    "task": lambda task: task.pk,
    "provider_task_id": lambda task: task.provider_task_id or "",
    "ordered_at": lambda task: moment(task.created_at),
    "ordered_by": lambda task: str(task.author),
    "kind": lambda task: task.kind,
    "model": lambda task: task.model_name,
    "model_slug": lambda task: task.model_slug,
    "status": lambda task: task.status,
    "waited_seconds": lambda task: task.finished_at and round((task.finished_at - task.created_at).total_seconds(), 1),
    "estimate_usd": lambda task: task.price_maximum,
    "estimated_by": lambda task: "own charges" if task.price_orders else "price list" if task.price_maximum else "",
    "cost_usd": lambda task: task.cost is not None and exact(task.cost),
    "cost_is_estimate": lambda task: task.cost is not None and task.price_charged is None,
}


@dataclass(frozen=True)
class Bar:
    """One line of a list of bars. `width` is in percent."""

    name: str
    tally: Tally
    width: float
    person: User | None = None


@dataclass(frozen=True)
class Wait:
    """One model's waiting times in seconds, and where they are on the scale, in percent."""

    name: str
    seconds: tuple[float, float, float]
    places: tuple[float, float, float]

    @property
    def spans(self):
        """How far it is from the median to each of the others."""
        return [place - self.places[0] for place in self.places[1:]]


@require_safe
def usage(request):
    """Tiles, charts and the tables behind them."""
    form = UsageForm(request.GET, request.user)
    found = Usage(form.tasks(), form.span)
    context = {
        "form": form,
        "usage": found,
        "periods": [(name, words, form.query(period=name)) for name, words in PERIODS.items()],
        "models": models(form, found),
        "chart": Columns.of(columns(found)),
        "by_model": bars(found.by(lambda row: row["model_name"])),
        "waits": waiting(found),
        "failures": failures(found),
        "newest": found.newest(NEWEST),
        "purse": Purse.seen_by(request.user),
    }
    if request.user.is_admin:
        context["by_person"] = people(found)
    return render(request, "usage/usage.html", context)


@require_safe
@admins_only
def credit(request):
    """What is left at Modellix, and whether it took what the ledger says."""
    context = {"statement": Statement.objects.first(), "differing": differing(), "drifted": drifted()}
    return render(request, "usage/credit.html", context)


@require_safe
def as_csv(request):
    """Every order of the same filter, one a line, streamed."""
    form = UsageForm(request.GET, request.user)
    tasks = form.span.of(form.tasks()).annotate(cost=COST).select_related("author").defer("body", "inputs")
    response = StreamingHttpResponse(
        lines(tasks.order_by("created_at").iterator(2000)), content_type="text/csv; charset=utf-8"
    )
    name = f"usage-{form.span.first}-{form.span.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def lines(tasks):
    yield "\ufeff".encode() + line(CSV)
    for task in tasks:
        yield line(cell(value(task)) for value in CSV.values())


def models(form, found):
    """(slug, name) of those to choose from: all that were ordered in this time, whichever of them is chosen."""
    if "model" in form.asked:
        others = form.span.of(form.tasks(but="model")).order_by()
        return sorted(others.values_list("model_slug", "model_name").distinct(), key=lambda each: each[1])
    return sorted({(row["model_slug"], row["model_name"]) for row in found.rows}, key=lambda each: each[1])


def kinds(found):
    """The kinds that there are, in their usual order; pictures when there is nothing."""
    there = {row["kind"] for row in found.rows}
    return [kind for kind in KINDS if kind in there] or ["image"]


def columns(found):
    """(day or month, {kind in words: runs}) for all of the span, those without any included."""
    counts = {part: {KINDS[kind]: 0 for kind in kinds(found)} for part in found.span.parts}
    for row in found.rows:
        counts[row["part"]][KINDS[row["kind"]]] += row["runs"]
    written = "M Y" if found.span.unit == "month" else "j M"
    return [(date_format(part, written), values) for part, values in counts.items()]


def bars(tallies, person=lambda key: None, named=str):
    """A Bar for each, the most spent first; those beyond the eighth are one together."""
    shown, rest = list(tallies.items())[:BARS], list(tallies.values())[BARS:]
    lengths = widths([tally.spent or Decimal(0) for _, tally in shown])
    found = [Bar(named(key), tally, width, person(key)) for (key, tally), width in zip(shown, lengths, strict=True)]
    if rest:
        runs, spent = sum(tally.runs for tally in rest), sum(tally.spent for tally in rest)
        most = shown[0][1].spent
        others = Bar(
            f"{len(rest)} others", Tally(runs=runs, spent=spent), float(min(100 * spent / most, 100)) if most else 0
        )
        found.append(others)
    return found


def people(found):
    tallies = found.by(lambda row: row["author"])
    known = User.objects.in_bulk(tallies)
    return bars(tallies, person=known.get, named=lambda pk: str(known[pk]))


def waiting(found):
    """A Wait for each of the models most waited for, the quickest first."""
    often = sorted(found.waits.items(), key=lambda item: -len(item[1]))[:BARS]
    known = sorted(((name, percentiles(seconds)) for name, seconds in often), key=lambda item: item[1])
    longest = max((seconds[-1] for _, seconds in known), default=0) or 1
    return [Wait(name, seconds, tuple(round(97 * each / longest, 1) for each in seconds)) for name, seconds in known]


def failures(found):
    """(words, how many, width) for each way in which orders ended without a result."""
    counts = {}
    for status, code, number in found.failures:
        words = FAILURES.get(code) or ("Refused by Modellix" if code.startswith("http_") else Task.Status(status).label)
        counts[words] = counts.get(words, 0) + number
    return list(zip(counts, counts.values(), widths(counts.values()), strict=True))
