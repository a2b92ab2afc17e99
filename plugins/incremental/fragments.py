"""Places in pages and feeds that can be made anew without making the rest.

A plugin marks a text while a page is being rendered; the mark is invisible to the template,
which sees nothing but the text. Where the text is printed as it is, the writer finds it, and
remembers its place in the file. Where a template does something else with it, the page is one
that only a whole rendering makes anew.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from markupsafe import Markup

T = TypeVar("T", bound=Callable[..., Any])


class Fragment(NamedTuple):
    """What a marked text is, to whoever marked it.

    ``key`` names what it is made from, ``kind`` what is made of it; ``argument`` is anything
    else that is needed to make it.
    """

    kind: str
    key: str
    argument: str = ""


class Piece(NamedTuple):
    """Where a fragment stands in a file: offset and length in bytes."""

    fragment: Fragment
    offset: int
    length: int


class Settled(NamedTuple):
    """A finished file: its bytes, its pieces in their order, and the fragments not found in it."""

    data: bytes
    pieces: tuple[Piece, ...]
    loose: frozenset[Fragment]


class Altered(Exception):  # a finding, not a fault
    """A template has changed marked texts after they were rendered."""


class Marked(Markup):
    """A text that stays marked where it is printed, and tells who looks into it.

    Whether there is any text at all may be asked: that is known of the new text, too.
    """

    __slots__ = ("looked", "printed")
    printed: str
    looked: Callable[[], None]

    def __bool__(self) -> bool:
        return True


def _telling(name: str) -> Callable[..., Any]:
    def method(self: Marked, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # any method's
        self.looked()
        plain = Markup(str.__str__(self))  # noqa: S704  # what it is
        return getattr(plain, name)(*arguments, **named)

    return method


for _name in dir(Markup):
    _kept = _name in {"__getattribute__", "__new__"} or hasattr(object, _name)
    if not _kept and _name not in Marked.__dict__ and callable(getattr(Markup, _name)):
        setattr(Marked, _name, _telling(_name))
for _name in ("eq", "ne", "lt", "le", "gt", "ge", "format", "hash", "str", "html", "repr"):
    setattr(Marked, f"__{_name}__", _telling(f"__{_name}__"))


@dataclass(slots=True)
class Page:
    """What becomes of fragments while one page is rendered; marks are told by their numbers."""

    marking: bool
    marks: set[int] = field(default_factory=set)
    looked: set[Fragment] = field(default_factory=set)


@dataclass
class Fragments:
    """The fragments of one build.

    ``offers`` says what each key's texts depend on; ``apart`` names the attributes of posts and
    pages that say the same as fragments do. ``nonce`` is a number that nobody can
    guess: digits alone, which no filter turns into something else. ``tracer`` follows what a
    page reads.
    """

    nonce: str = field(default_factory=lambda: f"{secrets.randbits(128):039d}")
    offers: dict[str, bytes] = field(default_factory=dict)
    apart: set[str] = field(default_factory=set)
    tracer: "Follower | None" = None
    # Of each mark its fragment, and the hash of its text: all texts would be too much.
    _marked: list[tuple[Fragment, int]] = field(default_factory=list)
    _page: Page | None = None

    @contextmanager
    def page(self, *, marking: bool = True) -> Iterator[Page]:
        """The time in which one page is rendered.

        Without ``marking`` its texts stay plain, and every fragment counts as looked into.
        """
        before, self._page = self._page, Page(marking)
        try:
            yield self._page
        finally:
            self._page = before

    @property
    def current(self) -> Page | None:
        """The page that is being rendered."""
        return self._page

    @contextmanager
    def aside(self) -> Iterator[None]:
        """A time in which something is rendered that is no part of what the page reads."""
        page, self._page = self._page, None
        tracer = self.tracer or _Nobody()
        trace, tracer.page = tracer.page, None
        try:
            yield
        finally:
            self._page, tracer.page = page, trace

    def mark(self, fragment: Fragment, text: str) -> Markup:
        """Return the text, marked if a page is being rendered and there is any text."""
        page = self._page
        if page is None or not (text and page.marking):
            if page is not None:
                page.looked.add(fragment)
            return Markup(text)  # noqa: S704  # what it was before
        number = len(self._marked)
        self._marked.append((fragment, hash(text)))
        page.marks.add(number)
        marked = Marked(text)
        marked.printed = f"{self.nonce}.{number}({text}{self.nonce}.{number})"
        marked.looked = partial(page.looked.add, fragment)
        return marked

    def join(self, texts: Iterable[str]) -> str:
        """Return the texts as one; if there are marks in it, it is one that tells, too."""
        text = "".join(texts)
        if self.nonce not in text:
            return text
        numbers = [number for number, _, _ in self._places(text)]
        joined = Marked(self._mark().sub("", text))
        joined.printed = text
        looked = self._page.looked if self._page else set()
        joined.looked = partial(looked.update, [self._marked[number][0] for number in numbers])
        return joined

    def settle(self, text: str, page: Page) -> Settled:
        """Take the marks out of a text. Raises Altered where they are not as they were set."""
        parts: list[bytes] = []
        pieces: list[Piece] = []
        printed: set[int] = set()
        offset = start = 0
        for number, opened, closed in self._places(text) if self.nonce in text else ():
            fragment, kept = self._marked[number]
            inner = text[opened[1] : closed[0]]
            if hash(inner) != kept:
                raise Altered
            before, piece = text[start : opened[0]].encode(), inner.encode()
            parts += [before, piece]
            pieces.append(Piece(fragment, offset + len(before), len(piece)))
            offset += len(before) + len(piece)
            start = closed[1]
            printed.add(number)
        data = b"".join([*parts, text[start:].encode()])
        if self.nonce.encode() in data:
            raise Altered
        unprinted = {self._marked[number][0] for number in page.marks - printed}
        return Settled(data, tuple(pieces), frozenset(unprinted | page.looked))

    def _mark(self) -> re.Pattern[str]:
        return re.compile(rf"{self.nonce}\.(\d+)([()])")

    def _places(self, text: str) -> Iterator[tuple[int, tuple[int, int], tuple[int, int]]]:
        """Yield each mark's number, and the spans of its beginning and of its end."""
        opened: re.Match[str] | None = None
        for match in self._mark().finditer(text):
            if match[2] == "(":
                if opened:
                    raise Altered
                opened = match
            elif not opened or opened[1] != match[1] or int(match[1]) >= len(self._marked):
                raise Altered
            else:
                yield int(match[1]), opened.span(), match.span()
                opened = None
        if opened:
            raise Altered


