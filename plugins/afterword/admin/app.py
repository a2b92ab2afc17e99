"""The moderator's pages: the queue, one response, and links that came by mail.

Nothing is changed by a GET. A POST counts only from a page of this origin, with a token that
belongs to the session.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from afterword.addresses import Addresses
from afterword.admin.login import COOKIE, SESSION, Login
from afterword.admin.rows import Row, Rows
from afterword.errors import AfterwordError, BadToken
from afterword.model import Status, in_zone
from afterword.moderation import Desk, Hand, Outcome, Seen
from afterword.render import TEMPLATES
from afterword.store import Query
from afterword.submission import Action, Door
from afterword.tokens import Purpose, Signer

STATIC: Final = TEMPLATES.parent / "static"
PAGE_SIZE: Final = 30
LINK_AGE: Final = timedelta(days=7)

_WEB: Final = Hand(Door.WEB, "moderator")
_MAIL: Final = Hand(Door.MAIL, "moderator")
_ACTIONS: Final = (Action.APPROVE, Action.SPAM, Action.TRASH, Action.RESTORE)
_DONE: Final = {
    "approve": "approved",
    "spam": "marked as spam",
    "trash": "moved to the trash",
    "restore": "put back into the queue",
    "edit": "changed",
    "reply": "answered",
}
_MAX_BODY: Final = 300_000


@dataclass(frozen=True)
class Admin:
    """The moderator's half of the service."""

    desk: Desk
    login: Login
    rows: Rows
    signer: Signer
    addresses: Addresses
    environment: Environment
    clock: Callable[[], datetime]
    zone: tzinfo
    author: str
    sitename: str
    siteurl: str
    changed: Callable[[], None]
    hashed: Callable[[str], str]

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What to serve, and where."""
        path = Addresses.path(self.addresses.moderate)
        return [
            Route(path, self._inside(self._queue), methods=["GET"]),
            Route(f"{path}login", self._outside(self._login), methods=["GET", "POST"]),
            Route(f"{path}logout", self._inside(self._logout), methods=["POST"]),
            Route(f"{path}decide", self._inside(self._decide), methods=["POST"]),
            Route(f"{path}response/{{id}}", self._inside(self._response), methods=["GET"]),
            Route(f"{path}response/{{id}}/edit", self._inside(self._edit), methods=["POST"]),
            Route(f"{path}response/{{id}}/reply", self._inside(self._reply), methods=["POST"]),
            Route(f"{path}act/{{token}}", self._outside(self._act), methods=["GET", "POST"]),
            Route(f"{path}style.css", _file("moderate.css", "text/css"), methods=["GET"]),
            Route(f"{path}shortcuts.js", _file("shortcuts.js", "text/javascript"), methods=["GET"]),
        ]

    # The ways in

    def _outside(self, work: Callable[[Request, Mapping[str, Any]], Response]) -> Any:  # noqa: ANN401  # an endpoint
        async def endpoint(request: Request) -> Response:
            fields = await _fields(request) if request.method == "POST" else {}
            return await run_in_threadpool(work, request, fields)

        return endpoint

    def _inside(self, work: Callable[[Request, Mapping[str, Any]], Response]) -> Any:  # noqa: ANN401  # an endpoint
        def guarded(request: Request, fields: Mapping[str, Any]) -> Response:
            session = request.cookies.get(COOKIE, "")
            if not self.login.is_open(session):
                return self._to_login(request)
            if request.method == "POST":
                given = str(fields.get("csrf", ""))
                if not self._same_origin(request) or not hmac.compare_digest(
                    given.encode(), self._csrf(session).encode()
                ):
                    return self._message(
                        "Not done",
                        "This did not come from a page of yours, or your session is another "
                        "one by now. Go back, reload the page, and try again.",
                        403,
                    )
            return work(request, fields)

        return self._outside(guarded)

    def _to_login(self, request: Request) -> Response:
        if request.method == "POST":
            return self._message(
                "Please log in", "Your session has ended. Log in, and try again.", 403
            )
        then = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{self._path('login')}?{urlencode({'then': then})}", 303)

    def _login(self, request: Request, fields: Mapping[str, Any]) -> Response:
        then = str(fields.get("then") or request.query_params.get("then") or "")
        if not then.startswith(self._path("")) or "//" in then or "\\" in then:
            then = self._path("")
        if request.method == "GET":
            return self._page("login", {"then": then, "failed": False})
        if not self._same_origin(request):
            return self._message("Not done", "This did not come from our own page.", 403)
        address = self.hashed(request.client.host if request.client else "")
        session = self.login.enter(str(fields.get("password", "")), address)
        if session is None:
            return self._page("login", {"then": then, "failed": True}, 403)
        answer = RedirectResponse(then, 303)
        answer.set_cookie(
            COOKIE,
            session,
            max_age=int(SESSION.total_seconds()),
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )
        return answer

    def _logout(self, request: Request, _: Mapping[str, Any]) -> Response:
        self.login.leave(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse(self._path("login"), 303)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return answer

    def _csrf(self, session: str) -> str:
        return self.signer.seal("csrf", session)

    def _same_origin(self, request: Request) -> bool:
        """Whether a browser says that a page of ours has sent this (Origin, RFC 6454)."""
        origin = request.headers.get("origin", "")
        if origin == self.addresses.origin:
            return True
        return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")

    # The queue

    def _queue(self, request: Request, _: Mapping[str, Any]) -> Response:
        asked = request.query_params
        status = _status(asked.get("status"))
        number = max(1, _number(asked.get("page"), 1))
        query = Query(
            status=status,
            text=asked.get("q", "").strip(),
            entry=asked.get("entry") or None,
            offset=(number - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )
        found = self.desk.store.find(query)
        variables = {
            "status": str(status) if status else "all",
            "query": query.text,
            "entry": query.entry or "",
            "rows": self.rows.of(found.submissions),
            "total": found.total,
            "page": number,
            "pages": max(1, -(-found.total // PAGE_SIZE)),
            "selected": asked.get("select") == "all",
            "said": self._said(asked.get("did", ""), _number(asked.get("n"), 0)),
            "address": self._address,
        }
        return self._page("queue", variables, request=request)

    def _decide(self, request: Request, fields: Mapping[str, Any]) -> Response:
        action, seen = _asked(fields)
        if action is None or not seen:
            return self._message(
                "Nothing was selected", "Tick a response, then choose what to do.", 422
            )
        outcomes = self.desk.decide(seen, action, _WEB)
        self.changed()
        return self._outcomes(fields, action, outcomes, request)

    def _outcomes(
        self,
        fields: Mapping[str, Any],
        action: Action,
        outcomes: Sequence[Outcome],
        request: Request,
    ) -> Response:
        back = _back(fields)
        done = sum(outcome.ok for outcome in outcomes)
        if done == len(outcomes):
            return RedirectResponse(self._address(**back, did=str(action), n=str(done)), 303)
        failed = [outcome for outcome in outcomes if not outcome.ok]
        variables = {
            "said": self._said(str(action), done),
            "failed": [(each, self._row(each)) for each in failed],
            "back": self._address(**back),
        }
        return self._page("outcomes", variables, 409, request=request)

    def _row(self, outcome: Outcome) -> Row | None:
        return self.rows.of([outcome.submission])[0] if outcome.submission else None

    # One response

    def _response(self, request: Request, _: Mapping[str, Any]) -> Response:
        found = self.desk.store.get(request.path_params["id"])
        if found is None:
            return self._message("No such response", "The queue has no response of this id.", 404)
        return self._show(request, found.id, {})

    def _show(
        self,
        request: Request,
        submission_id: str,
        typed: Mapping[str, Any],
        error: str = "",
        status: int = 200,
    ) -> Response:
        found = self.desk.get(submission_id)
        row = self.rows.of([found])[0]
        published = self.desk.published(found) if found.status is Status.APPROVED else None
        values = {
            "author": published.author if published else found.author,
            "email": found.email,
            "website": (published.website if published else found.website) or "",
            "body": published.body if published else found.body,
            "reply": "",
        } | {name: str(value) for name, value in typed.items()}
        said = request.query_params
        variables = {
            "row": row,
            "values": values,
            "error": error,
            "history": self.desk.store.history(found.id),
            "others": self.desk.store.find(Query(text=found.email, limit=1)).total - 1
            if found.email
            else 0,
            "said": self._said(said.get("did", ""), _number(said.get("n"), 0)),
            "address": self._address,
            "when": self._when,
        }
        return self._page("response", variables, status, request=request)

    def _edit(self, request: Request, fields: Mapping[str, Any]) -> Response:
        submission_id = request.path_params["id"]
        seen = Seen(submission_id, _number(fields.get("revision"), 0))
        outcome = self.desk.edit(
            seen,
            _WEB,
            author=_line(fields, "author"),
            email=_line(fields, "email"),
            website=_line(fields, "website") or None,
            body=_text(fields, "body"),
        )
        self.changed()
        if outcome.submission is None:
            return self._message("No such response", outcome.why, 404)
        if not outcome.ok:
            return self._show(request, submission_id, fields, f"Not saved: {outcome.why}.", 409)
        return RedirectResponse(f"{self._path('response/')}{submission_id}?did=edit&n=1", 303)

    def _reply(self, request: Request, fields: Mapping[str, Any]) -> Response:
        submission_id = request.path_params["id"]
        try:
            self.desk.reply(submission_id, _text(fields, "reply"), self.author, _WEB)
        except AfterwordError as error:
            if self.desk.store.get(submission_id) is None:
                return self._message("No such response", str(error), 404)
            return self._show(request, submission_id, fields, f"Not sent: {error}.", 409)
        self.changed()
        return RedirectResponse(f"{self._path('response/')}{submission_id}?did=reply&n=1", 303)

    # Links from mails

    def _act(self, request: Request, _: Mapping[str, Any]) -> Response:
        """Show on GET, because mail scanners follow links; decide on POST, once."""
        given = request.path_params["token"]
        try:
            token = self.signer.read(Purpose.ACT, given, self.clock(), LINK_AGE)
            name, submission_id, digest = token.parts
            action = Action(name)
            if action not in _ACTIONS:
                raise BadToken("this link is for nothing that can be done")
            found = self.desk.get(submission_id)
            if found.digest != digest:
                raise BadToken("the response has been changed since this link was made")
            used = f"used:{self.signer.seal('act', given)}"
            if self.desk.store.recall(f"{used}:done") is not None:
                raise BadToken("this link has been used")
            if request.method == "GET":
                row = self.rows.of([found])[0]
                variables = {"action": name, "row": row, "done": None}
                return self._page("act", variables, headers=_TOKEN_PAGE)
            ends = self.clock() + LINK_AGE
            if self.desk.store.count(used, ends) > 1:
                raise BadToken("this link has been used")
            self.desk.store.keep(f"{used}:done", "yes", ends)
        except (AfterwordError, ValueError) as error:
            return self._message("This link does nothing", f"{error}.", 403)
        outcome = self.desk.decide([Seen(found.id, found.revision)], action, _MAIL)[0]
        self.changed()
        title = f"It is {_DONE[name]}" if outcome.ok else "Not done"
        return self._message(title, outcome.why and f"{outcome.why}.", 200 if outcome.ok else 409)

    # How it is said

    def _said(self, action: str, number: int) -> str:
        if action not in _DONE or not number:
            return ""
        return f"{number} response{'' if number == 1 else 's'} {_DONE[action]}."

    def _when(self, moment: datetime) -> str:
        return in_zone(moment, self.zone).strftime("%-d %B %Y, %H:%M")

    def _path(self, name: str) -> str:
        return Addresses.path(self.addresses.moderate) + name

    def _address(self, **asked: str) -> str:
        """The address of a listing."""
        kept = {name: value for name, value in asked.items() if value}
        return self._path("") + (f"?{urlencode(kept)}" if kept else "")

    def _message(self, title: str, text: str, status: int) -> Response:
        return self._page("message", {"title": title, "text": text}, status, headers=_TOKEN_PAGE)

    def _page(
        self,
        name: str,
        variables: Mapping[str, Any],
        status: int = 200,
        request: Request | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        session = request.cookies.get(COOKIE, "") if request else ""
        common = {
            "sitename": self.sitename,
            "siteurl": self.siteurl,
            "root": self._path(""),
            "csrf": self._csrf(session) if session else "",
            "counts": self.desk.store.counts() if session else {},
            "author_name": self.author,
        }
        template = self.environment.get_template(f"moderate/{name}.html")
        page = template.render({**common, **variables})
        return HTMLResponse(page, status, {"Referrer-Policy": "same-origin", **(headers or {})})


# The address of such a page may hold a token.
_TOKEN_PAGE: Final = {"Referrer-Policy": "no-referrer"}


async def _fields(request: Request) -> Mapping[str, Any]:
    form = await request.form(max_files=0, max_fields=500, max_part_size=_MAX_BODY)
    fields: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
    fields["items"] = [value for value in form.getlist("item") if isinstance(value, str)]
    return fields


def _asked(fields: Mapping[str, Any]) -> tuple[Action | None, list[Seen]]:
    """What is to be done, with which: one by its own button, or all that are ticked."""
    name, _, one = str(fields.get("one") or "").partition(":")
    items = [one] if one else fields["items"]
    action = next((a for a in _ACTIONS if a == (name or fields.get("action"))), None)
    pairs = (item.rpartition(":") for item in items)
    return action, [Seen(each, int(revision)) for each, _, revision in pairs if revision.isdigit()]


def _back(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(fields.get(name, "")) for name in ("status", "q", "entry", "page")}


def _status(name: str | None) -> Status | None:
    if name == "all":
        return None
    try:
        return Status(name or "pending")
    except ValueError:
        return Status.PENDING


def _number(value: object, default: int) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else default  # noqa: PLR2004  # no queue is longer


def _text(fields: Mapping[str, Any], name: str) -> str:
    return str(fields.get(name, "")).replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _line(fields: Mapping[str, Any], name: str) -> str:
    return " ".join(str(fields.get(name, "")).split())


def _file(name: str, kind: str) -> Callable[[Request], Any]:
    async def endpoint(_: Request) -> Response:
        return FileResponse(
            STATIC / name, media_type=kind, headers={"Cache-Control": "max-age=3600"}
        )

    return endpoint
