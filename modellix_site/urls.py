from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

# What we offer of allauth, under its own names; a finished reset leads back to signing in.
accounts = [
    path("login/", account.login, name="account_login"),
    path("login/", account.login, name="account_reset_password_from_key_done"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include(accounts)),
    path("", include("generations.urls")),
]

handler400 = "generations.views.errors.bad_request"
handler403 = "generations.views.errors.forbidden"
handler404 = "generations.views.errors.not_found"
handler500 = "generations.views.errors.server_error"
