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
from typing import Any, Final, TypeVar

from markupsafe import Markup

T = TypeVar("T", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, order=True)
class Fragment:
    """What a marked text is, to whoever marked it.

    ``key`` names what it is made from, ``kind`` what is made of it; ``argument`` is anything
    else that is needed to make it.
    """

    kind: str
    key: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a fragment stands in a file: offset and length in bytes."""

    fragment: Fragment
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A finished file: its bytes, its pieces in their order, and the fragments not found in it."""

    data: bytes
    pieces: tuple[Piece, ...]
    loose: frozenset[Fragment]


class Altered(Exception):  # a finding, not a fault
    """A template has changed marked texts after they were rendered."""


class Marked(Markup):
    """A text that carries its mark only where it is printed, and tells who looks into it.

    Whether there is any text at all may be asked: that is known of the new text, too.
    """

    __slots__ = ("looked", "printed")
    printed: str
    looked: Callable[[], None]

    def __str__(self) -> str:
        return self.printed

    def __html__(self) -> str:  # type: ignore[override]  # any text will do there
        return self.printed

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
for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__format__", "__hash__"):
    setattr(Marked, _name, _telling(_name))


@dataclass(slots=True)
class Page:
    """What becomes of fragments while one page is rendered."""

    marking: bool
    seen: set[Fragment] = field(default_factory=set)
    looked: set[Fragment] = field(default_factory=set)

    def loose(self, printed: Iterable[Piece]) -> frozenset[Fragment]:
        """The fragments that cannot be made anew by themselves in this page."""
        return frozenset((self.seen - {piece.fragment for piece in printed}) | self.looked)


@dataclass
class Fragments:
    """The fragments of one build.

    ``offers`` says what each key's texts depend on. ``nonce`` is a number that nobody can
    guess: digits alone, which no filter turns into something else.
    """

    nonce: str = field(default_factory=lambda: f"{secrets.randbits(128):039d}")
    offers: dict[str, bytes] = field(default_factory=dict)
    _marked: list[tuple[Fragment, str]] = field(default_factory=list)
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

    def mark(self, fragment: Fragment, text: str) -> Markup:
        """Return the text, marked if a page is being rendered and there is any text."""
        page = self._page
        if page is None or not (text and page.marking):
            if page is not None:
                page.looked.add(fragment)
            return Markup(text)  # noqa: S704  # what it was before
        page.seen.add(fragment)
        marked, number = Marked(text), len(self._marked)
        self._marked.append((fragment, text))
        marked.printed = f"{self.nonce}.{number}({text}{self.nonce}.{number})"
        marked.looked = partial(page.looked.add, fragment)
        return marked

    def settle(self, text: str, page: Page) -> Settled:
        """Take the marks out of a text. Raises Altered where they are not as they were set."""
        parts: list[bytes] = []
        pieces: list[Piece] = []
        offset = start = 0
        for number, opened, closed in self._places(text) if self.nonce in text else ():
            fragment, inner = self._marked[number]
            if text[opened[1] : closed[0]] != inner:
                raise Altered
            before, piece = text[start : opened[0]].encode(), inner.encode()
            parts += [before, piece]
            pieces.append(Piece(fragment, offset + len(before), len(piece)))
            offset += len(before) + len(piece)
            start = closed[1]
        data = b"".join([*parts, text[start:].encode()])
        if self.nonce.encode() in data:
            raise Altered
        return Settled(data, tuple(pieces), page.loose(pieces))

    def _places(self, text: str) -> Iterator[tuple[int, tuple[int, int], tuple[int, int]]]:
        """Yield each mark's number, and the spans of its beginning and of its end."""
        opened: re.Match[str] | None = None
        for match in re.finditer(rf"{self.nonce}\.(\d+)([()])", text):
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


def offer(offers: Mapping[str, bytes]) -> None:
    """Say, by key, what the texts marked in this build depend on: bytes that differ if they do."""
    if fragments := _current.get():
        fragments.offers.update(offers)


def followed(function: T) -> T:
    """Say of a function for templates that it looks at nothing but plain arguments and offers.

    Of what it returns it must mark all that depends on anything else.
    """
    function.followed = True  # type: ignore[attr-defined]  # functions can have any
    return function
