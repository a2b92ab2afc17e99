"""From a response as its source has it to one as the queue keeps it."""

from collections.abc import Sequence

from afterword.importers import fields
from afterword.importers.claims import Place
from afterword.importers.findings import Response, Wording
from afterword.importers.markdown import to_markdown
from afterword.model import Status
from afterword.submission import Submission


def submission(found: Response, place: Place, base: str) -> tuple[Submission, Sequence[str]]:
    """Return a response as the queue keeps it, and what of it is not as it was.

    ``base`` is the address from which relative links in it lead.
    """
    notes = list(found.notes)
    author = fields.line(found.author)
    if not author:
        author = fields.ANONYMOUS
        notes.append("has no name")
    website = fields.website(found.website)
    if found.website.strip() and website is None:
        notes.append(f"its website is no web address: {found.website}")
    body = fields.body(found.body)
    if len(body) < len(found.body.replace("\r\n", "\n")):
        notes.append("had control characters")
    if place.alone and found.email:
        notes.append("its e-mail address does not come along")
    if found.wording is not Wording.MARKDOWN:
        body = to_markdown(body, base, lines=found.wording is Wording.LINES)
    made = Submission(
        id=place.id,
        entry=place.entry,
        author=author,
        body=body,
        date=place.date,
        email=fields.line(found.email),
        website=website,
        replyto=place.replyto,
        kind=found.kind,
        by_author=found.by_author,
        source=fields.website(found.source),
        status=found.status,
        settled=found.status is not Status.APPROVED,
    )
    return made, notes
