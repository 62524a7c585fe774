"""Where people who are told to contact us find how."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_the_page_says_who_runs_the_site_and_how_to_reach_them(
    client: Client, settings: Settings
) -> None:
    settings.SELLER_NAME, settings.SELLER_EMAIL = "Old Harbour & Sons", "help@harbour.example"
    settings.SELLER_ADDRESS, settings.SELLER_TAX_ID = "Kai 7|20457 Hamburg| ", "DE111"
    page = client.get(reverse("contact")).content.decode()
    for fact in (
        "Old Harbour &amp; Sons",
        'href="mailto:help@harbour.example"',
        "<span>Kai 7</span>",
        "<span>20457 Hamburg</span>",
        "DE111",
    ):
        assert fact in page
    assert "<span></span>" not in page


def test_every_page_leads_there(client: Client) -> None:
    page = client.get(reverse("home")).content.decode()
    assert f'href="{reverse("contact")}"' in page.partition("<footer")[2]
