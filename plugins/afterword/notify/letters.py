"""What the letters say. Pure: plain text, made from a submission and signed links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from afterword import markup
from afterword.addresses import Addresses
from afterword.errors import visible
from afterword.model import Status
from afterword.store import Letter
from afterword.submission import Submission
from afterword.tokens import Purpose, Signer


@dataclass(frozen=True, slots=True)
class Site:
    """What mail needs to know of a site. ``moderator`` is an address, or empty for none."""

    name: str
    moderator: str = ""
    digest: timedelta = timedelta()
    reply_mail: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters for one site."""

    site: Site
    signer: Signer
    addresses: Addresses

    def moderate(
        self, each: Submission, about: tuple[str, str], waiting: int, now: datetime
    ) -> Letter:
        """Tell the moderator of one response; ``about`` is the post's title and address."""
        title, url = about
        waits = each.status is Status.PENDING
        text = [
            f"A response to “{title}” {'waits for you' if waits else 'was published at once'}.",
            url,
            "",
            *_about(each),
            "",
            *self._links(each, now, ("approve", "spam", "trash") if waits else ("spam", "trash")),
            "",
            f"All that wait ({waiting}): {self.addresses.moderate}",
        ]
        what = "Please moderate" if waits else "Published"
        subject = f"{what}: a response to “{title}”"
        return self._letter(f"moderate:{each.id}", self.site.moderator, subject, text, now)

    def digest(self, new: Sequence[Submission], key: str, waiting: int, due: datetime) -> Letter:
        """Tell the moderator of several at once."""
        number = f"{len(new)} new response{'' if len(new) == 1 else 's'}"
        text = [f"There {'is' if len(new) == 1 else 'are'} {number}.", ""]
        for each in new:
            text += [*_about(each), ""]
        text.append(f"All that wait ({waiting}): {self.addresses.moderate}")
        return self._letter(key, self.site.moderator, number.capitalize(), text, due)

    def confirm(self, email: str, now: datetime) -> Letter:
        """Ask whether mail about replies is wanted. Nothing in it is a stranger's."""
        link = self.addresses.subscribe(self.signer.sign(Purpose.SUBSCRIBE, (email,), now))
        text = [
            f"Somebody, probably you, has asked at {self.site.name} to be told by mail about",
            "replies to a response sent with this address. If that is so, please confirm it:",
            "",
            link,
            "",
            "If not, do nothing: you will get no such mail.",
        ]
        key = f"confirm:{email.casefold()}:{now:%Y-%m-%d}"
        return self._letter(key, email, "Do you want mail about replies?", text, now)

    def reply(
        self, reply: Submission, parent: Submission, about: tuple[str, str], now: datetime
    ) -> Letter:
        """Tell a commenter, who has agreed to it, of a reply."""
        title, url = about
        token = self.signer.sign(Purpose.UNSUBSCRIBE, (parent.email,), parent.date)
        stop = self.addresses.unsubscribe(token)
        text = [
            f"{_line(reply.author)} has replied to your response to “{title}”:",
            "",
            *_quoted(reply.body),
            "",
            f"{url}#comment-{reply.id}",
            "",
            f"No more of these: {stop}",
        ]
        headers = {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        key = f"reply:{reply.id}:{parent.id}"
        subject = f"A reply to your response to “{title}”"
        return self._letter(key, parent.email, subject, text, now, headers)

    def _links(self, each: Submission, now: datetime, actions: Sequence[str]) -> Sequence[str]:
        def link(action: str) -> str:
            token = self.signer.sign(Purpose.ACT, (action, each.id, each.digest), now)
            return f"{action.capitalize() + ':':<9} {self.addresses.act(token)}"

        return [*map(link, actions), "Each link works once, for seven days."]

    def _letter(  # noqa: PLR0913, PLR0917  # what a letter is made of
        self,
        key: str,
        to: str,
        subject: str,
        text: Sequence[str],
        due: datetime,
        headers: Mapping[str, str] | None = None,
    ) -> Letter:
        return Letter(
            key=key,
            to=to,
            subject=_line(f"[{self.site.name}] {subject}")[:200],
            text="\n".join(text) + "\n",
            headers=headers or {},
            due=due,
        )


def sendable(address: str) -> bool:
    """Whether mail can be sent to an address without it meaning anything else."""
    return address.isprintable() and parseaddr(address)[1] == address and "@" in address


def _about(each: Submission) -> Sequence[str]:
    facts = {"From": each.author, "E-mail": each.email, "Website": each.website or ""}
    lines = [f"{name + ':':<9} {_line(value)}" for name, value in facts.items() if value]
    lines += ["", *_quoted(each.body), ""]
    lines.append(f"Score {each.score:+.1f}")
    lines += [f"{reason.points:+6.1f}  {visible(reason.why)}" for reason in each.reasons]
    return lines


def _quoted(body: str) -> Sequence[str]:
    return [f"> {visible(line)}" for line in markup.clean(body).split("\n")]


def _line(text: str) -> str:
    return visible(" ".join(markup.clean(text).split()))