class Follower(Protocol):
    """Whoever follows what a page reads, while ``page`` is not None."""

    page: Any


@dataclass
class _Nobody:
    page: Any = None


_current: Final[ContextVar[Fragments | None]] = ContextVar("fragments", default=None)


@contextmanager
def building(fragments: Fragments) -> Iterator[None]:
    """The time of a build, in which ``mark`` and ``offer`` reach its fragments."""
    token = _current.set(fragments)
    try:
        yield
    finally:
        _current.reset(token)


def mark(kind: str, key: str, text: str, argument: str = "") -> Markup:
    """Return a text for a template, as one that can be made anew by itself.

    Where no build goes on that would remember it, it is the text and no more.
    """
    fragments = _current.get()
    if fragments is None:
        return Markup(text)  # noqa: S704  # what it was before
    return fragments.mark(Fragment(kind, key, argument), text)


def marked(kind: str, key: str, text: str, argument: str = "") -> str:
    """Return a text with its mark in it, for what is put together without a template."""
    found = mark(kind, key, text, argument)
    return found.printed if type(found) is Marked else str(found)


@contextmanager
def aside() -> Iterator[None]:
    """A time in which something is rendered that is marked as a whole."""
    fragments = _current.get()
    if fragments is None:
        yield
        return
    with fragments.aside():
        yield


def printed(value: object) -> object:
    """Return a value as it is to be printed: what Jinja calls finalizing."""
    return Markup(value.printed) if type(value) is Marked else value  # noqa: S704  # as it was


def offer(offers: Mapping[str, bytes], apart: Iterable[str] = ()) -> None:
    """Say, by key, what the texts marked in this build depend on: bytes that differ if they do.

    ``apart`` are the names of attributes of posts and pages that say nothing else: with them
    alone a document does not change, if it marks what it takes from them.
    """
    if fragments := _current.get():
        fragments.offers.update(offers)
        fragments.apart.update(apart)


def followed(*attributes: str) -> Callable[[T], T]:
    """Say of a function for templates that all it looks at is known.

    That is: plain arguments; of posts and pages given to it these attributes; and what it marks
    in what it returns.
    """

    def known(function: T) -> T:
        function.followed = attributes  # type: ignore[attr-defined]  # functions can have any
        return function

    return known
