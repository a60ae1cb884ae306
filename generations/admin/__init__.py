"""The history of everything, for admins: read, not edited. Only people can be added and changed."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from generations.admin import (  # noqa: F401 (they register)
    collections,
    entries,
    events,
    links,
    machinery,
    outputs,
    prompts,
    tasks,
    uploads,
    users,
)

admin.site.site_header = admin.site.site_title = "Modellix Studio"
admin.site.index_title = "History"
admin.site.login = secure_admin_login(admin.site.login)  # one door, with its throttle, for everybody
