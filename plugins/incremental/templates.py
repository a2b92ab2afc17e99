"""The templates a page may be made from: all that it names, and all that those name.

A template that is chosen at run time is any that the loader lists. Where it cannot list them, or
gives no text for one, nobody can tell whether a page is as it was.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from jinja2 import Environment, TemplateError, TemplateNotFound, meta, nodes
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from incremental.shapes import digest_of
from incremental.tracing import Tracer


@dataclass(frozen=True, slots=True)
class Source:
    """What one template's text says: which others, filters and tests it names, what it calls.

    ``chooses`` says that it names some other templates only at run time.
    """

    digest: bytes
    names: tuple[str, ...]
    chooses: bool
    filters: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closure:
    """All templates that one may use: a digest of their texts, and what cannot be followed."""

    digest: bytes
    blocked: str


class Templates:
    """The templates of one environment; each is looked at once.

    ``unwatched``: nobody follows what they call while they are rendered.
    """

    def __init__(
        self, environment: Environment, tracer: Tracer, *, unwatched: bool = False
    ) -> None:
        self._environment = environment
        self._tracer = tracer
        self._unwatched = unwatched
        self._sources: dict[str, Source | None] = {}
        self._closures: dict[str, Closure] = {}

    def closure(self, name: str) -> Closure:
        """Return what a template may use, itself included."""
        if name not in self._closures:
            self._closures[name] = self._closure(name)
        return self._closures[name]

    def _closure(self, name: str) -> Closure:
        found = dict(self._reachable(name))
        text = json.dumps({each: s.digest.hex() if s else "" for each, s in found.items()})
        blocked = (self._blocked(*each) for each in found.items())
        return Closure(digest_of(text), next(filter(None, blocked), ""))

    def _reachable(self, name: str) -> Iterator[tuple[str, Source | None]]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            source = self._source(here)
            yield here, source
            if source:
                waiting += source.names
                waiting += self._listed or () if source.chooses else ()

    @cached_property
    def _listed(self) -> Collection[str] | None:
        """All templates that there are, or None."""
        try:
            return self._environment.list_templates()
        except Exception:  # noqa: BLE001  # whatever anybody's loader raises, it does not list them
            return None

    def _source(self, name: str) -> Source | None:
        if name not in self._sources:
            self._sources[name] = self._read(name)
        return self._sources[name]

    def _read(self, name: str) -> Source | None:
        loader = self._environment.loader
        try:
            text = loader.get_source(self._environment, name)[0] if loader else ""
        except (TemplateNotFound, UnicodeDecodeError, RuntimeError):
            return None
        return read(self._environment, text)

    def _blocked(self, name: str, source: Source | None) -> str:
        if source is None:
            return f"the text of its template {name} is nowhere" if self._is_there(name) else ""
        if source.chooses and self._listed is None:
            return f"its template {name} chooses others, and nobody can list them"
        environment = self._environment
        for names, there, known in (
            (source.filters, environment.filters, FILTERS),
            (source.tests, environment.tests, TESTS),
        ):
            for used in names:
                if not self._follows(used, there, known):
                    return f"its template uses {used}, which cannot be followed"
        for called in source.calls if self._unwatched else ():
            if called in environment.globals and called not in DEFAULT_NAMESPACE:
                return f"its template calls {called}, which cannot be followed"
        return ""

    def _is_there(self, name: str) -> bool:
        """Whether a template can be had, though its text cannot."""
        try:
            self._environment.get_template(name)
        except (TemplateError, UnicodeDecodeError, RuntimeError):
            return False
        return True

    def _follows(self, name: str, there: Mapping[str, object], known: Mapping[str, object]) -> bool:
        return self._tracer.follows_filter(name, there.get(name), known)


def read(environment: Environment, text: str) -> Source:
    """Read a template's text; of one that is no template nothing is known but its digest."""
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    try:
        tree = environment.parse(text)
    except TemplateError:
        return Source(digest, (), chooses=False)
    named = set(meta.find_referenced_templates(tree))
    return Source(
        digest,
        tuple(sorted(name for name in named if name is not None)),
        chooses=None in named,
        filters=tuple(sorted({each.name for each in tree.find_all(nodes.Filter)})),
        tests=tuple(sorted({each.name for each in tree.find_all(nodes.Test)})),
        calls=tuple(sorted(_called(tree))),
    )


def _called(tree: nodes.Template) -> set[str]:
    """The names of what is called by its name alone."""
    return {
        each.node.name for each in tree.find_all(nodes.Call) if isinstance(each.node, nodes.Name)
    }
