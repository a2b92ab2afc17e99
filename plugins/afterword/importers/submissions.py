"""From a response as its source has it to one as the queue keeps it."""

from collections.abc import Iterator

from afterword.importers import fields
from afterword.importers.claims import Place
from afterword.importers.findings import Response, Wording
from afterword.importers.markdown import to_markdown
from afterword.model import Status
from afterword.submission import Submission


def submission(found: Response, place: Place, base: str) -> Submission:
    """Return a response as the queue keeps it.

    ``base`` is the address from which relative links in it lead.
    """
    body = fields.body(found.body)
    if found.wording is not Wording.MARKDOWN:
        body = to_markdown(body, base, lines=found.wording is Wording.LINES)
    return Submission(
        id=place.id,
        entry=place.entry,
        author=fields.line(found.author) or fields.ANONYMOUS,
        body=body,
        date=place.date,
        email=fields.line(found.email),
        website=fields.website(found.website),
        replyto=place.replyto,
        kind=found.kind,
        by_author=found.by_author,
        source=fields.website(found.source),
        status=found.status,
        settled=found.status is not Status.APPROVED,
    )


def losses(found: Response, place: Place) -> Iterator[str]:
    """Say what of a response is not as it was, once it is a submission."""
    yield from found.notes
    if not fields.line(found.author):
        yield "has no name"
    if found.website.strip() and fields.website(found.website) is None:
        yield f"its website is no web address: {found.website}"
    if len(fields.body(found.body)) < len(found.body.replace("\r\n", "\n")):
        yield "had control characters"
    if place.alone and found.email:
        yield "its e-mail address does not come along"
