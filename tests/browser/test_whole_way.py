"""From a reader's form to the published page, as people go it: without any script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.service import Service, blog, preview
from tests.site import Site

pytestmark = pytest.mark.browser


def fill(page: Page, **fields: str) -> None:
    """Type into the form."""
    for name, text in fields.items():
        page.locator(f"#respond [name={name}]").fill(text)


def approve_all(service: Service, chromium: Browser) -> None:
    """Log in as the moderator, and approve what waits, in one go."""
    moderator = chromium.new_context(java_script_enabled=False).new_page()
    moderator.goto(f"{service.url}/moderate/")
    moderator.get_by_label("Password").fill(service.password)
    moderator.get_by_role("button", name="Log in").click()
    expect(moderator.locator("[aria-current=page]")).to_contain_text("Pending 2")
    expect(moderator.locator(".rows")).to_contain_text("The first word.")
    moderator.get_by_role("link", name="Select all").click()
    bulk = moderator.get_by_role("group", name="With the ticked ones")
    bulk.get_by_role("button", name="Approve").click()
    expect(moderator.get_by_role("status")).to_have_text("2 responses approved.")
    expect(moderator.locator("[aria-current=page]")).to_contain_text("Pending 0")
    cookies = moderator.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["__Host-afterword"]


def test_a_response_goes_the_whole_way_without_scripts(site: Site, chromium: Browser) -> None:
    with preview(blog(site)) as service:
        reader = chromium.new_context(java_script_enabled=False).new_page()
        # Read, and reply to a response.
        reader.goto(f"{service.url}/first/")
        reader.get_by_role("link", name="Reply to Dave").click()
        expect(reader.get_by_role("heading", level=1)).to_have_text("Reply to Dave")
        expect(reader.locator("main")).to_contain_text("The first word.")
        # Preview with something wrong: the browser lets it pass, the service does not.
        fill(reader, author="Ada", email="ada@example.org", website="no address", body="I *agree*.")
        reader.locator("form").evaluate("form => form.noValidate = true")
        reader.get_by_role("button", name="Preview").click()
        expect(reader.locator(".error-summary")).to_contain_text("full web address")
        expect(reader.locator("[name=body]")).to_have_value("I *agree*.")
        expect(reader.locator("[name=website]")).to_have_attribute("aria-invalid", "true")
        reader.locator(".error-summary a").click()
        assert reader.url.endswith("#respond-website")
        # Mend it, look at the preview, and post.
        fill(reader, website="https://ada.example.org/")
        reader.get_by_role("button", name="Preview").click()
        expect(reader.locator(".thread em")).to_have_text("agree")
        expect(reader.locator("[name=body]")).to_have_value("I *agree*.")
        reader.get_by_role("button", name="Post Response").click()
        # The status page, and a change.
        expect(reader.get_by_role("heading", level=1)).to_have_text("Your response is waiting")
        status = reader.url
        assert re.fullmatch(rf"{service.url}/comments/status/[\w.-]+", status)
        fill(reader, body="I *agree*, mostly.")
        reader.get_by_role("button", name="Save").click()
        expect(reader.locator(".thread")).to_contain_text("agree, mostly.")
        assert reader.url == status
        assert reader.context.cookies() == []
        # Another reader writes too; both are approved in bulk.
        assert service.send(author="Eve", body="So do I.").status == 303
        approve_all(service, chromium)
        # The page and the feeds show it, and the reader's own page says so.
        service.wait_for("/first/", lambda answer: "mostly." in answer.text)
        own_page = status.removeprefix(service.url)
        service.wait_for(own_page, lambda answer: "is published" in answer.text)
        reader.goto(status)
        expect(reader.get_by_role("heading", level=1)).to_have_text("Your response is published")
        reader.locator(".entry-content a").click()
        reply = reader.locator("article.comment:target")
        expect(reply).to_contain_text("Ada")
        expect(reply.locator("em")).to_have_text("agree")
        replies = reader.locator("#comment-17 + .replies")
        expect(replies).to_contain_text("agree, mostly.")
        for feed in ("/feeds/comments.rss.xml", "/first/comments.atom.xml"):
            assert "mostly." in service.get(feed).text
