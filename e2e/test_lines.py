"""Connections to the event stream: one for a room's tabs, few for all rooms, none that is dead."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import TimeoutError as Timeout

from e2e.relay import Relay
from e2e.room import open_room, talk
from e2e.site import Site

pytestmark = pytest.mark.browser
TITLE = "A vase for the new house"
TABS = 7  # one more than HTTP/1.1 has connections
# More than a dead line or a frozen leader may be silent, on the page's clock.
SILENT_MS = 16_000
# As in a browser without HTTPS: no tab knows of another.
ALONE = "Object.defineProperty(navigator, 'locks', { value: undefined })"
# One more room than HTTP/1.1 has connections; those that were not on air end with the test.
ROOMS = """
from accounts.models import User
from accounts.services import become_creator
from giftplatform.demo.people import Person, create
from live.models import Stream
from live.streams.services import go_live
if not User.objects.filter(handle="ada").exists():
    become_creator(user=create(Person("ada", "Ada", "DE")))
for handle in ("bob", "mira", "tomas", "yuki", "ines", "kofi", "ada"):
    creator = User.objects.get(handle=handle)
    on_air = Stream.objects.on_air().filter(creator=creator).first()
    print((on_air or go_live(creator=creator, title="For a test")).public_id)
"""
SAY = """
from live.chat.messages import say
from live.models import Stream
stream = Stream.objects.select_related("creator").get(public_id="{room}")
say(user=stream.creator, stream=stream, text="{words}")
"""
END = """
from live.models import Stream
from live.streams.services import end
for stream in Stream.objects.on_air().filter(title="For a test").select_related("creator"):
    end(creator=stream.creator, stream=stream)
