import re
from typing import NamedTuple

from django.contrib import admin
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.html import format_html

from generations.admin.actions import Action
from generations.admin.history import History, HistoryRows, badge, plain, thumbnail, to
from generations.forms.checks import CheckForm
from generations.forms.feed import tasks_numbered
from generations.models import Attempt, Event, Output, ShareLink, Task
from generations.models.task_words import found_by

STATES = {"done": "done", "partial": "unknown", "unknown": "unknown", "failed": "failed", "expired": "failed"}


def task_badge(task):
    return badge(STATES.get(task.status, task.status), task.get_status_display())


class OutputRows(HistoryRows):
    model = Output
    fields = readonly_fields = ["picture", "status", "kind", "size", "width", "height", "error"]

    @admin.display(description="picture")
    def picture(self, output):
        return thumbnail([output])


class AttemptRows(HistoryRows):
    model = Attempt
    fields = readonly_fields = ["number", "outcome", "form", "http_status", "started_at", "ended_at", "text"]


class LinkRows(HistoryRows):
    model = ShareLink
    fields = readonly_fields = ["creator", "created_at", "expires_at", "revoked_at", "opened", "last_opened_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("creator")


def look_up(task, actor, provider_task_id):
    return task.hint(provider_task_id, actor)


def retry_files(task, actor):
    return sum(output.retry(actor) for output in task.outputs.all())


def is_unknown(task):
    return task.status == Task.Status.UNKNOWN


ACTIONS = [
    Action(
        "release",
        Task.release,
        "Release the hold",
        about="What they wait for is taken to be over: each is tried again as soon as its turn comes. Those that their "
        "author may still undo stay as they are. Nothing is ordered anew.",
        done="Released",
        fits=lambda task: task.status == Task.Status.QUEUED and task.hold in Task.RELEASABLE,
    ),
    Action(
        "look_up",
        look_up,
        "Attach a task id to an unknown",
        about="Modellix is asked about this id first: only if model and time fit, it becomes the order's. Nothing is "
        "sent again.",
        done="Being looked for at Modellix",
        fits=is_unknown,
        form_class=CheckForm,
        at_most=1,
    ),
    Action(
        "dismiss",
        Task.dismiss,
        "Mark as not sent",
        about="By your word that Modellix never got them. They end as cancelled and hold no money back any more; "
        "whether they were charged stays unknown. Look in the Modellix console first.",
        done="Marked as not sent",
        fits=is_unknown,
    ),
    Action(
        "retry_files",
        retry_files,
        "Save their files now",
        about="Files that wait for their next try are tried at once. Saved and lost ones stay as they are.",
        done="Tried now",
        fits=lambda task: task.status == Task.Status.SAVING,
    ),
]


class StatusCodes(admin.SimpleListFilter):
    """By hundreds: which ones there are is not looked for in all rows."""

    title = "HTTP status"
    parameter_name = "http"

    def lookups(self, request, model_admin):
        return [(str(hundred), f"{hundred}xx") for hundred in (2, 4, 5)] + [("none", "No answer")]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(http_status=None)
        if self.value() in ("2", "4", "5"):
            low = 100 * int(self.value())
            return queryset.filter(http_status__gte=low, http_status__lt=low + 100)
        return queryset


ANSWERS = {Event.Kind.ACCEPTED, Event.Kind.HELD, Event.Kind.REFUSED, Event.Kind.LOST_TRACK, Event.Kind.WITHDRAWN}
REQUEST_ID = re.compile(r'"request_id"\s*:\s*"([^"\\]{1,128})"')


class Step(NamedTuple):
    """One line of a timeline: where it is an answer, with its HTTP status and the ids that Modellix gave."""

    event: Event
    http_status: int | str = ""
    ids: str = ""


def timeline(task):
    """The steps of a task, oldest first."""
    attempts, number, steps = {attempt.number: attempt for attempt in task.attempts.all()}, 0, []
    for event in task.events.select_related("actor").order_by("pk"):
        number += event.kind == Event.Kind.CLAIMED
        answered = attempts.get(number) if event.kind in ANSWERS else None
        if answered:
            steps.append(Step(event, answered.http_status or "none", answered.provider_task_id or ""))
        else:
            steps.append(Step(event, ids=request_id(task) if event.kind == Event.Kind.FINISHED else ""))
    return steps


def request_id(task):
    """By which Modellix's support finds the making of it."""
    found = REQUEST_ID.search(task.answer)
    return f"request {found[1]}" if found else ""


@admin.register(Task)
class TaskAdmin(History):
    list_display = ["picture", "asked", "model_name", "state", "author", "price_charged", "created_at"]
    list_display_links = ["asked"]
    list_select_related = ["prompt", "author"]
    list_filter = ["status", "kind", "author", "created_at", "spent"]
    sortable_by = ["created_at"]
    search_fields = ["pk"]
    search_help_text = "Words of the prompt, a model, or a task's number here or at Modellix"
    actions = [*ACTIONS, "as_csv"]
    columns = [
        *("pk", "created_at", "author__email", "model_slug", "model_name", "kind", "prompt__text", "status", "hold"),
        *("spent", "price_minimum", "price_maximum", "price_orders", "price_charged"),
        *("provider_task_id", "attempt", "claimed_at"),
        *("accepted_at", "started_at", "finished_at", "closed_at", "error_code", "error", "is_private", "binned_at"),
    ]
    inlines = [OutputRows, AttemptRows, LinkRows]
    fieldsets = [
        (None, {"fields": ["picture", "prompt", "author", "model_name", "model_slug", "model_type", "created_at"]}),
        ("State", {"fields": ["state", "waits_for", "error", "error_code", "provider_task_id", "word"]}),
        ("What happened", {"fields": ["timeline"]}),
        (
            "Money, in US dollars",
            {"fields": ["spent", "price_minimum", "price_maximum", "price_orders", "price_charged"]},
        ),
        (
            "Times",
            {"fields": ["claimed_at", "accepted_at", "started_at", "finished_at", "closed_at", "result_expires_at"]},
        ),
        (
            "Watching",
            {"classes": ["collapse"], "fields": ["attempt", "epoch", "poll_count", "last_poll_at", "next_poll_at"]},
        ),
        ("Request and answer", {"classes": ["collapse"], "fields": ["request_body", "last_answer"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("outputs")

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(found_by(search_term) | Q(pk__in=tasks_numbered(search_term))), False

    def described(self, task):
        return format_html("{} {}", to(task, task.title), task_badge(task))

    @admin.display(description="waits for")
    def waits_for(self, task):
        return task.get_hold_display() if task.status == Task.Status.QUEUED else "-"

    @admin.display(description="timeline")
    def timeline(self, task):
        return render_to_string("admin/generations/task/timeline.html", {"steps": timeline(task)})

    @admin.display(description="picture")
    def picture(self, task):
        return thumbnail(task.outputs.all())

    @admin.display(description="prompt")
    def asked(self, task):
        return task.prompt

    @admin.display(description="state", ordering="status")
    def state(self, task):
        return task_badge(task)

    @admin.display(description="request body")
    def request_body(self, task):
        return plain(task.body)

    @admin.display(description="last answer")
    def last_answer(self, task):
        return plain(task.answer)


@admin.register(Attempt)
class AttemptAdmin(History):
    list_display = ["__str__", "outcome_badge", "task_link", "http_status", "started_at", "ended_at", "text"]
    list_select_related = ["task__prompt"]
    list_filter = ["outcome", StatusCodes]
    ordering = ["-pk"]
    sortable_by = []
    search_fields = ["=provider_task_id", "=task__pk"]
    search_help_text = "A task's number here or at Modellix"
    columns = [
        *("pk", "task", "number", "outcome", "form", "epoch", "started_at", "ended_at", "http_status"),
        *("provider_task_id", "text"),
    ]
    fields = ["task", "number", "outcome_badge", "form", "epoch", "started_at", "ended_at", "http_status"]
    fields += ["provider_task_id", "text", "sent_body", "raw_answer"]

    @admin.display(description="outcome", ordering="outcome")
    def outcome_badge(self, attempt):
        states = {"accepted": "done", "refused": "failed", "unknown": "unknown"}
        return badge(states.get(attempt.outcome, attempt.outcome), attempt.get_outcome_display())

    @admin.display(description="task")
    def task_link(self, attempt):
        return to(attempt.task, attempt.task.prompt)

    @admin.display(description="request body")
    def sent_body(self, attempt):
        return plain(attempt.sent or attempt.task.body)

    @admin.display(description="answer")
    def raw_answer(self, attempt):
        return plain(attempt.answer)
