"""Who may go where: every address of the product, asked and posted to by everybody, held against one table.

The addresses come from the URL configuration: a new one fails until it is in the table. Nothing is posted but an empty
form, so that what is allowed answers what is wrong with that. Nobody gets further by being disabled than a visitor.
"""

import pytest
from django.db import transaction
from django.test import Client

from generations.models import User

pytestmark = pytest.mark.django_db

PEOPLE = ("visitor", "viewer", "member", "author", "admin")
METHODS = ("get", "post")
TABLE = {  # what GET and POST answer to each of PEOPLE → names of addresses
    ("302 200 200 200 200", "302 403 405 405 405"): """
        studio task find facet selection-all task-menu collections collection collection-zip collection-item
        compare models model link-password media people mfa_list_webauthn
    """,
    ("302 405 405 405 405", "302 403 422 422 422"): """
        tasks
    """,
    ("302 403 302 302 302", "302 403 400 400 400"): """
        draft
    """,
    ("302 403 200 200 200", "302 403 405 405 405"): """
        presets prompts bin collection-targets usage usage-csv
    """,
    ("302 405 405 405 405", "302 403 200 200 200"): """
        preset-new
    """,
    ("302 403 404 200 404", "302 403 404 200 404"): """
        preset view
    """,
    ("302 405 405 405 405", "302 403 404 200 404"): """
        preset-delete
    """,
    ("302 400 400 400 400", "302 403 405 405 405"): """
        changes
    """,
    ("302 403 200 200 200", "302 403 200 200 200"): """
        composer collection-new collection-choose tag-choose budget-ask
    """,
    ("302 405 405 405 405", "302 403 404 302 404"): """
        task-undo task-send-now view-delete
    """,
    ("302 405 405 405 405", "302 403 404 302 302"): """
        task-cancel task-send-again task-check task-dismiss task-stop-watching task-order-again
        collection-delete link-revoke link-extend
    """,
    ("302 200 200 200 200", "302 422 422 422 422"): """
        origin
    """,
    ("302 200 200 200 200", "302 403 422 422 422"): """
        views
    """,
    ("302 405 405 405 405", "302 404 404 404 404"): """
        favourite unfavourite vote session-end
    """,
    ("302 405 405 405 405", "302 400 400 400 400"): """
        rate
    """,
    ("302 405 405 405 405", "302 403 404 404 404"): """
        make-private make-public bin-add bin-restore collection-restore collection-cover
        webhook-test webhook-rotate webhook-again
    """,
    ("302 405 405 405 405", "302 302 302 302 302"): """
        selection-compare sessions-end
    """,
    ("302 302 302 302 302", "302 302 302 302 302"): """
        zip profile-email mfa_authenticate mfa_reauthenticate mfa_activate_totp mfa_generate_recovery_codes
        mfa_login_webauthn mfa_reauthenticate_webauthn mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn
    """,
    ("302 404 404 404 404", "302 403 405 405 405"): """
        bin-thumbnail ballot mfa_view_recovery_codes
    """,
    ("302 405 405 405 405", "302 403 302 302 302"): """
        collection-start collection-add collection-remove tag-add tag-remove model-star model-unstar frame
    """,
    ("302 404 404 200 200", "302 403 404 200 200"): """
        collection-edit link
    """,
    ("302 405 405 405 405", "302 403 400 400 400"): """
        collection-undo
    """,
    ("302 405 405 405 405", "302 403 404 400 400"): """
        collection-move
    """,
    ("302 200 200 200 200", "302 403 404 404 404"): """
        links
    """,
    ("302 403 404 404 404", "302 403 404 404 404"): """
        link-new
    """,
    ("302 404 404 200 200", "302 403 405 405 405"): """
        link-code upload
    """,
    ("200 200 200 200 200", "302 302 302 302 302"): """
        share share-item
    """,
    ("200 200 200 200 200", "405 403 405 405 405"): """
        share-zip share-preview share-media healthz readyz account_reset_password_done account_inactive
    """,
    ("302 200 200 200 200", "302 200 200 200 200"): """
        profile account_change_password account_reauthenticate
    """,
    ("302 404 404 404 200", "302 403 404 404 200"): """
        team-settings person webhook
    """,
    ("404 404 404 404 404", "404 403 404 404 404"): """
        set-up
    """,
    ("200 200 200 200 200", "200 200 200 200 200"): """
        invited account_reset_password
    """,
    ("302 405 405 405 405", "302 403 404 404 422"): """
        invite
    """,
    ("302 405 405 405 405", "302 403 404 404 302"): """
        invitation-renew invitation-withdraw person-disable person-enable person-remove person-second-step-drop
        approve deny
    """,
    ("302 404 404 404 200", "302 403 405 405 405"): """
        credit health approvals
    """,
    ("405 405 405 405 405", "204 403 204 204 204"): """
        hook
    """,
    ("404 404 404 404 404", "405 403 405 405 405"): """
        input metrics
    """,
    ("404 404 404 404 404", "404 404 404 404 404"): """
        stop-mail
    """,
    ("200 302 302 302 302", "200 302 302 302 302"): """
        account_login
    """,
    ("302 302 302 302 302", "302 403 302 302 302"): """
        mfa_index
    """,
    ("302 404 404 404 404", "302 404 404 404 404"): """
        mfa_deactivate_totp
    """,
    ("302 404 404 404 404", "302 403 404 404 404"): """
        mfa_download_recovery_codes
    """,
}
EXPECTED = {name: codes for codes, names in TABLE.items() for name in names.split()}
APART = {"account_logout"}  # whoever asks is signed out


@pytest.fixture
def browsers(member, colleague, viewer, admin_user):
    """{who: their browser}; the member is a colleague of the author."""
    people = dict(zip(PEOPLE, (None, viewer, colleague, member, admin_user), strict=True))
    return {who: browser(person) for who, person in people.items()}


def browser(person):
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


def answer(client, method, path):
    """The status; whatever it changed is as before."""
    with transaction.atomic():
        response = getattr(client, method)(path)
        response.getvalue()  # or a zip that nobody reads keeps its place until it is found to be garbage
        transaction.set_rollback(True)
    return str(response.status_code)


def test_every_address_answers_everybody_as_the_table_says(browsers, addresses):
    assert set(EXPECTED) | APART == set(addresses), "every address belongs in the table, and nothing else"
    found = {
        name: tuple(" ".join(answer(browsers[who], method, path) for who in PEOPLE) for method in METHODS)
        for name, path in addresses.items()
        if name not in APART
    }
    assert found == EXPECTED


def test_other_methods_change_nothing_anywhere(browsers, addresses):
    methods = ("put", "patch", "delete")
    own = [path for name, path in addresses.items() if not name.startswith("account_")]  # allauth shows its form
    answers = {answer(browsers["author"], methods[number % 3], path) for number, path in enumerate(own)}
    assert answers <= {"302", "403", "404", "405"}


def test_who_is_disabled_is_a_visitor(addresses, browsers):
    gone = User.objects.create_user("dan@example.com", "correct horse battery", name="Dan Disabled")
    theirs = browser(gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    asked = {name: path for name, path in addresses.items() if name not in APART}
    for name, path in asked.items():
        assert answer(theirs, "get", path) == EXPECTED[name][0].split()[0], name
