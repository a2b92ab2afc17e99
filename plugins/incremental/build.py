"""One build: what there is to write, what may stay as it is, and what has been made from what."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from blinker import ANY, Signal
from pelican import signals
from pelican.contents import Content
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator

from incremental.drafts import Draft
from incremental.facts import Facts
from incremental.fragments import Altered, Fragments, Marked, Page, Settled, building
from incremental.once import Once
from incremental.outputs import Outputs
from incremental.packed import pack
from incremental.plan import Frames, Plan
from incremental.rendering import follow
from incremental.shapes import Opaque, Shapes
from incremental.state import Made, State
from incremental.subjects import Subjects
from incremental.traces import FRAGMENT, Inputs, Known, Read, Trace
from incremental.tracing import PageTrace, Tracer, is_followed

_ARTICLES: Final = (
    *("translations", "articles", "hidden_translations", "hidden_articles"),
    *("drafts_translations", "drafts"),
)
_PAGES: Final = (
    *("translations", "pages", "hidden_translations", "hidden_pages"),
    *("draft_translations", "draft_pages"),
)
_CIRCUMSTANCES: Final = "circumstances"
# With these, plugins may change a post after others have been written.
_CHANGING: Final = (
    signals.article_generator_write_article,
    signals.article_writer_finalized,
    signals.page_generator_write_page,
)

# The build that goes on, for receivers of Pelican's signals.
running: Final[ContextVar["Build | None"]] = ContextVar("running", default=None)


class Build:
    """What one run of Pelican knows of the builds before, and tells those after it.

    ``made_by`` is a digest of the settings and the code.
    """

    def __init__(
        self, outputs: Outputs, state: State, pelican: Mapping[str, Any], made_by: bytes
    ) -> None:
        self.outputs = outputs
        # The pages of this build that show one thing each, for who wants to know.
        self.drafts: list[Draft] = []
        self._tracer = Tracer(frozenset(pelican.get("INCREMENTAL_PURE", ())))
        self.fragments = Fragments(tracer=self._tracer)
        self._state = state
        self._generators: Sequence[Generator] = ()
        self._context: dict[str, Any] = {"localsiteurl": pelican["SITEURL"]}
        self._once = Once(self._tracer, self.fragments)
        self._pelican = pelican
        self._shapes = Shapes(pelican)
        self._frames = Frames(self._shapes)
        self._made_by = made_by
        self._plan: Plan | None = None
        self._subjects = Subjects(self._shapes, self._context, self.fragments.apart)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """The time of the build: receivers of signals find it, and at its end it is remembered."""
        token = running.set(self)
        try:
            with self.outputs.building(), building(self.fragments):
                yield
                self._close()
        finally:
            running.reset(token)
        self._state.note(_CIRCUMSTANCES, self._made_by)

    def follow(self, generator: Generator) -> None:
        """Follow what the templates of a generator read, which has none of them yet."""
        follow(generator.env, self._tracer, self.fragments)
        generator.env.globals["once"] = self._once

    def begin(self, generators: Sequence[Generator]) -> None:
        """Take what Pelican has read, once it has read everything."""
        self._generators = generators
        self._context = generators[0].context
        self._subjects = Subjects(self._shapes, self._context, self.fragments.apart)

    def reason(self, draft: Draft) -> str:
        """Why a page has to be rendered; empty where its file may stay as it is."""
        return self.plan.reason(draft) or (
            "" if self.outputs.keep(draft.name) else "its file is not as it was left"
        )

    def whole(self, *given: object) -> bytes:
        """What tells all that pages are given from what it was before; empty if nothing does."""
        return self._frames.whole(*given)

    def stands(self, name: str, inputs: bytes) -> bool:
        """Whether a document is there and was made from the same inputs; then it stays."""
        return bool(inputs) and self.plan.stands(name, inputs) and self.outputs.keep(name)

    def render(self, draft: Draft) -> tuple[Made, bytes]:
        """Render a page and write it; return its packed trace, too.

        May be done in a process that works for this one.
        """
        draft = replace(draft)  # what it remembers is of use once
        trace = PageTrace(draft.look_up)
        self._context["localsiteurl"] = draft.siteurl or self._context["localsiteurl"]
        settled = self._rendered(draft, trace)
        made = self.outputs.write(draft.name, settled.data)
        return made, pack(self._trace(draft, trace, settled))

    def document(self, name: str, inputs: bytes, text: str, page: Page) -> tuple[Made, bytes]:
        """Write a text that a plugin has made, in the time of ``page``, from these inputs."""
        settled = self.fragments.settle(text, page)
        reads = self._fragment_reads(settled) if inputs else ()
        trace = Trace(Inputs(frame=inputs), tuple(reads), settled.pieces, settled.loose)
        return self.outputs.write(name, settled.data), pack(trace)

    def digest(self, content: Content) -> bytes:
        """What tells whether a post or page, or anything that hangs on it, is as it was.

        But for what is marked as fragments are: who shows that has to mark it.
        """
        _ = self.plan  # without one there are no digests yet
        return self._subjects.without(self._shapes.name_of(content))

    def subject(self, content: Content) -> str:
        """What pages that read a post or page know it by; empty if they cannot."""
        try:
            return self._shapes.name_of(content)
        except Opaque:
            return ""

    @property
    def facts(self) -> Facts:
        """What plugins have left for those who come between builds."""
        return self._state.facts

    @property
    def plan(self) -> Plan:
        """What has to be done, found out when it is first asked for."""
        if self._plan is None:
            self._plan = self._compared()
        return self._plan

    def _close(self) -> None:
        """Note what plugins have changed after it was compared."""
        if self._plan is None or not any(map(may_change, _CHANGING)):
            return
        subjects = Subjects(Shapes(self._pelican), self._context, self.fragments.apart)
        after = self._now(subjects)
        before = self.outputs.subjects or {}
        same = {name for name, digest in after.items() if before.get(name) == digest}
        # Of the others nobody knows what they were when pages looked at them.
        self.outputs.subjects = {name: after[name] if name in same else b"" for name in after}

    def _compared(self) -> Plan:
        known = Known({}, {})
        if self._state.noted(_CIRCUMSTANCES) == self._made_by:
            known = self._state.known()
        else:
            # Until this build has come to its end, what it leaves was made by nobody knows what.
            self._state.note(_CIRCUMSTANCES, b"")
        plan = Plan(known, self._shapes, self._tracer, self._frames)
        now = self._now(self._subjects)
        self.outputs.subjects = now
        plan.compare(self._state, self._subjects, now)
        return plan

    def _now(self, subjects: Subjects) -> Mapping[str, bytes]:
        """All subjects, and what fragments depend on, with digests."""
        subjects.meet(self._contents())
        subjects.meet(self._context.values())
        offers = {FRAGMENT + key: digest for key, digest in self.fragments.offers.items()}
        return {**subjects.fingerprints(), **offers}

    def _contents(self) -> Iterator[Content]:
        """Everything that was read, in the order in which Pelican writes it."""
        for generator in self._generators:
            names = _ARTICLES if isinstance(generator, ArticlesGenerator) else ()
            names = _PAGES if isinstance(generator, PagesGenerator) else names
            yield from chain.from_iterable(getattr(generator, name) for name in names)
        for key in ("generated_content", "static_content"):
            yield from (each for each in self._context.get(key, {}).values() if each is not None)

    def _rendered(self, draft: Draft, trace: PageTrace) -> Settled:
        can_mark = getattr(draft.template.environment, "marking", False)
        for marking in (True, False) if can_mark else (False,):
            with self.fragments.page(marking=marking) as page:
                text = self._text(draft, trace)
            try:
                return self.fragments.settle(text, page)
            except Altered:
                continue
        raise RuntimeError(f"{draft.name} has the mark of a fragment that was never set")

    def _text(self, draft: Draft, trace: PageTrace) -> str:
        self._tracer.page = trace
        try:
            text = draft.template.render(draft.variables())
        finally:
            self._tracer.page = None
        return text.printed if isinstance(text, Marked) else text

    def _trace(self, draft: Draft, trace: PageTrace, settled: Settled) -> Trace:
        reads = trace.reads(self._shapes, self._subjects, draft.siteurl)
        closure = self.plan.closure(draft)
        names, blocked = trace.names(), trace.blocked or closure.blocked
        common = frame = b""
        try:
            common, frame = self._frames.common(draft, names), self._frames.own(draft, names)
        except Opaque as error:
            blocked = blocked or f"reads {error.what}"
        inputs = Inputs(closure.digest, common, frame, draft.whole, names, draft.siteurl, blocked)
        reads = (*reads, *self._fragment_reads(settled))
        return Trace(inputs, reads, settled.pieces, settled.loose)

    def _fragment_reads(self, settled: Settled) -> Iterator[Read]:
        kinds: dict[str, set[str]] = {}
        for fragment in {piece.fragment for piece in settled.pieces} | settled.loose:
            kinds.setdefault(fragment.key, set()).add(fragment.kind)
        for key, of in kinds.items():
            yield Read(FRAGMENT + key, tuple(sorted(of)), self.fragments.offers.get(key, b""))


def may_change(signal: Signal) -> bool:
    """Whether one of the receivers of a signal may change posts: if it does not say otherwise."""
    return not all(is_followed(receiver) for receiver in signal.receivers_for(ANY))
