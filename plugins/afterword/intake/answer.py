"""How the service answers: a page in the site's look, or the same as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from afterword import markup
from afterword.entries import Entry, Listed
from afterword.errors import InvalidComment
from afterword.intake.form import Typed
from afterword.intake.pages import Pages
from afterword.model import Comment, Status
from afterword.render import Form, View
from afterword.submission import Submission

# What a reader is told. Who sends spam need not know that it was seen as such.
SPOKEN: Final[Mapping[Status, str]] = {
    Status.PENDING: "waiting",
    Status.SPAM: "waiting",
    Status.APPROVED: "approved",
    Status.TRASH: "refused",
}
_HEADERS: Final = {
    # The address of a page may hold a token.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Answers:
    """What all answers have in common."""

    pages: Pages
    action: str
    reply_mail: bool
    parent: Callable[[str, str], Comment | None]
    clock: Callable[[], datetime]

    def to(self, request: Request) -> "Answer":
        """The means to answer one request."""
        wants = request.headers.get("accept", "")
        return Answer(self, as_json="application/json" in wants and "text/html" not in wants)


@dataclass(frozen=True)
class Answer:
    """Answers one request, in the form that it asked for."""

    common: Answers
    as_json: bool

    def form(  # noqa: PLR0913  # what the form can show
        self,
        listed: Listed,
        typed: Typed,
        errors: Mapping[str, str] | None = None,
        *,
        preview: Submission | None = None,
        status: int = 200,
        retry: int = 0,
    ) -> Response:
        """The form with what was typed; with what is wrong, or with a preview."""
        if self.as_json:
            data: dict[str, object] = {"token": typed.token}
            if errors:
                data["errors"] = dict(errors)
            if preview:
                data["preview"] = str(markup.to_html(preview.body))
            return self._json(data, status, retry)
        parent = self._parent(listed.entry, typed.replyto)
        shown = Form(
            action=self.common.action,
            replyto=typed.replyto,
            parent=parent,
            values=typed.values,
            errors=errors or {},
            token=typed.token,
            reply_mail=self.common.reply_mail,
        )
        variables = {
            "entry": listed.entry,
            "form": shown,
            "parent": parent,
            "preview": self._view(listed.entry, preview) if preview else None,
        }
        title = f"{'Error: ' if errors else ''}Respond to {listed.entry.title}"
        return self._page("new", title, variables, status, retry)

    def accepted(self, kept: Submission, link: str, *, is_new: bool) -> Response:
        """Where to look what becomes of it."""
        if self.as_json:
            data = {"id": kept.id, "status": SPOKEN[kept.status], "url": link, "new": is_new}
            return self._json(data, 201 if is_new else 200, location=link)
        return RedirectResponse(link, 303, _HEADERS)

    def status(  # noqa: PLR0913  # what the page can show
        self,
        found: Submission,
        permalink: str | None,
        *,
        editable: bool,
        typed: Typed | None = None,
        errors: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        """What became of a response; the form to change it while that is possible."""
        spoken = "published" if permalink else SPOKEN[found.status]
        if self.as_json:
            data: dict[str, object] = {
                "id": found.id,
                "entry": found.entry,
                "status": spoken,
                "url": permalink,
                "author": found.author,
                "body": found.body,
                "revision": found.revision,
                "editable": editable,
            }
            if errors:
                data["errors"] = dict(errors)
            return self._json(data, status)
        values = typed.values if typed else _values(found)
        shown = Form(action="", values=values, errors=errors or {}, editing=str(found.revision))
        entry = _bare(found.entry)
        variables = {
            "entry": entry,
            "state": spoken,
            "permalink": permalink,
            "comment": self._view(entry, found),
            "form": shown if editable else None,
        }
        titles = {
            "waiting": "Your response is waiting",
            "approved": "Your response is approved",
            "published": "Your response is published",
            "refused": "Your response is not published",
        }
        return self._page("status", titles[spoken], variables, status)

    def message(
        self, title: str, text: str, *, kept: str = "", status: int, retry: int = 0
    ) -> Response:
        """A sentence, and what was typed, so that it can be copied."""
        if self.as_json:
            return self._json({"errors": {"": text}}, status, retry)
        return self._page("message", title, {"text": text, "kept": kept}, status, retry)

    def subscription(self, *, wanted: bool, done: bool) -> Response:
        """Ask whether mail is wanted, or say what has been done about it."""
        if self.as_json:
            return self._json({"mail": wanted, "done": done}, 200)
        title = "Mail about replies" if wanted else "No more mail about replies"
        return self._page("subscription", title, {"wanted": wanted, "done": done}, 200)

    def back(self, path: str) -> Response:
        """Show a page anew after something was done on it."""
        if self.as_json:
            return self._json({"done": True}, 200)
        return RedirectResponse(path, 303, _HEADERS)

    def _parent(self, entry: Entry, comment_id: str) -> View | None:
        found = self.common.parent(entry.key, comment_id) if comment_id else None
        return self.common.pages.renderer().view(entry, found) if found else None

    def _view(self, entry: Entry, submission: Submission) -> View | None:
        try:
            return self.common.pages.renderer().view(entry, submission.comment())
        except InvalidComment:  # put into the database by somebody else
            return None

    def _page(
        self, name: str, title: str, variables: Mapping[str, object], status: int, retry: int = 0
    ) -> Response:
        headers = _HEADERS | ({"Retry-After": str(retry)} if retry else {})
        page = self.common.pages.page(name, title, variables)
        return HTMLResponse(page, status, headers)

    def _json(
        self, data: Mapping[str, object], status: int, retry: int = 0, location: str = ""
    ) -> Response:
        headers = dict(_HEADERS)
        if retry:
            headers["Retry-After"] = str(retry)
        if location:
            headers["Location"] = location
        return JSONResponse(data, status, headers)


def _values(found: Submission) -> Mapping[str, str]:
    return {
        "author": found.author,
        "email": found.email,
        "website": found.website or "",
        "body": found.body,
    }


def _bare(key: str) -> Entry:
    """An entry of which no more than the key is known, or needed."""
    return Entry(key, key, "", "", "", datetime.fromtimestamp(0, UTC), open=False)
