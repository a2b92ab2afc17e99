"""The public pages, asked over the network as browsers and programs ask them."""

import json
import re
import threading

import pytest

from tests.service import FILLED, Answer, Service, blog, intake, token_of
from tests.site import Site

JSON = {"Accept": "application/json"}


def value_of(page: str, name: str) -> str:
    match = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert match, page
    return match[1]


def accepted(service: Service, **fields: str) -> Answer:
    answer = service.send(**fields)
    assert answer.status == 303, answer.text
    return answer


def path_of(answer: Answer) -> str:
    return f"/comments/status/{token_of(answer)}"


def test_a_response_waits_and_its_page_says_so(service: Service) -> None:
    page = service.get(path_of(accepted(service, body="It *waits*.")))
    assert page.status == 200
    assert "Your response is waiting" in page.text
    assert "It <em>waits</em>." in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers


def test_the_form_page_has_the_sites_look_and_a_token(service: Service) -> None:
    page = service.get("/comments/new?entry=first&replyto=17")
    assert page.status == 200
    assert "https://blog.example/theme/style.css" in page.text
    assert "The first word." in page.text
    assert value_of(page.text, "replyto") == "17"
    assert value_of(page.text, "token")
    assert "AFTERWORD-" not in page.text


def test_a_preview_shows_and_keeps_nothing(service: Service) -> None:
    before = len(service.waiting())
    page = service.send(body="Only a *look*.", action="preview")
    assert page.status == 200
    assert "Only a <em>look</em>." in page.text
    assert "Only a *look*." in page.text
    assert len(service.waiting()) == before


def test_errors_come_with_everything_that_was_typed(service: Service) -> None:
    typed = {"author": '"><i>', "email": "no", "website": "ftp://x", "body": "</textarea><b>"}
    page = service.send(**typed)
    assert page.status == 422
    assert "&#34;&gt;&lt;i&gt;" in page.text
    assert "&lt;/textarea&gt;&lt;b&gt;" in page.text
    assert '<a href="#respond-email">' in page.text
    assert '<a href="#respond-website">' in page.text
    assert page.text.count('aria-invalid="true"') == 2


def test_the_same_form_again_leads_to_the_same_page(service: Service) -> None:
    first = accepted(service, body="Twice.")
    assert accepted(service, body="Twice.").headers["location"] == first.headers["location"]


def test_a_double_click_is_one_response(service: Service) -> None:
    places: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: places.append(accepted(service, body="Click.").headers["location"])
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 8
    assert len(set(places)) == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"entry": "nowhere"}, 404),
        ({"entry": "../first"}, 404),
        ({"entry": ""}, 404),
        ({"replyto": "99"}, 422),
        ({"replyto": "../17"}, 422),
    ],
)
def test_only_what_the_build_has_listed_can_be_answered(
    service: Service, fields: dict[str, str], status: int
) -> None:
    answer = service.send(body="Nowhere to go.", **fields)
    assert answer.status == status
    assert "Nowhere to go." in answer.text


def test_a_closed_post_keeps_the_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    site = Site(tmp_path_factory.mktemp("closed"))
    site.post("second", comments="closed")
    with intake(blog(site)) as service:
        answer = service.send(entry="second", body="Too late.")
        assert answer.status == 403
        assert "Too late." in answer.text
        assert service.get("/comments/new?entry=second").status == 403


def test_a_response_can_be_changed_and_taken_back_while_it_waits(service: Service) -> None:
    path = path_of(accepted(service, body="First thought."))
    page = service.get(path).text
    change = {**FILLED, "revision": value_of(page, "revision"), "body": "Second.", "action": "edit"}
    assert service.post(path, change).status == 303
    page = service.get(path).text
    assert "Second." in page
    assert "First thought." not in page
    stale = service.post(path, change | {"body": "Third."})
    assert stale.status == 409
    assert "Third." in stale.text
    gone = {"revision": value_of(page, "revision"), "action": "withdraw"}
    assert service.post(path, gone).status == 303
    assert "not published" in service.get(path).text
    # Taken back, it may be sent again.
    assert path_of(accepted(service, body="Second.")) != path


def test_a_change_with_an_error_keeps_what_was_typed(service: Service) -> None:
    path = path_of(accepted(service, body="Sound."))
    page = service.post(path, {**FILLED, "body": "Kept.", "email": "x", "action": "edit"})
    assert page.status == 422
    assert "Kept." in page.text


def test_a_change_is_judged_anew(service: Service) -> None:
    path = path_of(accepted(service, body="Harmless, so far."))
    links = " ".join(f"http://spam{n}.example/" for n in range(9))
    page = service.get(path).text
    revision = value_of(page, "revision")
    service.post(path, {**FILLED, "body": links, "revision": revision, "action": "edit"})
    (found,) = (each for each in service.waiting() if "spam0" in str(each["body"]))
    assert any(reason["rule"] == "links" for reason in found["reasons"])  # type: ignore[attr-defined]  # JSON


@pytest.mark.parametrize("place", ["status", "subscribe", "unsubscribe"])
def test_a_link_that_is_not_ours_leads_nowhere(service: Service, place: str) -> None:
    for token in ("x", "WzFd.abc", "%00", "a" * 3000):
        assert service.get(f"/comments/{place}/{token}").status == 404
        assert service.post(f"/comments/{place}/{token}", {"action": "withdraw"}).status == 404


