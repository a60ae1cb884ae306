"""A passkey from its making to its end, with a device that Chromium plays."""

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    **dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation"), True),
}


def test_a_passkey_is_added_signs_in_and_is_removed(browse, studio):
    page = browse(signed_in=False)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"http://localhost:{studio.port}/account/login/?next=/account/passkeys/")
    page.get_by_label("Email").fill("mira@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.locator(".recovery code")).to_have_count(10)

    page.get_by_role("button", name="Account: Mira Okafor").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"http://localhost:{studio.port}/account/login/?next=/account/passkeys/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("last used today")).to_be_visible()

    page.get_by_role("link", name="Remove Laptop").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
