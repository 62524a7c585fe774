"""The camera's page of a creator or a guest, for tests and measurements."""

from playwright.sync_api import Page, expect

from e2e.pages import PATIENCE


def show_me(page: Page) -> None:
    """Turn the camera on, and wait until it could be sent."""
    page.get_by_role("button", name="Show me").click()
    ready = page.get_by_role("status").filter(has_text="Ready")
    expect(ready).to_be_visible(timeout=PATIENCE)
