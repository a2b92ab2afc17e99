"""Which letters are written, to whom, and how they get out through a real mail server."""

import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from afterword.addresses import Addresses
from afterword.errors import MailError, SettingsError
from afterword.model import Status
from afterword.notify import Notifier, Site, Smtp, Subscriptions
from afterword.notify.smtp import compose
from afterword.store import Letter
from afterword.store.memory import MemoryStore
from afterword.submission import Door, Submission
from afterword.tokens import Purpose, Signer
from tests.afterword.store.conftest import NOW, Clock
from tests.afterword.store.samples import approved, letter, received, sample
from tests.mailbox import Box, encrypted, mail_server
from tests.service import free_port

SENDER = "Blog <blog@blog.example>"


def smtp(port: int) -> Smtp:
    return Smtp.from_url(f"smtp://127.0.0.1:{port}", SENDER)


class Post:
    """A mailer that only remembers."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.trouble: MailError | None = None

    def send(self, each: Letter, now: object) -> None:  # noqa: ARG002  # the protocol's
        if self.trouble:
            raise self.trouble
        self.letters.append(each)


@dataclass
class Office:
    """A notifier with everything around it."""

    clock: Clock
    store: MemoryStore
    notifier: Notifier
    post: Post

    def run(self) -> list[Letter]:
        """Do what is due, and return the letters that went out by it."""
        before = len(self.post.letters)
        self.notifier.run_once(self.post)
        return self.post.letters[before:]

    def send_in(self, number: int, **changes: object) -> Submission:
        each = sample(number, **{"replyto": None, **changes})
        return self.store.add(each, received(each))

    def approve(self, each: Submission) -> None:
        now = self.store.get(each.id)
        assert now
        assert self.store.change(*approved(now))


@pytest.fixture
def office() -> Callable[..., Office]:
    def open_one(**site: Any) -> Office:  # noqa: ANN401  # the fields of a Site
        clock = Clock()
        store = MemoryStore(clock)
        notifier = Notifier(
            store=store,
            signer=Signer(("k" * 32,)),
            addresses=Addresses("https://blog.example/comments/submit"),
            site=Site(name="A Blog", **site),
            entry_of=lambda key: ("The First", f"https://blog.example/{key}/"),
            clock=clock,
        )
        one = Office(clock, store, notifier, Post())
        assert one.run() == []  # what was before is nobody's news
        return one

    return open_one


def token_in(text: str, marker: str) -> str:
    return text.partition(marker)[2].split()[0]


def test_nobody_is_told_of_what_moved_in(office: Callable[..., Office]) -> None:
    one = office(moderator="ruth@blog.example", reply_mail=True)
    for number, status in enumerate(Status):
        each = sample(number, replyto=None, status=status)
        one.store.add(each, replace(received(each), door=Door.IMPORT))
    assert one.run() == []
    # What waits is news once somebody decides.
    waiting = one.store.get("a0")
    assert waiting
    one.approve(waiting)
    assert [mail.to for mail in one.run()] == ["Dave@Example.org"]


def test_the_moderator_is_told_of_what_waits_with_links_that_decide(
    office: Callable[..., Office],
) -> None:
    one = office(moderator="ruth@blog.example")
    each = one.send_in(1, author="Dave\x1b[2J", body="Line one.\nLine two.")
    one.send_in(2, status=Status.SPAM)
    (mail,) = one.run()
    assert mail.to == "ruth@blog.example"
    assert mail.subject == "[A Blog] Please moderate: a response to “The First”"
    for part in ("> Line one.\n> Line two.", "has 3 links", "(1): https://blog.example/moderate/"):
        assert part in mail.text
    assert "\x1b" not in mail.text
    token = token_in(mail.text, "/moderate/act/")
    read = one.notifier.signer.read(Purpose.ACT, token, one.clock(), timedelta(days=7))
    assert read.parts == ("approve", each.id, each.digest)
    assert one.run() == []


def test_a_new_service_tells_nothing_of_the_years_before() -> None:
    clock = Clock()
    store = MemoryStore(clock)
    old = sample(1)
    store.add(old, received(old))
    notifier = Notifier(
        store,
        Signer(("k" * 32,)),
        Addresses("https://blog.example/comments/submit"),
        Site("A Blog", moderator="ruth@blog.example"),
        lambda _: None,
        clock,
    )
    post = Post()
    notifier.run_once(post)
    new = sample(2)
    store.add(new, received(new))
    notifier.run_once(post)
    assert [each.key for each in post.letters] == ["moderate:a2"]


def test_a_digest_is_one_mail_for_all(office: Callable[..., Office]) -> None:
    one = office(moderator="ruth@blog.example", digest=timedelta(hours=6))
    for number in (1, 2):
        one.send_in(number)
    (mail,) = one.run()
    assert "2 new responses" in mail.subject
    one.send_in(3)
    assert one.run() == []
    one.clock.pass_by(hours=6)
    (mail,) = one.run()
    assert "1 new response" in mail.subject
    one.clock.pass_by(hours=6)
    assert one.run() == []


def test_mail_about_replies_goes_only_to_who_confirmed_it(office: Callable[..., Office]) -> None:
    one = office(reply_mail=True)
    parent = one.send_in(1, email="dave@example.org", author="Secret Words", body="Stranger.")
    assert one.run() == []
    one.approve(parent)
    (ask,) = one.run()
    assert ask.to == "dave@example.org"
    assert "Secret" not in ask.text + ask.subject
    assert "Stranger" not in ask.text
    first = one.send_in(2, email="eve@example.org", wants_mail=False, replyto="a1")
    one.approve(first)
    assert one.run() == []  # not confirmed yet
    token = token_in(ask.text, "/comments/subscribe/")
    (email,) = one.notifier.signer.read(Purpose.SUBSCRIBE, token, one.clock()).parts
    Subscriptions(one.store).confirm(email)
    second = one.send_in(3, email="eve@example.org", wants_mail=False, replyto="a1", body="Yes!")
    one.approve(second)
    (mail,) = one.run()
    assert mail.to == "dave@example.org"
    assert "> Yes!" in mail.text
    assert "https://blog.example/first/#comment-a3" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail.headers["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    (email,) = one.notifier.signer.read(Purpose.UNSUBSCRIBE, stop, one.clock()).parts
    Subscriptions(one.store).end(email)
    third = one.send_in(4, email="eve@example.org", wants_mail=True, replyto="a1")
    one.approve(third)
    assert [each.to for each in one.run()] == ["eve@example.org"]  # asked, for herself


def test_nobody_is_asked_twice_a_day_nor_told_of_their_own_replies(
    office: Callable[..., Office],
) -> None:
    one = office(reply_mail=True)
    for number in range(1, 6):
        one.approve(one.send_in(number, email="Dave@example.org"))
    assert len(one.run()) == 1
    Subscriptions(one.store).confirm("dave@example.org")
    one.approve(one.send_in(7, email="dave@example.org", replyto="a1"))
    assert one.run() == []


def test_a_reply_is_told_once_however_often_it_is_approved(office: Callable[..., Office]) -> None:
    one = office(reply_mail=True)
    Subscriptions(one.store).confirm("dave@example.org")
    one.approve(one.send_in(1))
    reply = one.send_in(2, email="eve@example.org", wants_mail=False, replyto="a1")
    one.approve(reply)
    assert len(one.run()) == 1
    now = one.store.get("a2")
    assert now
    back = replace(now, status=Status.PENDING, revision=now.revision + 1)
    one.store.change(back, received(back))
    one.approve(back)
    assert one.run() == []


def test_trouble_is_waited_out_longer_each_time_and_given_up_in_the_end(
    office: Callable[..., Office],
) -> None:
    one = office(moderator="ruth@blog.example")
    one.send_in(1)
    one.post.trouble = MailError("not reached", for_good=False)
    waits: list[float] = []
    last = one.clock()
    while one.store.waiting() or not waits:
        one.run()
        claimed = one.store._state.letters["moderate:a1"]
        if claimed is None:
            break
        waits.append((claimed.due - last).total_seconds())
        last = one.clock.now = claimed.due
    assert waits[:4] == [60, 120, 240, 480]
    assert max(waits) == 6 * 3600
    assert 2.5 < sum(waits) / 86400 < 4
    one.post.trouble = None
    assert one.run() == []


def test_one_letter_that_cannot_be_sent_does_not_stop_the_others(
    office: Callable[..., Office],
) -> None:
    one = office(moderator="ruth@blog.example")
    bad = letter("bad", to="x@y.example\r\nBcc: eve@example.org")
    one.store.post([bad, letter("good")], "c", None, "1")
    box = Box()
    with mail_server(box) as port:
        one.notifier.run_once(smtp(port))
    assert [str(each["To"]) for each in box.got] == ["dave@example.org"]
    assert one.store.waiting() == 0


def test_letters_arrive_whole_through_a_real_server(office: Callable[..., Office]) -> None:
    one = office(moderator="ruth@blog.example")
    one.send_in(1, body="Ünïcödé 🎉\n.\n" + "x" * 2000)
    box = Box()
    with mail_server(box) as port:
        one.notifier.run_once(smtp(port))
    (mail,) = box.got
    assert mail.get_content_type() == "text/plain"
    assert "> Ünïcödé 🎉\n> .\n> " + "x" * 2000 in mail.get_content().replace("\r\n", "\n")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == SENDER


def test_a_server_that_was_away_gets_it_later_with_the_same_id(
    office: Callable[..., Office],
) -> None:
    one = office(moderator="ruth@blog.example")
    one.send_in(1)
    port = free_port()
    one.notifier.run_once(smtp(port))
    assert one.store.waiting() == 1
    box = Box()
    one.clock.pass_by(minutes=1)
    with mail_server(box, port):
        one.notifier.run_once(smtp(port))
        # As after a crash between the sending and the note of it.
        again = compose(letter("moderate:a1", to="ruth@blog.example"), SENDER, NOW)
    assert box.got[0]["Message-ID"] == again["Message-ID"]
    assert one.store.waiting() == 0


@pytest.mark.parametrize(("refusal", "waiting"), [("550 never", 0), ("451 later", 1)])
def test_a_refusal_counts_as_it_is_meant(
    office: Callable[..., Office], refusal: str, waiting: int
) -> None:
    one = office(moderator="ruth@blog.example")
    one.send_in(1)
    with mail_server(Box(refusal)) as port:
        one.notifier.run_once(smtp(port))
    assert one.store.waiting() == waiting


def test_two_senders_send_each_letter_once(office: Callable[..., Office]) -> None:
    one = office(moderator="ruth@blog.example")
    for number in range(30):
        one.send_in(number)
    box = Box()
    with mail_server(box) as port:
        threads = [
            threading.Thread(target=one.notifier.run_once, args=(smtp(port),)) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    subjects = [str(each["Message-ID"]) for each in box.got]
    assert len(subjects) == len(set(subjects)) == 30


def test_a_password_is_used_and_a_wrong_one_is_the_owners_to_mend() -> None:
    box = Box()
    options: dict[str, Any] = {"authenticator": box.let_in, "auth_require_tls": False}
    with mail_server(box, **options) as port:
        Smtp.from_url(f"smtp://u:p%20w@127.0.0.1:{port}", SENDER).send(letter("k"), NOW)
        with pytest.raises(MailError, match="refused with 535") as caught:
            Smtp.from_url(f"smtp://u:no@127.0.0.1:{port}", SENDER).send(letter("k"), NOW)
    assert len(box.got) == 1
    assert not caught.value.for_good
    assert "no" not in str(caught.value).split()[-1]


def test_a_password_never_goes_out_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    far = Smtp.from_url("smtp://u:p@mail.example:25", SENDER)
    box = Box()
    with mail_server(box) as port:
        monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: smtplib_at(port))
        with pytest.raises(MailError, match="no encryption"):
            far.send(letter("k"), NOW)
    assert box.users == []


@pytest.mark.parametrize("implicit", [False, True])
def test_mail_and_password_travel_encrypted_to_who_proves_who_it_is(*, implicit: bool) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    box = Box()
    options = {"ssl_context": theirs} if implicit else encrypted(box, theirs)
    scheme, user = ("smtps", "") if implicit else ("smtp", "u:p%20w@")
    with mail_server(box, **options) as port:
        for trusted in (stranger, authority):
            ours = ssl.create_default_context()
            trusted.configure_trust(ours)
            sender = Smtp.from_url(f"{scheme}://{user}127.0.0.1:{port}", SENDER)
            if trusted is authority:
                replace(sender, context=ours).send(letter("k"), NOW)
            else:
                with pytest.raises(MailError, match="not reached") as caught:
                    replace(sender, context=ours).send(letter("k"), NOW)
                assert not caught.value.for_good
                assert box.users == []
    assert box.safe == [True]


smtplib_class = smtplib.SMTP


def smtplib_at(port: int) -> smtplib.SMTP:
    return smtplib_class("127.0.0.1", port, timeout=5)


@pytest.mark.parametrize(
    ("url", "sender"),
    [("http://x", SENDER), ("smtp://", SENDER), ("smtp://x:y", SENDER), ("smtp://x", "nobody")],
)
def test_an_impossible_address_is_said_at_once(url: str, sender: str) -> None:
    with pytest.raises(SettingsError):
        Smtp.from_url(url, sender)


@given(st.text(), st.text(), st.text())
def test_no_text_adds_a_header_or_a_recipient(to: str, subject: str, text: str) -> None:
    each = replace(letter("k"), to=to, subject=subject, text=text)
    try:
        data = compose(each, SENDER, NOW).as_bytes()
    except (ValueError, IndexError, LookupError):
        return
    head = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].lower() for line in head if line[:1] not in (b" ", b"\t")]
    assert len(names) == len(set(names))
    assert not {b"bcc", b"cc"} & set(names)
