"""The responses below a post, and the form."""

from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader

from tests.site import ROOT, Build, Site
from tests.theme.conftest import SAID, Read
from tests.theme.page import Page, text_of

TYPED = "<&\"'"
FORM: dict[str, object] = {
    "action": "/comments/submit",
    "replyto": "",
    "parent": None,
    "values": {},
    "errors": {},
    "token": "",
}
FIELDS = {"body": 65536, "author": 245, "email": 100, "website": 200}


def form(**changes: object) -> Page:
    """The form alone, as the service shows it when something is wrong."""
    folder = ROOT / "plugins/afterword/templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    template = environment.get_template("comments/form.html")
    html = template.render(entry={"key": "long"}, form=SimpleNamespace(**(FORM | changes)))
    return Page.parse(f"<!doctype html><title>x</title><body>{html}")


def test_the_heading_counts_the_responses(site: Site) -> None:
    for number, entry in enumerate(("none", "one", "two")):
        site.post(entry)
        for id_ in range(number):
            site.response(entry, str(id_))
    build = site.build('COMMENTS_URL = "/comments/submit"\n')
    headings = {
        name: Page.parse(build.read(f"{name}/index.html")).text(id="comments-title")
        for name in ("none", "one", "two")
    }
    assert headings == {
        "none": "No responses yet",
        "one": "One Response to One",
        "two": "2 Responses to Two",
    }


def test_the_thread_belongs_to_the_post_and_is_labelled(read: Read) -> None:
    comments = read("long/index.html").within("article", "h-entry").one("section", id="comments")
    assert comments.get("aria-labelledby") == "comments-title"
    assert Page(comments).text(id="comments-title") == f"4 Responses to {SAID}"


def test_each_response_says_who_when_and_what(read: Read) -> None:
    page = read("long/index.html")
    response = page.within(id="comment-17")
    assert response.text("h3") == "Dave says: 10 January 2026 at 09:26"
    assert response.text(class_="comment-body") == "Words of 17."
    permalink = response.one("a", "comment-time")
    assert permalink.get("href") == "https://blog.example/long/#comment-17"
    website = response.one("a", "p-name")
    assert website.get("href") == "https://dave.example/?a=1&b=2"
    assert website.get("rel") == "nofollow ugc noopener"


def test_the_author_of_the_post_is_marked_in_words(read: Read) -> None:
    page = read("long/index.html")
    assert page.within(id="comment-18").text("h3").startswith("Ann Author (author) says:")
    assert page.within(id="comment-17").all(class_="by-author") == []


def test_a_pingback_is_no_conversation(read: Read) -> None:
    pingback = read("long/index.html").within(id="comment-23")
    assert pingback.text("h3") == "Pingback: Elsewhere 13 January 2026 at 09:26"
    assert pingback.all(class_="comment-reply") == []


def test_strangers_may_write_in_any_direction(read: Read) -> None:
    response = read("long/index.html").within(id="comment-19")
    assert response.text("bdi") == "שלום <b>"
    assert response.one(class_="comment-body").get("dir") == "auto"


def test_replies_stand_beside_what_they_answer(read: Read) -> None:
    page = read("long/index.html")
    assert page.within("ol", "thread").all("li", "pingback")
    for item in page.all("li"):
        if "comment-17" in [each.get("id") for each in item]:
            assert [each.tag for each in item] == ["article", "ol"]
            assert Page(item[1]).texts("bdi") == ["Ann Author", "שלום <b>"]
            break
    else:
        pytest.fail("comment-17 stands in no list item")


def test_a_reply_can_be_written_to_each_response(read: Read) -> None:
    link = read("long/index.html").within(id="comment-17").within(class_="comment-reply").one("a")
    assert link.get("href") == "/comments/new?entry=long&replyto=17"
    assert link.get("aria-label") == "Reply to Dave"


def test_deep_replies_say_whom_they_answer(site: Site) -> None:
    site.post("deep")
    site.response("deep", "0", author="N0")
    for number in range(1, 12):
        site.response("deep", str(number), author=f"N{number}", replyto=str(number - 1))
    page = Page.parse(site.build().read("deep/index.html"))
    said = {
        number: page.within(id=f"comment-{number}").texts(class_="in-reply-to")
        for number in range(12)
    }
    assert [said[number] for number in range(3)] == [[], [], []]
    assert all(said[number] == [f"In reply to N{number - 1}"] for number in range(3, 12))


