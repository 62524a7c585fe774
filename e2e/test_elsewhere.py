"""Video from elsewhere in a browser: asked for before it is loaded, played, changed, taken away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from e2e.conftest import AWAKE
from e2e.other_server import OtherServer, other_server
from e2e.pages import PATIENCE_MS, awake
from e2e.site import Site
from tools.browser import FLAGS, chromium

pytestmark = pytest.mark.browser

HLS, CAST = "video.example.org", "cast.example.org"
MAKE = """from conftest import person
person("ella", is_creator=True)"""
SHOW = f"""from accounts.models import User
from video.elsewhere import services
ella = User.objects.get(handle="ella")
shown = services.show(creator=ella, address="https://{HLS}/live/index.m3u8", title="From my ship")
print(shown.stream.public_id)"""
MOVES = """() => {
  const video = document.querySelector("video[data-video]");
  return video && video.videoWidth === 320 && video.currentTime > 1;
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OtherServer]:
    with other_server(tmp_path) as running:
        yield running


@pytest.fixture
def people(browser: Browser, site: Site, server: OtherServer) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a browser which knows the other servers by their names."""
    own = browser.browser_type.launch(
        executable_path=chromium(), args=[*FLAGS, *server.flags(HLS, CAST)]
    )

    def arrive() -> Page:
        context = own.new_context(
            base_url=site.url, locale="en-GB", ignore_https_errors=True, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(AWAKE)
        return context.new_page()

    yield arrive
    own.close()


def test_a_viewer_chooses_and_the_creator_changes_and_takes_away(
    site: Site, server: OtherServer, people: Callable[[], Page]
) -> None:
    from giftplatform.demo.people import PASSWORD

    site.shell(MAKE)
    room = f"/live/{site.shell(SHOW).split()[-1]}/"
    viewer, creator = people(), people()

    # Nothing is asked of the other server before the press, which the keyboard does as well.
    viewer.goto(room)
    expect(viewer.get_by_text(f"It comes straight from {HLS}")).to_be_visible()
    assert server.asked == []
    awake(viewer)  # before that the press opens the page itself
    viewer.get_by_role("link", name="Load the video").focus()
    viewer.keyboard.press("Enter")
    plays(viewer)
    assert "/live/index.m3u8" in server.asked_of(HLS)
    expect(viewer.get_by_role("button", name=f"From {HLS}: stop loading")).to_be_focused()

    # The creator sees it too, is told what cannot be shown, and shows another server's page.
    creator.goto("/account/login/?next=/studio/go-live/elsewhere/")
    creator.get_by_label("Email").fill("ella@example.com")
    creator.get_by_label("Password", exact=True).fill(PASSWORD)
    creator.get_by_role("button", name="Sign in", exact=True).click()
    plays(creator)
    field = creator.get_by_label("Address or embed code")
    field.fill(f"http://{CAST}/")
    creator.get_by_role("button", name="Show this instead").click()
    expect(creator.get_by_text("This address can't be shown.")).to_be_visible()
    field.fill(f"https://{CAST}/")
    creator.get_by_role("button", name="Show this instead").click()
    expect(page_of(creator).get_by_role("heading")).to_have_text("A page of the other server")
    before = len(server.asked_of(CAST))

    # Another server: the viewer is asked again; their choice holds after that, until it is undone.
    expect(viewer.get_by_text(f"It comes straight from {CAST}")).to_be_visible()
    assert len(server.asked_of(CAST)) == before
    viewer.get_by_role("link", name="Load the video").click()
    expect(page_of(viewer).get_by_role("heading")).to_be_visible()
    viewer.reload()
    expect(page_of(viewer).get_by_role("heading")).to_be_visible()
    viewer.get_by_role("button", name=f"From {CAST}: stop loading").click()
    expect(viewer.locator(".elsewhere-video__frame")).to_have_count(0)
    viewer.reload()
    expect(viewer.get_by_role("link", name="Load the video")).to_be_visible()

    # One that is not there: the page says so.
    field.fill(f"https://{HLS}/none/index.m3u8")
    creator.get_by_role("button", name="Show this instead").click()
    trouble = viewer.frame_locator(".elsewhere-video__frame").get_by_text("The video doesn't play.")
    expect(trouble).to_be_visible(timeout=3 * PATIENCE_MS)  # the choice for this server holds

    creator.get_by_role("button", name="Take it away").click()
    expect(viewer.locator("[data-elsewhere]")).to_be_hidden()
    expect(viewer.locator(".elsewhere-video__frame")).to_have_count(0)


def plays(page: Page) -> None:
    """Wait until our page in the frame plays."""
    element = page.wait_for_selector("iframe[src$='/elsewhere/']", state="attached")
    frame = element and element.content_frame()
    assert frame
    frame.wait_for_function(MOVES, timeout=5 * PATIENCE_MS)


def page_of(page: Page) -> FrameLocator:
    """Return the other server's page, which is in a frame of ours."""
    return page.frame_locator("iframe[src$='/elsewhere/']").frame_locator("iframe")
