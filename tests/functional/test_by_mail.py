"""Everything that goes by mail, with the real service, a real mail server and a real build."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailbox import Box, link, mail_server
from tests.service import Answer, Service, blog, serving
from tests.site import Site


@pytest.fixture
def box() -> Box:
    """The mailboxes of everybody, in one."""
    return Box()


@pytest.fixture
def service(site: Site, box: Box) -> Iterator[Service]:
    """The production service, which builds by itself and sends mail."""
    blog(site, "COMMENTS_REPLY_MAIL = True\n")
    with mail_server(box) as port:
        environment = {
            "AFTERWORD_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "AFTERWORD_MAIL_FROM": "Blog <blog@blog.example>",
            "AFTERWORD_MAIL_TO": "ruth@blog.example",
        }
        with serving(site, "intake", "--workers", "1", environment=environment) as one:
            one.crowd = True
            one.wait_for("/readyz", lambda answer: answer.status == 200)
            yield one


def page(service: Service) -> str:
    path: Path = service.site.root / "output/first/index.html"
    return path.read_text(encoding="utf-8")


def wait_for_page(service: Service, words: str) -> None:
    """Wait until the built page says so; the service is asked meanwhile whether it lives."""
    service.wait_for("/healthz", lambda _: words in page(service))


def push(service: Service, path: str) -> Answer:
    """Do what the button on a linked page does."""
    assert service.get(path).status == 200
    return service.post(path, {})


def test_a_conversation_by_mail_alone(service: Service, box: Box) -> None:
    # A response waits, and the moderator approves it from the mail.
    assert service.send(body="Why networks?", wants_mail="on").status == 303
    told = box.wait_for(1)
    assert told["To"] == "ruth@blog.example"
    assert "Why networks?" in told.get_content()
    assert "Why networks?" not in page(service)
    push(service, link(told, "/moderate/act/"))
    wait_for_page(service, "Why networks?")

    # Now its author is asked whether they want mail, with nothing of a stranger's in it.
    ask = box.wait_for(2)
    assert ask["To"] == "dave@example.org"
    assert "Why networks?" not in ask.get_content()
    yes = link(ask, "/comments/subscribe/")

    # Looking at the link agrees to nothing: a mail scanner does that, too.
    assert service.get(yes).status == 200
    response_id = service.afterword("queue", "approved").stdout.split()[0]
    eve = {"author": "Eve", "email": "eve@example.org", "replyto": response_id}
    asked = {}
    for words in ("Too early.", "Because *work*.", "Unheard."):
        service.send(body=words, **eve)
    for number in (3, 4, 5):
        mail = box.wait_for(number)
        (said,) = (words for words in ("Too early.", "*work*", "Unheard.") if words in str(mail))
        asked[said] = link(mail, "/moderate/act/")
    push(service, asked["Too early."])
    wait_for_page(service, "Too early.")

    # After the button is pushed, a reply is told as soon as it is published.
    push(service, yes)
    push(service, asked["*work*"])
    wait_for_page(service, "Because <em>work</em>.")
    reply = box.wait_for(6)
    assert reply["To"] == "dave@example.org"
    assert "> Because *work*." in reply.get_content()
    assert "Too early." not in reply.get_content()

    # One click of the mail program ends it (RFC 8058): a POST with no page before it.
    assert reply["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    end = str(reply["List-Unsubscribe"]).strip("<>").partition("/comments/")[2]
    one_click = {"List-Unsubscribe": "One-Click"}
    assert service.post(f"/comments/{end}", one_click).status == 200
    push(service, asked["Unheard."])
    wait_for_page(service, "Unheard.")
    service.send(body="The last.", **eve)
    assert box.wait_for(7)["To"] == "ruth@blog.example"

    # No link works twice, and the log holds neither a token nor an address.
    assert service.post(link(told, "/moderate/act/"), {}).status in {403, 409, 410}
    for secret in (yes.rpartition("/")[2], "dave@example.org", "ruth@blog.example"):
        assert secret not in service.output