"""


def says_once(pages: list[Page], words: str) -> None:
    for page in pages:
        expect(page.locator(".line", has_text=words)).to_have_count(1)


@pytest.fixture
def tab(newcomer: Callable[..., Page]) -> Callable[[], Page]:
    """Return a function that opens one tab more of the same browser."""
    first = newcomer()
    opened: list[Page] = []

    def another() -> Page:
        opened.append(first if not opened else first.context.new_page())
        return opened[-1]

    return another


def test_seven_tabs_of_a_room_share_one_connection(
    tab: Callable[[], Page], signed_in: Callable[..., Page]
) -> None:
    fan = signed_in("sam")
    open_room(fan, TITLE)
    tabs = []
    for _ in range(TABS):
        tabs.append(tab())
        open_room(tabs[-1], TITLE)
    expect(fan.locator("[data-viewers]")).to_have_text("2")  # the fan, and one for all seven
    talk(fan, "Hello, seven tabs")
    says_once(tabs, "Hello, seven tabs")

    leader, *others = tabs
    leader.close()
    talk(fan, "Hello, six tabs")
    says_once(others, "Hello, six tabs")
    others[0].reload()
    talk(fan, "Hello again")
    says_once(others, "Hello again")
    says_once(others, "Hello, six tabs")


def test_tabs_that_share_nothing_use_up_the_connections(newcomer: Callable[..., Page]) -> None:
    """The control: what sharing is for."""
    first = newcomer(changed=True)
    first.context.add_init_script(ALONE)
    for number in range(TABS - 1):
        open_room(first.context.new_page() if number else first, TITLE)
    with pytest.raises(Timeout):
        first.context.new_page().goto(first.url, timeout=8_000)


@pytest.fixture
def rooms(site: Site) -> Iterator[list[str]]:
    """The addresses of seven rooms on air."""
    yield [f"/live/{room}/" for room in site.shell(ROOMS).split()]
    site.shell(END)


def test_more_rooms_than_connections_all_load_and_hear(
    tab: Callable[[], Page], site: Site, rooms: list[str]
) -> None:
    tabs = []
    for room in rooms:
        tabs.append(tab())
        tabs[-1].goto(room)
    for number, room in enumerate(rooms):
        site.shell(SAY.format(room=room.split("/")[2], words=f"To room {number}"))
    for number, page in enumerate(tabs):
        says_once([page], f"To room {number}")


def test_leader_that_says_nothing_more_is_followed_by_another(
    tab: Callable[[], Page], signed_in: Callable[..., Page]
) -> None:
    fan, leader = signed_in("sam"), tab()
    leader.clock.install()
    for page in (fan, leader):
        open_room(page, TITLE)
    follower = tab()
    open_room(follower, TITLE)
    talk(fan, "Before the frost")
    says_once([leader, follower], "Before the frost")
    leader.evaluate("BroadcastChannel.prototype.postMessage = () => {}")
    talk(fan, "During the frost")
    says_once([leader], "During the frost")
    leader.clock.fast_forward(SILENT_MS)
    says_once([follower], "During the frost")
    talk(fan, "After the frost")
    says_once([leader, follower], "After the frost")


def test_hidden_room_lets_go_and_has_everything_when_it_is_seen(
    tab: Callable[[], Page], signed_in: Callable[..., Page]
) -> None:
    fan, page = signed_in("sam"), tab()
    page.clock.install()
    for one in (fan, page):
        open_room(one, TITLE)
    expect(fan.locator("[data-viewers]")).to_have_text("2")
    hide(page, hidden=True)
    page.clock.fast_forward(61_000)
    expect(fan.locator("[data-viewers]")).to_have_text("1")
    talk(fan, "While you were away")
    says_once([fan], "While you were away")
    expect(page.locator(".line", has_text="While you were away")).to_have_count(0)
    hide(page, hidden=False)
    says_once([page], "While you were away")


def hide(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_two_people_of_one_browser_share_nothing(
    signed_in: Callable[..., Page], newcomer: Callable[..., Page]
) -> None:
    watcher, first = newcomer(), signed_in("sam")
    for page in (watcher, first):
        open_room(page, TITLE)
    expect(watcher.locator("[data-viewers]")).to_have_text("2")
    first.context.clear_cookies()
    second = first.context.new_page()
    open_room(second, TITLE)
    expect(watcher.locator("[data-viewers]")).to_have_text("3")


@pytest.fixture
def relayed(site: Site, browser: Browser) -> Iterator[tuple[Relay, BrowserContext]]:
    """A browser whose lines to the site go through a relay."""
    relay = Relay(site.url)
    context = browser.new_context(base_url=relay.url, reduced_motion="reduce")
    yield relay, context
    context.close()
    relay.close()


def test_room_notices_that_its_line_is_dead(
    relayed: tuple[Relay, BrowserContext], signed_in: Callable[..., Page]
) -> None:
    relay, context = relayed
    fan, page = signed_in("sam"), context.new_page()
    page.clock.install()
    for one in (fan, page):
        open_room(one, TITLE)
    talk(fan, "The line lives")
    says_once([page], "The line lives")
    relay.die()
    talk(fan, "The line is dead")
    says_once([fan], "The line is dead")
    with page.expect_request(re.compile("/live/events/")):  # opened anew, and dead again
        page.clock.fast_forward(SILENT_MS)
    expect(page.get_by_text("Reconnecting", exact=True)).to_be_visible()
    expect(page.locator(".line", has_text="The line is dead")).to_have_count(0)
    relay.heal()
    page.clock.fast_forward(SILENT_MS)
    says_once([page], "The line is dead")
    expect(page.locator("[data-cut]")).to_be_hidden()
    says_once([page], "The line lives")


def without_watch(route: Route) -> None:
    text = route.fetch().text()
    blind = text.replace("setInterval(() => this.#check(), WATCH_MS)", "0")
    assert blind != text
    route.fulfill(body=blind, content_type="text/javascript")


def test_without_the_watch_a_dead_line_stays_dead(
    relayed: tuple[Relay, BrowserContext], signed_in: Callable[..., Page]
) -> None:
    """The control: what the watch is for."""
    relay, context = relayed
    context.route(re.compile(r"/live/connection\S*\.js"), without_watch)
    fan, page = signed_in("sam"), context.new_page()
    page.clock.install()
    for one in (fan, page):
        open_room(one, TITLE)
    relay.die()
    relay.heal()
    talk(fan, "This is not heard")
    page.clock.fast_forward(SILENT_MS)
    later = context.new_page()  # by the time that it hears, the other would have heard too
    open_room(later, TITLE)
    says_once([later], "This is not heard")
    expect(page.locator(".line", has_text="This is not heard")).to_have_count(0)
    expect(page.locator("[data-cut]")).to_be_hidden()
