"""The public pages of the service: the form, a preview, what became of a response.

Every page works without scripts and without cookies. Whatever goes wrong, what was typed comes
back in the form, except where a request is too large to be read.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from afterword.addresses import Addresses
from afterword.antispam import Circumstances
from afterword.book import Book
from afterword.entries import Listed
from afterword.errors import BadToken, EntriesUnknown, LimitReached, StoreError
from afterword.intake import form as forms
from afterword.intake.address import Salted
from afterword.intake.answer import Answer, Answers
from afterword.intake.form import Typed
from afterword.intake.line import Line, Steps
from afterword.model import Status
from afterword.moderation import Arrival, Desk, Outcome, Result, Seen
from afterword.notify.subscriptions import Subscriptions
from afterword.settings import Settings
from afterword.store import Limit
from afterword.submission import Submission
from afterword.tokens import Purpose, Signer

_WINDOW: Final = timedelta(minutes=1)
_PULLED_AT_ONCE: Final = 200
_MOST_FIELDS: Final = 50


@dataclass(frozen=True)
class Intake:
    """Takes responses, and lets their authors look after them."""

    desk: Desk
    book: Book
    answers: Answers
    signer: Signer
    addresses: Addresses
    salted: Salted
    subscriptions: Subscriptions
    settings: Settings
    clock: Callable[[], datetime]
    line: Line
    pull_token: str = ""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What to serve, and where."""
        path = Addresses.path(self.addresses.comments)
        return [
            Route(Addresses.path(self.addresses.submit), self._submit, methods=["POST"]),
            Route(f"{path}new", self._new, methods=["GET"]),
            Route(f"{path}status/{{token}}", self._status, methods=["GET"]),
            Route(f"{path}status/{{token}}", self._change, methods=["POST"]),
            Route(f"{path}subscribe/{{token}}", self._subscribe, methods=["GET", "POST"]),
            Route(f"{path}unsubscribe/{{token}}", self._unsubscribe, methods=["GET", "POST"]),
            Route(f"{path}approved", self._approved, methods=["GET"]),
        ]

    # The form

    async def _new(self, request: Request) -> Response:
        typed = Typed(
            entry=request.query_params.get("entry", ""),
            replyto=request.query_params.get("replyto", ""),
        )
        return await run_in_threadpool(self._form, typed, request)

    async def _submit(self, request: Request) -> Response:
        fields = await _fields(request)
        typed = Typed.of(fields)
        if fields.get("action") == "preview":
            return await run_in_threadpool(self._preview, typed, request)
        # Somebody elsewhere who is asked for advice may be slow to give it.
        answer = self.line.answer_alone if self.desk.adviser else self.line.answer
        return await answer(self._post(typed, request))

    def _form(self, typed: Typed, request: Request) -> Response:
        answer = self.answers.to(request)
        listed = self._listed(typed, answer)
        if isinstance(listed, Response):
            return listed
        if typed.replyto and typed.replyto not in listed.ids:
            typed = replace(typed, replyto="")
        return answer.form(listed, self._tokened(typed))

    def _preview(self, typed: Typed, request: Request) -> Response:
        answer = self.answers.to(request)
        listed = self._listed(typed, answer)
        if isinstance(listed, Response):
            return listed
        checked, typed = self._checked(typed, listed)
        typed = self._tokened(typed)
        if checked.errors:
            return answer.form(listed, typed, checked.errors, status=422)
        shown = forms.submission(typed, checked, "")
        return answer.form(listed, typed, preview=replace(shown, date=self.clock()))

    def _post(self, typed: Typed, request: Request) -> Steps:
        answer = self.answers.to(request)
        listed = self._listed(typed, answer)
        if isinstance(listed, Response):
            return listed
        checked, again = self._checked(typed, listed)
        if checked.errors:
            return answer.form(listed, self._tokened(again), checked.errors, status=422)
        now = self.clock()
        try:
            address = self.salted.hash(request.client.host if request.client else "", now)
            kept, is_new = yield Arrival(
                forms.submission(typed, checked, address),
                self._circumstances(typed, request, now),
                limit=self._limit(address, now),
                taken=listed.ids,
            )
        except LimitReached as error:
            wait = max(1, int((error.until - now).total_seconds()))
            why = f"You are sending responses very quickly. Please try again in {wait} seconds."
            return answer.form(listed, self._tokened(typed), {"": why}, status=429, retry=wait)
        except StoreError:
            why = "Your response could not be kept just now. Please send it again in a moment."
            return answer.form(listed, self._tokened(typed), {"": why}, status=503, retry=5)
        link = self.addresses.status(self.signer.sign(Purpose.STATUS, (kept.id,), kept.date))
        return answer.accepted(kept, link, is_new=is_new)

    def _listed(self, typed: Typed, answer: Answer) -> Listed | Response:
        """The entry that is to be answered, or the answer that it cannot be."""
        try:
            listed = self.book.find(typed.entry)
        except EntriesUnknown:
            why = "Responses cannot be taken just now. Please try again in a moment."
            return answer.message("Not just now", why, kept=typed.body, status=503, retry=30)
        if listed is None:
            why = "There is no post here by that name that takes responses."
            return answer.message("No such post", why, kept=typed.body, status=404)
        if not listed.entry.is_open(self.clock()):
            why = "Responses to this post are closed."
            return answer.message("Responses are closed", why, kept=typed.body, status=403)
        return listed

    def _checked(self, typed: Typed, listed: Listed) -> tuple[forms.Checked, Typed]:
        """What was typed, cleaned; and what the form is to show if something is wrong."""
        checked = forms.check(typed)
        if typed.replyto and typed.replyto not in listed.ids:
            why = (
                "The response that you answer is not here any more; send yours to the post itself."
            )
            return replace(checked, errors={**checked.errors, "replyto": why}), replace(
                typed, replyto=""
            )
        return checked, typed

    def _circumstances(self, typed: Typed, request: Request, now: datetime) -> Circumstances:
        return Circumstances(
            honeypot=typed.url_confirm,
            form_age=self._form_age(typed, now),
            agent=request.headers.get("user-agent", "")[:500],
        )

    def _form_age(self, typed: Typed, now: datetime) -> timedelta | None:
        try:
            token = self.signer.read(Purpose.FORM, typed.token, now)
        except BadToken:
            return None
        return now - token.made if token.parts == (typed.entry,) else None

    def _tokened(self, typed: Typed) -> Typed:
        """Keep the token that the form had, so that it grows older; else make one."""
        if self._form_age(typed, self.clock()) is not None:
            return typed
        return replace(typed, token=self.signer.sign(Purpose.FORM, (typed.entry,), self.clock()))

    def _limit(self, address: str, now: datetime) -> Limit | None:
        if not self.settings.flood_limit or not address:
            return None
        window = int(now.timestamp() // _WINDOW.total_seconds())
        name = f"flood:{address}:{window}"
        return Limit(name, self.settings.flood_limit, now + _WINDOW)

    # What became of it

    async def _status(self, request: Request) -> Response:
        return await run_in_threadpool(self._show_status, request)

    async def _change(self, request: Request) -> Response:
        fields = await _fields(request)
        return await run_in_threadpool(self._do_change, request, fields)

    def _show_status(self, request: Request) -> Response:
        answer = self.answers.to(request)
        found = self._own(request)
        if found is None:
            return _no_such_link(answer)
        return answer.status(found, self._permalink(found), editable=self.desk.is_open(found))

    def _do_change(self, request: Request, fields: Mapping[str, Any]) -> Response:
        answer = self.answers.to(request)
        found = self._own(request)
        if found is None:
            return _no_such_link(answer)
        seen = Seen(found.id, _number(fields.get("revision"), found.revision))
        if fields.get("action") == "withdraw":
            return self._answered(answer, request, self.desk.withdraw(seen), None)
        typed = replace(Typed.of(fields), entry=found.entry, replyto=found.replyto or "")
        checked = forms.check(typed)
        if checked.errors:
            return answer.status(
                found, None, editable=True, typed=typed, errors=checked.errors, status=422
            )
        outcome = self.desk.revise(
            seen,
            author=checked.author,
            email=checked.email,
            website=checked.website,
            body=checked.body,
        )
        return self._answered(answer, request, outcome, typed)

    def _answered(
        self, answer: Answer, request: Request, outcome: Outcome, typed: Typed | None
    ) -> Response:
        if outcome.ok:
            return answer.back(str(request.url.path))
        now = outcome.submission
        if now is None:
            return _no_such_link(answer)
        why = "It was decided about, or changed elsewhere, while you were writing."
        if outcome.result is Result.FAILED:
            why = outcome.why
        return answer.status(
            now,
            self._permalink(now),
            editable=self.desk.is_open(now),
            typed=typed,
            errors={"": why},
            status=409,
        )

    def _own(self, request: Request) -> Submission | None:
        """The submission that a status link is about; None for any other link."""
        try:
            token = self.signer.read(Purpose.STATUS, request.path_params["token"], self.clock())
        except BadToken:
            return None
        return self.desk.store.get(token.parts[0])

    def _permalink(self, found: Submission) -> str | None:
        """Where a response can be read, once it is on its page."""
        if found.status is not Status.APPROVED:
            return None
        try:
            listed = self.book.find(found.entry)
        except EntriesUnknown:
            return None
        if listed is None or found.id not in listed.ids:
            return None
        return f"{listed.entry.url}#comment-{found.id}"

    # Mail about replies

    async def _subscribe(self, request: Request) -> Response:
        return await run_in_threadpool(self._subscription, request, Purpose.SUBSCRIBE)

    async def _unsubscribe(self, request: Request) -> Response:
        return await run_in_threadpool(self._subscription, request, Purpose.UNSUBSCRIBE)

    def _subscription(self, request: Request, purpose: Purpose) -> Response:
        """A GET asks, a POST does it: mail scanners follow links."""
        answer = self.answers.to(request)
        try:
            token = self.signer.read(purpose, request.path_params["token"], self.clock())
        except BadToken:
            return _no_such_link(answer)
        wanted = purpose is Purpose.SUBSCRIBE
        if request.method == "POST":
            change = self.subscriptions.confirm if wanted else self.subscriptions.end
            change(token.parts[0])
        return answer.subscription(wanted=wanted, done=request.method == "POST")

    # For a site that is built elsewhere

    async def _approved(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self.pull_token or not hmac.compare_digest(given.encode(), self.pull_token.encode()):
            headers = {"WWW-Authenticate": "Bearer"}
            return JSONResponse({"error": "the token is wrong"}, 401, headers)
        queue = await run_in_threadpool(self.desk.life)
        known = request.query_params.get("queue", "") == queue
        after = _number(request.query_params.get("after"), 0) if known else 0
        changed = await run_in_threadpool(self.desk.store.settled_since, after, _PULLED_AT_ONCE)
        return JSONResponse(
            {
                "queue": queue,
                "changes": [_change(number, each) for number, each in changed],
                "more": len(changed) == _PULLED_AT_ONCE,
            }
        )


async def _fields(request: Request) -> Mapping[str, Any]:
    """What was sent, as form or as JSON. Raises HTTPException where it cannot be read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            data = await request.json()
        except (ValueError, RecursionError):
            raise HTTPException(400, "This is no JSON.") from None
        if not isinstance(data, dict):
            raise HTTPException(400, "A JSON object is expected.")
        return data
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        raise HTTPException(415, "Send a form or JSON.")
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(await request.body())
    form: FormData = await request.form(
        max_files=0, max_fields=_MOST_FIELDS, max_part_size=forms.MAX_REQUEST_BYTES
    )
    return dict(form)


def _urlencoded(body: bytes) -> Mapping[str, Any]:
    """The fields of a form as browsers send it (URL standard, section 5.1)."""
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise HTTPException(400, "That is more than the form has.") from None
    return dict(pairs)


def _number(value: object, default: int) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else default  # noqa: PLR2004  # what a database can hold


def _no_such_link(answer: Answer) -> Response:
    why = "This link is not one of ours, or not whole. Perhaps a part of it was left out."
    return answer.message("No such link", why, status=404)


def _change(number: int, each: Submission) -> Mapping[str, object]:
    """One line of what ``afterword pull`` fetches: what is public, and nothing else."""
    if each.status is not Status.APPROVED:
        return {"change": number, "entry": each.entry, "id": each.id, "removed": True}
    return {
        "change": number,
        "entry": each.entry,
        "id": each.id,
        "author": each.author,
        "date": each.date.isoformat(),
        "website": each.website,
        "replyto": each.replyto,
        "kind": each.kind,
        "by_author": each.by_author,
        "source": each.source,
        "body": each.body,
    }