def test_json_gets_the_same_as_a_browser(service: Service) -> None:
    body = json.dumps({**FILLED, "body": "From a program."}).encode()
    headers = {**JSON, "Content-Type": "application/json"}
    made = service.request("POST", "/comments/submit", None, headers, body)
    assert made.status == 201
    assert made.json["status"] == "waiting"
    again = service.request("POST", "/comments/submit", None, headers, body)
    assert (again.status, again.json["url"]) == (200, made.json["url"])
    path = str(made.json["url"]).removeprefix("https://blog.example")
    found = service.get(path, **JSON).json
    assert (found["status"], found["body"], found["editable"]) == (
        "waiting",
        "From a program.",
        True,
    )
    wrong = service.request("POST", "/comments/submit", FILLED | {"email": "x"}, JSON)
    assert wrong.status == 422
    assert set(wrong.json["errors"]) == {"email"}  # type: ignore[call-overload]  # JSON


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"x", "text/plain", 415),
        (b"\xff=%ff&entry=first", "application/x-www-form-urlencoded", 422),
        (b"a=1&" * 60, "application/x-www-form-urlencoded", 400),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 404),
    ],
)
def test_what_is_no_form_is_refused(service: Service, body: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind}
    assert service.request("POST", "/comments/submit", None, headers, body).status == status


def test_what_is_too_large_is_refused_however_it_is_sent(service: Service) -> None:
    large = b"body=" + b"x" * 300_000
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert service.request("POST", "/comments/submit", None, kind, large).status == 413
    fits = service.send(body="%" * 65_536)
    assert fits.status == 303
    over = service.send(body="%" * 65_537)
    assert over.status == 422
    assert "%" * 65_537 in over.text


def test_safe_headers_are_on_every_answer(service: Service) -> None:
    for path in ("/comments/new?entry=first", "/comments/new", "/moderate/", "/moderate/nowhere"):
        headers = service.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_nothing_is_changed_by_a_get(service: Service) -> None:
    before = service.afterword("queue", "all", "--json").stdout
    for path in ("submit", "new?entry=first&action=post&body=x", "status/x?action=withdraw"):
        service.get(f"/comments/{path}")
    assert service.get("/comments/submit").status == 405
    assert service.afterword("queue", "all", "--json").stdout == before


def test_the_log_holds_no_token_no_address_and_no_words(service: Service) -> None:
    answer = accepted(service, body="Unmistakable.", email="secret@example.org")
    service.get(path_of(answer))
    lines = [line for line in service.output.splitlines() if line.startswith("{")]
    assert any(json.loads(line)["message"] == "request" for line in lines)
    for private in (token_of(answer), "secret@", "127.0.0.1", "Unmistakable"):
        assert private not in "".join(line for line in lines if "Uvicorn" not in line)


def test_what_was_approved_can_be_fetched_with_the_token_alone(service: Service) -> None:
    assert service.get("/comments/approved").status == 401
    wrong = service.get("/comments/approved", Authorization="Bearer " + "q" * 32)
    assert wrong.status == 401
    right = service.get("/comments/approved", Authorization="Bearer " + "p" * 32)
    assert right.status == 200
    assert set(right.json) == {"changes", "more", "queue"}


def test_too_many_at_once_are_told_to_wait_and_keep_their_words(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    site = blog(Site(tmp_path_factory.mktemp("flood")), "COMMENTS_FLOOD_LIMIT = 2\n")
    with intake(site) as service:
        answers = [service.send(body=f"Number {n}.") for n in range(6)]
        held = [answer for answer in answers if answer.status == 429]
        # At most one minute ends while they are sent.
        assert len(held) >= 2
        assert "Number 5." in answers[5].text or answers[5].status == 303
        assert 0 < int(held[0].headers["retry-after"]) <= 60
        assert service.send(body="Number 0.").status == 303


def test_a_filled_trap_is_kept_for_the_moderator(service: Service) -> None:
    accepted(service, body="Trapped.", url_confirm="http://x.example/")
    (found,) = (each for each in service.waiting() if each["body"] == "Trapped.")
    rules = {reason["rule"] for reason in found["reasons"]}  # type: ignore[attr-defined]  # JSON
    assert "honeypot" in rules


def test_it_says_how_it_is_doing(service: Service) -> None:
    accepted(service, body="Counted.")
    assert service.get("/healthz").text == "alive\n"
    assert service.get("/readyz").json == {"ready": True, "troubles": []}
    metrics = service.get("/metrics").text
    assert re.search(r'afterword_submissions\{status="pending"\} [1-9]', metrics)
    assert 'route="/comments/submit",status="303"' in metrics


def test_a_site_that_was_never_built_takes_nothing_and_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    site = blog(Site(tmp_path_factory.mktemp("unbuilt")))
    (site.root / "output/comments/entries.json").unlink()
    with intake(site) as service:
        answer = service.send(body="Keep me.")
        assert answer.status == 503
        assert "Keep me." in answer.text
        ready = service.get("/readyz")
        assert ready.status == 503
        assert "build the site" in ready.text
