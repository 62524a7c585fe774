"""Staff see whose overlay it is and never where it is."""

import pytest

from accounts.models import User
from overlay import goals, services
from overlay.models import AlertSettings, Goal, Overlay
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


def test_no_page_of_the_staff_site_shows_the_address(bob: User, dana: User) -> None:
    overlay = services.overlay_of(bob)
    settings = services.settings_of(bob)
    goal = goals.set_goal(creator=bob, title="A lamp", unit="coins", target=5)
    staff = signed_in(dana)
    for model, row in ((Overlay, overlay), (AlertSettings, settings), (Goal, goal)):
        name = model._meta.model_name
        for page in ("", f"{row.pk}/change/"):
            answer = staff.get(f"/admin/overlay/{name}/{page}")
            assert answer.status_code == 200
            assert overlay.token not in answer.content.decode()
            assert overlay.digest not in answer.content.decode()
    assert "@bob" in staff.get(f"/admin/overlay/overlay/{overlay.pk}/change/").content.decode()
    assert staff.post(f"/admin/overlay/goal/{goal.pk}/change/", {"target": 1}).status_code == 403
