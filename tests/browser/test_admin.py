"""An admin helps an order on its way, and sees who did what."""

from playwright.sync_api import expect

from tests.browser.test_walk import START, generate, states_of


def test_a_hold_is_released_in_the_history_and_the_order_goes_out(page, browse, studio):
    studio.let_undo(10)
    page.goto(START)
    card = generate(page, "A lighthouse that has to wait")
    newest = "(SELECT max(id) FROM generations_task)"
    studio.change(f"UPDATE generations_task SET hold = 'paused', not_before = '2099-01-01' WHERE id = {newest}")
    studio.let_undo(0)
    history = browse()
    history.goto("/admin/generations/task/?status__exact=queued")
    row = history.locator("#result_list tbody tr", has_text="A lighthouse that has to wait")
    row.get_by_role("checkbox").check()
    history.locator("select[name=action]").select_option(label="Release the hold")
    history.get_by_role("button", name="Go", exact=True).click()
    expect(history.get_by_text("Nothing is ordered anew.")).to_be_visible()
    history.get_by_role("button", name="Release the hold").click()
    expect(history.get_by_text("Released: 1.")).to_be_visible()
    assert states_of(card)[-1] == "done"
    history.goto("/admin/generations/task/?q=lighthouse+wait")
    history.get_by_role("link", name="A lighthouse that has to wait").click()
    line = history.get_by_role("row", name="released")
    expect(line).to_contain_text("Sending resumed")
    expect(line).to_contain_text("Mira Okafor")
