"""What a corpus is made of, before any tool's files."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Response:
    """One reader's answer to a post, or to another answer to it."""

    id: str
    author: str
    date: datetime
    website: str | None
    replyto: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its responses, oldest first."""

    slug: str
    title: str
    date: datetime
    category: str
    tags: tuple[str, ...]
    body: str
    responses: tuple[Response, ...]
