from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from generations import accounts
from generations.admin.actions import Action
from generations.admin.history import Listed
from generations.models import LastAdmin, User


class NewUserForm(AdminUserCreationForm):
    """A new person: with a password that the admin tells them, or with none and a link to choose one."""

    usable_password = AdminUserCreationForm.create_usable_password_field(
        help_text="Disabled: the next page has a link with which the person chooses a password."
    )

    class Meta:
        model = User
        fields = ("email", "name", "role")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "role", "is_active", "is_staff", "budget")
        labels = {"is_staff": "may read this history"}
        help_texts = {"is_staff": "Without changing people."}
        field_classes = {}


def disable(person, actor):
    try:
        return person != actor and person.disable() and log(actor, person, "Disabled.")
    except LastAdmin:  # somebody else has just disabled this one
        return False


def end_sessions(person, actor):
    return person.end_sessions() and log(actor, person, "Signed out everywhere.")


def drop_second_step(person, actor):
    return (
        person != actor and accounts.drop_second_step(person) and log(actor, person, "Two-step sign-in switched off.")
    )


def log(actor, person, what):
    return LogEntry.objects.log_actions(actor.pk, [person], CHANGE, what)


ACTIONS = [
    Action(
        "disable",
        disable,
        "Disable",
        about="They are kept out from their next request on, and their links close. Their work stays, and they can be "
        "let in again. You yourself stay as you are.",
        done="Disabled",
        fits=lambda person: person.is_active,
    ),
    Action(
        "end_sessions",
        end_sessions,
        "End their sessions",
        about="They are signed out in every browser, and can sign in again with their password.",
        done="Signed out",
        fits=lambda person: person.is_active,
    ),
    Action(
        "drop_second_step",
        drop_second_step,
        "Switch off their two-step sign-in",
        about="For people who lost their phone and their recovery codes. Their password alone signs them in until they "
        "switch it on again; passkeys and codes end. They are told by mail. Yours stays. Be sure that it "
        "is they who ask.",
        done="Two-step sign-in switched off",
        fits=lambda person: person.has_second_step,
    ),
]


@admin.register(User)
class PeopleAdmin(Listed, UserAdmin):
    """The one page of the admin on which something is changed, by admins alone. Nobody is deleted: their work stays."""

    form, add_form = UserForm, NewUserForm
    actions = [*ACTIONS, "as_csv"]
    columns = ["pk", "email", "name", "role", "is_active", "is_staff", "last_login", "date_joined"]
    list_display = ["email", "name", "role", "is_active", "is_staff", "last_login", "date_joined"]
    list_filter = ["role", "is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("May", {"fields": ["role", "is_active", "is_staff"]}),
        ("Money", {"fields": ["budget"]}),
        ("Times", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "role", "usable_password", "password1", "password2"]})
    ]

    def has_add_permission(self, request):
        return request.user.is_admin

    def has_change_permission(self, request, obj=None):
        return request.user.is_admin

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    has_module_permission = has_view_permission

    def get_readonly_fields(self, request, obj=None):
        """Admins cannot lock themselves out."""
        own = ["role", "is_active", "is_staff"] if obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *own]

    def get_urls(self):
        view = self.admin_site.admin_view(self.password_link)
        return [path("<int:pk>/password-link/", view, name="password-link"), *super().get_urls()]

    def password_link(self, request, pk):
        """A link with which the person chooses a password: it works once, and ends when they sign in before."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = get_object_or_404(User, pk=pk, is_active=True)
        key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
        address = request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=key))
        context = self.admin_site.each_context(request) | {
            "title": f"A link for {person} to choose a password",
            "opts": self.opts,
            "person": person,
            "address": address,
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        }
        return TemplateResponse(request, "admin/generations/user/password_link.html", context)

    def response_add(self, request, obj, post_url_continue=None):
        if not obj.has_usable_password():
            return HttpResponseRedirect(reverse("admin:password-link", args=[obj.pk]))
        return super().response_add(request, obj, post_url_continue)
