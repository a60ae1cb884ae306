from django.contrib import admin

from generations.admin.history import History, HistoryRows, badge, plain, thumbnail, to
from generations.models import Attempt, Event, Output, ShareLink, Task

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


class EventRows(HistoryRows):
    model = Event
    fields = readonly_fields = ["at", "kind", "actor", "text"]
    show_change_link = False
    ordering = ["id"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")


@admin.register(Task)
class TaskAdmin(History):
    list_display = ["picture", "asked", "model_name", "state", "author", "price_charged", "created_at"]
    list_display_links = ["asked"]
    list_select_related = ["prompt", "author"]
    list_filter = ["status", "kind", "model_name", "author", "spent"]
    search_fields = ["prompt__text", "model_slug", "provider_task_id", "=pk"]
    search_help_text = "Words of the prompt, a model, or a task's number here or at Modellix"
    date_hierarchy = "created_at"
    inlines = [OutputRows, AttemptRows, LinkRows, EventRows]
    fieldsets = [
        (None, {"fields": ["picture", "prompt", "author", "model_name", "model_slug", "model_type", "created_at"]}),
        ("State", {"fields": ["state", "error", "error_code", "provider_task_id", "word"]}),
        ("Money, in US dollars", {"fields": ["spent", "price_minimum", "price_maximum", "price_charged"]}),
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

    @admin.display(description="picture")
    def picture(self, task):
        return thumbnail(task.outputs.all())

    @admin.display(description="prompt", ordering="prompt__text")
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
    list_filter = ["outcome", "http_status", "form"]
    search_fields = ["provider_task_id", "text", "=task__pk"]
    date_hierarchy = "started_at"
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
