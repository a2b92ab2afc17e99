"""Which pages have to be rendered, and why."""

from collections.abc import Iterable, Mapping
from typing import Final

from incremental.drafts import Draft
from incremental.rendering import TracedEnvironment
from incremental.shapes import Opaque, Shapes, digest_of
from incremental.state import State
from incremental.subjects import Subjects
from incremental.templates import Closure, Templates
from incremental.traces import FRAGMENT, Inputs, Known, Name, Read
from incremental.tracing import Tracer

_SHOWN: Final = 3


class Frames:
    """Digests of the variables that pages have asked for.

    Raise Opaque where one has no shape, if nothing else is said.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._common: dict[tuple[object, ...], tuple[bytes, Draft]] = {}

    def common(self, draft: Draft, names: tuple[Name, ...]) -> bytes:
        """A digest of the variables that are not the page's own."""
        # Pages of one kind are given the same ones. The draft keeps alive what the key names.
        kind = (tuple(draft.given), draft.paging is None, draft.relative_urls)
        key = (names, kind, id(draft.shared), id(draft.template.environment))
        if key not in self._common:
            asked = [name for name in names if name[0] not in draft.own]
            self._common[key] = self._digest(draft, asked), draft
        return self._common[key][0]

    def own(self, draft: Draft, names: tuple[Name, ...]) -> bytes:
        """A digest of the variables that are the page's own."""
        return self._digest(draft, [name for name in names if name[0] in draft.own])

    def whole(self, *values: object) -> bytes:
        """A digest of all that pages are given; empty where one of it has no shape."""
        try:
            return self._shapes.digest(values)
        except Opaque:
            return b""

    def _digest(self, draft: Draft, names: Iterable[Name]) -> bytes:
        return digest_of("\0".join(self._of(draft, *name) for name in names))

    def _of(self, draft: Draft, name: str, attributes: tuple[str, ...] | None) -> str:
        value = draft.look_up(name)
        if attributes is None:
            return self._shapes.of(value)
        return ",".join(self._shapes.of(getattr(value, each, None)) for each in attributes)


class Plan:
    """What one build has to do, by what earlier ones have left and what there is now."""

    def __init__(self, known: Known, shapes: Shapes, tracer: Tracer, frames: Frames) -> None:
        self._known = known
        self._shapes = shapes
        self._tracer = tracer
        self._frames = frames
        self._stale: dict[str, str] = {}
        self._templates: dict[tuple[int, ...], tuple[object, Templates]] = {}

    def compare(self, state: State, subjects: Subjects, now: Mapping[str, bytes]) -> None:
        """Find the pages that have read something which is another ``now``."""
        before = self._known.subjects
        if not self._known.pages:
            return
        for name in sorted(before.keys() | now.keys()):
            if now.get(name) and before.get(name) == now[name]:
                continue
            for page, read in state.readers(name):
                if page in self._stale:
                    continue
                if name.startswith(FRAGMENT):
                    self._stale[page] = f"{', '.join(read.attributes)} of {name[len(FRAGMENT) :]}"
                elif name not in now or self._differs(subjects, page, read):
                    self._stale[page] = f"{_some(read.attributes)} of {_spoken(name)}"

    def reason(self, draft: Draft) -> str:
        """Why a page has to be rendered; empty where it has not."""
        made = self._known.pages.get(draft.name)
        if made is None:
            return "is new" if self._known.pages else "nothing is known of it"
        if draft.name in self._stale:
            return f"shows {self._stale[draft.name]}, which changed"
        if made.blocked:
            return made.blocked
        if self.closure(draft).digest != made.templates:
            return "its templates changed"
        if made.siteurl != draft.siteurl:
            return "its address changed"
        return self._reason_of_frame(draft, made)

    def closure(self, draft: Draft) -> Closure:
        """The templates that a page may be made from."""
        environment, name = draft.template.environment, draft.template.name
        if not isinstance(environment, TracedEnvironment):
            return Closure(b"", "its template is of a Jinja that cannot be followed")
        if name is None:
            return Closure(b"", "its template has no name")
        # Pelican has other loaders for a while when it writes TEMPLATE_PAGES.
        loaders = tuple(getattr(environment.loader, "loaders", ()))
        key = (id(environment), *map(id, loaders))
        if key not in self._templates:
            templates = Templates(environment, self._tracer)
            # What the key names by its identity is kept alive.
            self._templates[key] = (environment, loaders), templates
        return self._templates[key][1].closure(name)

    def stands(self, name: str, inputs: bytes) -> bool:
        """Whether a file was made from the same as now, if that is told by these bytes.

        They need not tell of what is marked in it.
        """
        made = self._known.pages.get(name)
        return (
            made is not None
            and made.frame == inputs
            and not made.blocked
            and name not in self._stale
        )

    def _reason_of_frame(self, draft: Draft, made: Inputs) -> str:
        try:
            same = self._frames.common(draft, made.names) == made.common and (
                (draft.whole and draft.whole == made.whole)
                or self._frames.own(draft, made.names) == made.frame
            )
        except Opaque as error:
            return f"reads {error.what}"
        return "" if same else "what it is about changed"

    def _differs(self, subjects: Subjects, page: str, read: Read) -> bool:
        siteurl = self._known.pages[page].siteurl
        try:
            return subjects.digest(read.subject, read.attributes, siteurl) != read.digest
        except Opaque:
            return True


def _some(names: tuple[str, ...]) -> str:
    return ", ".join([*names[:_SHOWN], "…"] if len(names) > _SHOWN else names)


def _spoken(subject: str) -> str:
    return subject.partition(":")[2].partition("\n")[0] or subject
