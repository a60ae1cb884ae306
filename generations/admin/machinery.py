"""What keeps the studio going: the provider as we know it, the lease, the workers, and their jobs that failed."""

import allauth.account.admin  # (these five so that their pages are there to be taken off)
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
import django_q.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django_q.models import Failure, OrmQ, Schedule, Success

from generations.admin.history import History, badge, plain
from generations.models import Heartbeat, Lease, Provider, Statement

# Whoever edits these by hand runs any function on the server, sends a paid job twice, or changes nothing at all.
for model in (Schedule, OrmQ, Success, Failure, Group, EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Provider)
class ProviderAdmin(History):
    list_display = ["__str__", "state", "pause_text", "paused_at", "unreachable_since", "balance", "submit_form"]
    columns = ["pk", "pause", "pause_text", "paused_at", "unreachable_since", "balance", "balance_at", "submit_form"]
    fields = ["state", "pause_text", "paused_at", "key_fingerprint", "unreachable_since", "balance", "balance_at"]
    fields += ["submit_form"]

    @admin.display(description="sending")
    def state(self, provider):
        return badge("failed" if provider.is_paused else "done", provider.get_pause_display())


@admin.register(Statement)
class StatementAdmin(History):
    list_display = ["until", "taken", "booked", "unexplained", "balance"]
    columns = fields = ["since", "until", "taken", "booked", "balance", "up_to"]


@admin.register(Lease)
class LeaseAdmin(History):
    columns = ["pk", "holder", "epoch", "expires_at", "waiting_since"]
    list_display = ["__str__", "holder", "epoch", "expires_at", "waiting_since"]


@admin.register(Heartbeat)
class HeartbeatAdmin(History):
    list_display = columns = ["host", "at"]


# What the cluster runs is a job; a task is an order at Modellix.
Failure._meta.verbose_name, Failure._meta.verbose_name_plural = "failed job", "failed jobs"


@admin.register(Failure)
class FailureAdmin(History):
    list_display = ["func", "name", "started", "stopped", "attempt_count"]
    list_filter = ["func"]
    search_fields = ["func", "name"]
    columns = ["pk", "func", "name", "started", "stopped", "attempt_count"]
    fields = ["func", "name", "group", "cluster", "started", "stopped", "attempt_count", "traceback"]

    @admin.display(description="traceback")
    def traceback(self, failure):
        return plain(str(failure.result or ""))
