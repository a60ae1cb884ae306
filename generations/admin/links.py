from django.contrib import admin
from django.utils.html import format_html

from generations.admin.history import History, badge, thumbnail, to
from generations.models import ShareLink


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("live", "Live"), ("closed", "Closed")]

    def queryset(self, request, queryset):
        if self.value() == "live":
            return queryset.live()
        if self.value() == "closed":
            return queryset.exclude(pk__in=ShareLink.objects.live())
        return queryset


@admin.register(ShareLink)
class ShareLinkAdmin(History):
    list_display = ["picture", "__str__", "task_link", "state", "creator", "opened", "last_opened_at", "created_at"]
    list_display_links = ["__str__"]
    list_select_related = ["task__prompt", "creator"]
    list_filter = [StateFilter, "creator"]
    search_fields = ["task__prompt__text", "creator__email", "creator__name", "=task__pk"]
    date_hierarchy = "created_at"
    fields = ["picture", "task", "creator", "state", "address", "created_at", "expires_at", "revoked_at"]
    fields += ["opened", "last_opened_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("task__outputs")

    @admin.display(description="picture")
    def picture(self, link):
        return thumbnail(link.task.outputs.all())

    @admin.display(description="task")
    def task_link(self, link):
        return to(link.task, link.task.prompt)

    @admin.display(description="state")
    def state(self, link):
        if link.revoked_at:
            return badge("revoked", "Revoked")
        return badge("expired", "Expired") if link.is_expired else badge("done", "Live")

    @admin.display(description="address")
    def address(self, link):
        return format_html('<a href="{0}">{0}</a>', link.get_absolute_url())
