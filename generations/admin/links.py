from django.contrib import admin
from django.utils.html import format_html

from generations.admin.actions import Action
from generations.admin.history import EMPTY_FRAME, History, badge, picture, to
from generations.models import Output, ShareLink

COLOURS = {"open": "done", "ending": "unknown", "expired": "expired", "revoked": "revoked", "shut": "failed"}


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("live", "Live"), *ShareLink.State.choices]

    def queryset(self, request, queryset):
        if self.value() == "live":
            return queryset.filter(state__in=["open", "ending"])
        return queryset.filter(state=self.value()) if self.value() in ShareLink.State else queryset


class OpensFilter(admin.SimpleListFilter):
    title = "what it opens"
    parameter_name = "opens"
    KINDS = {
        "task": {"task__isnull": False},
        "collection": {"collection__isnull": False},
        "selection": {"task": None, "collection": None},
    }

    def lookups(self, request, model_admin):
        return [("task", "A generation"), ("collection", "A collection"), ("selection", "A selection")]

    def queryset(self, request, queryset):
        return queryset.filter(**self.KINDS.get(self.value(), {}))


@admin.register(ShareLink)
class ShareLinkAdmin(History):
    list_display = ["picture", "called", "opens", "state", "creator", "options", "opened", "last_opened_at", "ends_at"]
    list_display_links = ["called"]
    list_select_related = ["task__prompt", "collection", "creator"]
    list_filter = [StateFilter, OpensFilter, "downloads", "shows_prompts", "creator"]
    search_fields = ["title", "task__prompt__text", "collection__name", "creator__email", "creator__name", "=task__pk"]
    fieldsets = [
        (None, {"fields": ["picture", "opens", "creator", "state", "address", "title", "message"]}),
        ("Options", {"fields": ["asks_password", "downloads", "shows_prompts", "is_frozen"]}),
        ("Times", {"fields": ["created_at", "expires_at", "ends_at", "revoked_at", "opened", "last_opened_at"]}),
    ]
    actions = [
        Action(
            "revoke",
            ShareLink.revoke,
            "Revoke",
            about="They stop working at once, for everybody who has them, and for good.",
            done="Revoked",
            fits=lambda link: link.revoked_at is None,
        ),
        "as_csv",
    ]
    columns = [
        *("pk", "created_at", "creator__email", "title", "task", "collection__name", "downloads", "shows_prompts"),
        *("expires_at", "revoked_at", "opened", "last_opened_at"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_state().with_face()

    def described(self, link):
        return format_html("{} {}", to(link, self.called(link)), self.state(link))

    @admin.display(description="picture")
    def picture(self, link):
        return picture("media", Output(pk=link.face)) if link.face else EMPTY_FRAME

    @admin.display(description="title", ordering="title")
    def called(self, link):
        return link.title or link

    @admin.display(description="opens")
    def opens(self, link):
        if link.task:
            return to(link.task, link.task.prompt)
        return f"Collection “{link.collection}”" if link.collection else "A selection"

    @admin.display(description="state", ordering="state")
    def state(self, link):
        return badge(COLOURS[link.state], ShareLink.State(link.state).label)

    @admin.display(description="closes by itself", ordering="ends_at")
    def ends_at(self, link):
        return link.ends_at

    @admin.display(description="options")
    def options(self, link):
        said = ["password"] * bool(link.password) + [link.get_downloads_display().lower()]
        return ", ".join(said + ["prompts shown"] * link.shows_prompts)

    @admin.display(description="asks for a password", boolean=True)
    def asks_password(self, link):
        return bool(link.password)

    @admin.display(description="address")
    def address(self, link):
        return format_html('<a href="{0}">{0}</a>', link.get_absolute_url())
