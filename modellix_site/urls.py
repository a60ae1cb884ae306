from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from generations.views.second_step import ConfirmByPasskey, SignInByPasskey, readable

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
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/passkey/", ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("login/passkey/", SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("code/", second_step.authenticate, name="mfa_authenticate"),
    path("two-step/", RedirectView.as_view(pattern_name="profile"), name="mfa_index"),
    path("two-step/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("two-step/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("two-step/codes/", readable(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("two-step/codes/new/", readable(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("two-step/codes/download/", readable(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
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
