"""A Jinja environment in plain words, and another one made from them that renders the same.

Only what those words can say is taken: a theme whose templates for responses need more than
Jinja itself is rendered by builds alone.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    DebugUndefined,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    Undefined,
    meta,
    nodes,
)
from jinja2.defaults import DEFAULT_NAMESPACE, DEFAULT_POLICIES
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from incremental.fragments import printed

_OPTIONS: Final = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix"),
    *("line_comment_prefix", "trim_blocks", "lstrip_blocks", "newline_sequence"),
    *("keep_trailing_newline", "optimized"),
)
_UNDEFINED: Final[Mapping[str, type[Undefined]]] = {
    kind.__name__: kind for kind in (Undefined, ChainableUndefined, DebugUndefined, StrictUndefined)
}
_EXTENSIONS: Final = "jinja2.ext."


class Unlike(Exception):  # a finding, not a fault
    """Nothing that plain words could say would render the same; the text says why."""


def describe(environment: Environment) -> Mapping[str, Any]:
    """Return an environment as JSON. Raises Unlike."""
    options = {name: getattr(environment, name) for name in _OPTIONS}
    odd = [name for name, value in options.items() if not isinstance(value, str | bool | None)]
    kind = environment.undefined.__name__
    extensions = sorted(environment.extensions)
    if _UNDEFINED.get(kind) is not environment.undefined:
        odd.append("undefined")
    if environment.finalize not in {None, printed}:
        odd.append("finalize")
    if environment.policies != DEFAULT_POLICIES:
        odd.append("policies")
    odd += [name for name in extensions if not name.startswith(_EXTENSIONS)]
    # Templates can name these at run time, too.
    for there, jinjas in ((environment.filters, FILTERS), (environment.tests, TESTS)):
        odd += [f"another {name}" for name, own in jinjas.items() if there.get(name) is not own]
    if odd:
        raise Unlike(f"the theme's Jinja has {', '.join(odd)}")
    loader = _described(environment.loader)
    return {"options": options, "undefined": kind, "extensions": extensions, "loader": loader}


def rebuild(description: Mapping[str, Any]) -> Environment:
    """Return an environment as it was described."""
    return Environment(  # noqa: S701  # whoever renders responses with it has it escape
        loader=_loader(description["loader"]),
        undefined=_UNDEFINED[description["undefined"]],
        extensions=description["extensions"],
        **description["options"],
    )


class Reading:
    """The templates of an environment, as far as they are looked at."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._read: dict[str, tuple[str, nodes.Template]] = {}

    def digests(self, roots: Iterable[str]) -> Mapping[str, str]:
        """Return a digest of each template that these may use; an empty one where there is none.

        Raises Unlike for one that names another only while it is rendered.
        """
        found: dict[str, str] = {}
        waiting = list(roots)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name], tree = self._template(name)
                waiting += _named(name, tree)
        return found

    def have_changed(self, digests: Mapping[str, str]) -> bool:
        """Whether one of these templates is not as it was."""
        return any(_digest(self._text(name)) != digest for name, digest in digests.items())

    def check(self, root: str, given: Iterable[str]) -> None:
        """Raise Unlike if a template, or one that it may use, needs more than is ``given``."""
        environment = self._environment
        known = DEFAULT_NAMESPACE.keys() | set(given)
        for name in self.digests([root]):
            tree = self._template(name)[1]
            for kind, there, jinjas in (
                (nodes.Filter, environment.filters, FILTERS),
                (nodes.Test, environment.tests, TESTS),
            ):
                for used in {each.name for each in tree.find_all(kind)}:
                    if there.get(used) is not jinjas.get(used) or used == "random":
                        raise Unlike(f"{name} uses {used}, which Jinja has not")
            names = {each.name for each in tree.find_all(nodes.Name)}
            if foreign := sorted(names & environment.globals.keys() - known):
                raise Unlike(f"{name} asks for {', '.join(foreign)}")

    def _template(self, name: str) -> tuple[str, nodes.Template]:
        if name not in self._read:
            text = self._text(name)
            try:
                self._read[name] = _digest(text), self._environment.parse(text or "")
            except TemplateError as error:
                raise Unlike(f"{name}: {error}") from error
        return self._read[name]

    def _text(self, name: str) -> str | None:
        loader = self._environment.loader
        try:
            return loader.get_source(self._environment, name)[0] if loader else None
        except TemplateNotFound:
            return None


def _described(loader: BaseLoader | None) -> Any:  # noqa: ANN401  # JSON
    if type(loader) is FileSystemLoader:
        folders = list(map(os.path.abspath, loader.searchpath))
        return {"folders": folders, "links": loader.followlinks, "as": loader.encoding}
    if type(loader) is ChoiceLoader:
        return [_described(each) for each in loader.loaders]
    if type(loader) is PrefixLoader:
        below = {name: _described(each) for name, each in loader.mapping.items()}
        return {"below": below, "after": loader.delimiter}
    raise Unlike(f"templates come from a {type(loader).__name__}")


def _loader(description: Any) -> BaseLoader:  # noqa: ANN401  # JSON
    if isinstance(description, list):
        return ChoiceLoader([_loader(each) for each in description])
    if "folders" in description:
        return FileSystemLoader(
            description["folders"], description["as"], followlinks=description["links"]
        )
    below = {name: _loader(each) for name, each in description["below"].items()}
    return PrefixLoader(below, description["after"])


def _named(name: str, tree: nodes.Template) -> Iterator[str]:
    for each in meta.find_referenced_templates(tree):
        if each is None:
            raise Unlike(f"{name} chooses a template while it is rendered")
        yield each


def _digest(text: str | None) -> str:
    return "" if text is None else blake2b(text.encode(), digest_size=16).hexdigest()
