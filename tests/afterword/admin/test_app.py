"""The moderator's pages, asked over the network."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service import FILLED, Answer, Service

CLEAN = {"Cookie": "", "Origin": ""}


@pytest.fixture
def moderator(service: Service) -> Service:
    """The service, with the moderator logged in."""
    one = replace(service, headers={})
    one.log_in()
    return one


def send(service: Service, body: str, **fields: str) -> str:
    """Post a response and return its id."""
    assert service.send(body=body, **fields).status == 303
    found = service.afterword("queue", "all", "--json", "--search", body).stdout
    match = re.search(r'"id": "(\w+)"', found)
    assert match, found
    return match[1]


def item(moderator: Service, submission_id: str) -> str:
    """The id with the revision, as the page has it."""
    page = moderator.get(f"/moderate/response/{submission_id}").text
    match = re.search(rf'value="\w+:({submission_id}:\d+)"', page)
    assert match, page
    return match[1]


def published(service: Service, submission_id: str) -> Path:
    return service.site.root / f"content/comments/first/{submission_id}.md"


def test_without_a_session_there_is_only_the_way_in(service: Service) -> None:
    answer = service.get("/moderate/?status=spam")
    assert answer.status == 303
    assert answer.headers["location"] == "/moderate/login?then=%2Fmoderate%2F%3Fstatus%3Dspam"
    assert service.get("/moderate/response/x").status == 303
    assert service.post("/moderate/decide", {"action": "spam"}).status == 403


def test_the_password_opens_a_session_in_a_safe_cookie(service: Service) -> None:
    origin = {"Origin": service.url}
    answer = service.request("POST", "/moderate/login", {"password": service.password}, origin)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-afterword=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("password", ["", "x", "\x00", "\ud7ff" * 3000])
def test_a_wrong_password_opens_nothing(service: Service, password: str) -> None:
    headers = {"Origin": service.url}
    answer = service.request("POST", "/moderate/login", {"password": password}, headers)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "then", ["https://evil.example/", "//evil.example", "/moderate//evil", "x"]
)
def test_the_way_in_leads_nowhere_else(service: Service, then: str) -> None:
    fields = {"password": service.password, "then": then}
    answer = service.request("POST", "/moderate/login", fields, {"Origin": service.url})
    assert answer.headers["location"] == "/moderate/"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
def test_what_another_site_sends_is_refused(moderator: Service, origin: str) -> None:
    name = send(moderator, f"Forged from {origin or 'nowhere'}.")
    fields = {"csrf": moderator.csrf(), "action": "approve", "item": item(moderator, name)}
    answer = moderator.request("POST", "/moderate/decide", fields, {"Origin": origin})
    assert answer.status == 403
    assert not published(moderator, name).exists()
    login = moderator.request(
        "POST", "/moderate/login", {"password": moderator.password}, {"Origin": origin}
    )
    assert login.status == 403


def test_a_post_needs_the_sessions_own_token(moderator: Service) -> None:
    name = send(moderator, "Without a token.")
    for token in ("", "x", "0" * 64, "ü"):
        fields = {"csrf": token, "action": "approve", "item": item(moderator, name)}
        assert moderator.post("/moderate/decide", fields).status == 403
    assert not published(moderator, name).exists()


def test_several_are_decided_at_once(moderator: Service) -> None:
    names = [send(moderator, f"Bulk {n}.") for n in range(3)]
    answer = moderator.decide("approve", *(item(moderator, name) for name in names))
    assert answer.status == 303
    assert "3 responses approved." in moderator.get(answer.headers["location"]).text
    assert all(published(moderator, name).exists() for name in names)
    moderator.decide("trash", *(item(moderator, name) for name in names))
    assert not any(published(moderator, name).exists() for name in names)


def test_one_is_decided_by_its_own_button(moderator: Service) -> None:
    name = send(moderator, "One button.")
    fields = {"csrf": moderator.csrf(), "one": f"spam:{item(moderator, name)}"}
    assert moderator.post("/moderate/decide", fields).status == 303
    assert "One button." in moderator.get("/moderate/?status=spam").text


def test_who_comes_too_late_is_told_who_was_first(moderator: Service) -> None:
    name = send(moderator, "Contested.")
    seen = item(moderator, name)
    assert moderator.decide("approve", seen).status == 303
    assert moderator.decide("approve", seen).status == 303  # the same again is fine
    late = moderator.decide("spam", seen)
    assert late.status == 409
    assert "approved since" in late.text
    assert published(moderator, name).exists()


def test_what_the_reader_changed_meanwhile_is_not_approved_unseen(moderator: Service) -> None:
    answer = moderator.send(body="As it was.")
    path = answer.headers["location"].removeprefix("https://blog.example")
    name = send(moderator, "As it was.")
    seen = item(moderator, name)
    change = {**FILLED, "body": "Buy http://x.example/ now", "revision": "1", "action": "edit"}
    assert moderator.post(path, change).status == 303
    assert moderator.decide("approve", seen).status == 409
    assert not published(moderator, name).exists()


def test_the_queue_shows_reasons_context_and_finds_words(moderator: Service) -> None:
    send(moderator, "Look for zebras.", replyto="17", url_confirm="x")
    page = moderator.get("/moderate/?q=ZEBRAS").text
    assert "the hidden field is filled" in page
    assert "The first word." in page
    assert "dave@example.org" in page
    assert "Nothing found" in moderator.get("/moderate/?q=unicorns").text


def test_a_long_queue_comes_in_pages(moderator: Service) -> None:
    for number in range(35):
        send_only(moderator, f"Paged {number} walrus.")
    first = moderator.get("/moderate/?q=walrus")
    assert "Page 1 of 2" in first.text
    second = moderator.get("/moderate/?q=walrus&page=2").text
    assert second.count('<li class="row">') == 5
    assert "checked" in moderator.get("/moderate/?q=walrus&select=all").text
    assert moderator.get("/moderate/?page=999999").status == 200


def send_only(service: Service, body: str) -> None:
    assert service.send(body=body).status == 303


def test_a_response_can_be_edited_before_and_after_it_is_published(moderator: Service) -> None:
    name = send(moderator, "With a tpyo.")
    fields = {
        "csrf": moderator.csrf(),
        "revision": item(moderator, name).rpartition(":")[2],
        "author": "Dave",
        "email": "dave@example.org",
        "website": "",
        "body": "With no typo.",
    }
    assert moderator.post(f"/moderate/response/{name}/edit", fields).status == 303
    moderator.decide("approve", item(moderator, name))
    assert "With no typo." in published(moderator, name).read_text()
    fields |= {"revision": item(moderator, name).rpartition(":")[2], "body": "Better still."}
    assert moderator.post(f"/moderate/response/{name}/edit", fields).status == 303
    assert "Better still." in published(moderator, name).read_text()
    bad = moderator.post(f"/moderate/response/{name}/edit", fields | {"author": ""})
    assert bad.status == 409
    assert "Better still." in bad.text
    assert "changed by moderator" in moderator.get(f"/moderate/response/{name}").text


def test_an_answer_is_published_with_what_it_answers(moderator: Service) -> None:
    name = send(moderator, "What do you think?")
    fields = {"csrf": moderator.csrf(), "reply": "I think so too."}
    assert moderator.post(f"/moderate/response/{name}/reply", fields).status == 303
    assert published(moderator, name).exists()
    answers = [p.read_text() for p in published(moderator, name).parent.glob("*.md")]
    (answer,) = (text for text in answers if "I think so too." in text)
    assert "author: Ann Author\n" in answer
    assert "role: author\n" in answer
    assert f"replyto: {name}\n" in answer
    empty = moderator.post(f"/moderate/response/{name}/reply", {**fields, "reply": "\x0b"})
    assert empty.status == 409


def test_what_is_not_there_is_not_found(moderator: Service) -> None:
    assert moderator.get("/moderate/response/nobody").status == 404
    csrf = {"csrf": moderator.csrf()}
    assert moderator.post("/moderate/response/nobody/edit", csrf).status == 404
    assert moderator.post("/moderate/response/nobody/reply", csrf | {"reply": "x"}).status == 404
    assert moderator.decide("approve", "nobody:1").status == 409
    assert moderator.post("/moderate/decide", csrf | {"action": "approve"}).status == 422
    assert (
        moderator.post("/moderate/decide", csrf | {"action": "burn", "item": "x:1"}).status == 422
    )


def test_hostile_words_are_only_words_on_every_page(moderator: Service) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    name = send(moderator, f"{hostile} hostile", author=hostile)
    pages: list[Answer] = [
        moderator.get("/moderate/?q=hostile"),
        moderator.get(f"/moderate/response/{name}"),
        moderator.get(f"/moderate/?status=all&q={'%3Cscript%3E'}"),
    ]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def test_logging_out_ends_the_session(service: Service) -> None:
    one = replace(service, headers={})
    one.log_in()
    assert one.post("/moderate/logout", {"csrf": one.csrf()}).status == 303
    assert one.get("/moderate/").status == 303


def test_a_new_password_ends_every_session(service: Service) -> None:
    one = replace(service, headers={})
    one.log_in()
    new = one.afterword("password").stdout.strip()
    try:
        assert one.get("/moderate/").status == 303
        origin = {"Origin": one.url}
        old = one.request("POST", "/moderate/login", {"password": one.password}, origin)
        assert old.status == 403
        right = one.request("POST", "/moderate/login", {"password": new}, origin)
        assert right.status == 303
    finally:  # the others know only the one that was printed first
        with one.log.open("a") as log:
            log.write(f"\nshown this once: {new}\n")