def test_closed_responses_are_said_to_be_closed(read: Read) -> None:
    shut = read("shut/index.html")
    assert shut.text(class_="comments-closed") == "Responses are closed."
    assert shut.all("form") == []
    assert shut.all(class_="comment-reply") == []
    assert read("open/index.html").all(class_="comments-closed") == []
    assert read("quiet/index.html").all("section", id="comments") == []


def test_the_conversation_can_be_followed(read: Read) -> None:
    assert read("long/index.html").text(class_="comments-feeds") == (
        "Follow this conversation: RSS, Atom, JSON"
    )


def test_the_form_asks_what_wordpress_asks(read: Read) -> None:
    page = read("open/index.html").within("form")
    assert page.text("h2") == "Leave a Reply"
    assert page.text(class_="respond-notes") == (
        "Your email address will not be published. Required fields are marked *"
    )
    assert page.texts("label") == [
        "Response * (required)",
        "Name * (required)",
        "Email * (required)",
        "Website",
        "Leave this empty",
    ]
    assert page.texts("button") == ["Post Response", "Preview"]
    for name, limit in FIELDS.items():
        field = page.one(id=f"respond-{name}")
        assert field.get("name") == name
        assert field.get("maxlength") == str(limit)
        assert (field.get("required") is not None) == (name != "website")
    assert page.one("input", name="email").get("type") == "email"
    website = page.one("input", name="website")
    assert (website.get("type"), website.get("inputmode")) == ("text", "url")
    assert page.one("input", name="entry").get("value") == "open"


def test_the_form_says_that_markdown_works(read: Read) -> None:
    page = read("open/index.html").within("form")
    described = page.one("textarea").get("aria-describedby", "")
    assert "*emphasis*" in page.text(id=described)


def test_the_trap_is_hidden_from_everybody_and_explains_itself() -> None:
    assert form().one(class_="trap").get("aria-hidden") == "true"
    field = form().one("input", name="url_confirm")
    assert field.get("tabindex") == "-1"
    assert field.get("autocomplete") == "off"
    assert field.get("type") == "text"
    assert form().within(class_="trap").text("label") == "Leave this empty"


def test_nothing_typed_is_lost_and_errors_lead_to_their_fields() -> None:
    typed = {name: f'\n<b>"{name}"</b>' for name in FIELDS}
    page = form(values=typed, errors={"email": "Please give an address.", "token": "Too old."})
    assert page.one("textarea").text == typed["body"]
    assert page.one("input", name="author").get("value") == typed["author"]
    summary = page.within(class_="error-summary")
    assert summary.texts("li") == ["Please give an address.", "Too old."]
    assert [a.get("href") for a in summary.all("a")] == ["#respond-email"]
    field = page.one(id="respond-email")
    assert field.get("aria-invalid") == "true"
    described = field.get("aria-describedby", "").split()
    assert "Please give an address." in [page.text(id=each) for each in described]
    assert page.one(id="respond-author").get("aria-invalid") is None


def test_a_reply_names_whom_it_answers_and_can_be_called_off() -> None:
    parent = {"author": "Dave <b>", "url": "https://blog.example/long/#comment-17"}
    page = form(parent=parent, replyto="17", token=TYPED)
    assert page.text("h2") == "Leave a Reply to Dave <b>"
    assert page.one("input", name="replyto").get("value") == "17"
    assert page.one("input", name="token").get("value") == TYPED
    cancel = page.within(class_="cancel-reply").one("a")
    assert (text_of(cancel), cancel.get("href")) == ("Cancel reply", parent["url"])


def test_no_page_needs_a_script_or_another_origin(blog: Build) -> None:
    loads = {"script", "iframe", "img", "object", "embed", "video", "audio", "source"}
    for name in blog.files():
        if name.endswith(".html"):
            page = Page.parse(blog.read(name))
            assert not loads & {each.tag for each in page.all()}, name
            for link in page.all("link"):
                assert link.get("href", "").startswith("https://blog.example/"), name
            for element in page.all():
                names = set(element.attrib)
                assert not [key for key in names if key.startswith("on")], name
                assert "style" not in names, name
