"""Posts, pages, categories and the like, and what templates read of them.

A subject's fingerprint is compared first: where it is as it was, so is everything about it.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import cache
from itertools import chain
from typing import Any, Final

from jinja2.utils import missing
from pelican.contents import Article, Content, Page, Static

from incremental import pristine
from incremental.shapes import Opaque, Shapes, digest_of, remembered_call

# What Pelican computes from the attributes beside it, from the settings, and from the links.
_DERIVED: Final = frozenset(chain.from_iterable(map(dir, (Article, Page, Static))))
_SHARED: Final = frozenset({"settings", "_context"})


class Subjects:
    """The subjects of one build, and digests of what they are.

    What fragments tell, too, stands ``apart``: the names of these attributes of posts and pages.
    """

    def __init__(
        self, shapes: Shapes, context: dict[str, Any], apart: AbstractSet[str] = frozenset()
    ) -> None:
        self._shapes = shapes
        self._context = context
        self._apart = apart
        self._without: dict[str, bytes] = {}
        self._digests: dict[tuple[str, str, tuple[str, ...]], bytes] = {}

    def meet(self, values: Iterable[object]) -> None:
        """Come to know all subjects that are in these values."""
        for value in values:
            with suppress(Opaque):
                self._shapes.of(value)

    def fingerprints(self) -> Mapping[str, bytes]:
        """The fingerprint of every subject that was met so far, and of those met on the way."""
        found: dict[str, bytes] = {}
        # In the order in which they were met: who links to a file first, has it beside it.
        while missing := [name for name in self._shapes.subjects if name not in found]:
            for name in missing:
                found[name] = self.fingerprint(name)
        return found

    def fingerprint(self, name: str) -> bytes:
        """Bytes that differ if anything about a subject does; empty if that cannot be known."""
        subject = self._shapes.subjects.get(name)
        if subject is None:
            return b""
        parts = dict(self._parts(subject))
        apart = "\0".join([parts.pop(each, "") for each in sorted(self._apart)])
        self._without[name] = without = digest_of("\0".join(parts.values()))
        return digest_of(f"{without.hex()}\0{apart}")

    def without(self, name: str) -> bytes:
        """The fingerprint without what stands ``apart``; empty before there is the whole one."""
        return self._without.get(name, b"")

    def digest(self, name: str, attributes: tuple[str, ...], siteurl: str) -> bytes:
        """A digest of some attributes of a subject. Raises Opaque where one has no shape.

        They are as a page sees them for which the site has the address ``siteurl``.
        """
        subject = self._shapes.subjects.get(name)
        if subject is None:
            raise Opaque(f"more than one {name.partition(':')[0]}")
        key = (name, siteurl, attributes)
        if key not in self._digests:
            self._context["localsiteurl"] = siteurl or self._context["localsiteurl"]
            shapes = (self._attribute(subject, each) for each in attributes)
            self._digests[key] = digest_of("\0".join(shapes))
        return self._digests[key]

    def _attribute(self, subject: Any, attribute: str) -> str:  # noqa: ANN401  # Pelican's
        value = getattr(subject, attribute, missing)
        if remembered_call(value) is subject:
            return self._shapes.of(value(self._context["localsiteurl"]))
        try:
            return self._shapes.of(value)
        except Opaque as error:
            raise Opaque(f"{attribute}, {error.what}") from None

    def _parts(self, subject: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # Pelican's
        for name, value in _own(subject):
            try:
                yield name, f"{name}={self._shapes.of(value)}"
            except Opaque:
                continue  # whoever reads it is rendered each time
        for name in _computed(type(subject)):  # type: ignore[arg-type]  # it is hashable
            try:
                yield name, f"{name}={self._attribute(subject, name)}"
            except Opaque:
                continue


def links(content: Content) -> str:
    """The links of a text to other files of the site, as they come out on the site.

    With this they are resolved once in each build, as Pelican does when it renders a text: it
    says what leads nowhere, and attached files learn where they belong.
    """
    # Each a tag of its own: Pelican takes the last link of a tag only.
    marks = "".join(f"{link}>" for link in pristine.links(content))
    return str(content._update_content(marks, content.get_siteurl()))  # noqa: SLF001  # no other way


def _own(subject: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401  # Pelican's
    # What is as it was right after reading is told by what was read.
    read = vars(subject).get("_incremental_digest")
    told = pristine.untouched(subject) if read is not None else frozenset()
    own = {
        name: value
        for name, value in vars(subject).items()
        if name not in _SHARED and not name.startswith("_incremental_")
    }
    for name, value in own.items():
        if name not in told:
            yield name, value
    if isinstance(subject, Content):
        yield "read", (read, len(own))
        yield "links", links(subject)
        if hasattr(subject, "_get_content"):  # a plugin's
            yield "content", subject._get_content()  # noqa: SLF001  # as Pelican does


@cache
def _computed(kind: type) -> tuple[str, ...]:
    """The properties of a class that are not Pelican's own ones of a text."""
    known: Iterable[str] = _DERIVED if issubclass(kind, Content) else ()
    members = inspect.getmembers(kind, lambda member: isinstance(member, property))
    return tuple(name for name, _ in members if name not in known)
