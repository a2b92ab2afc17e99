"""Categories and tags, and how they are called in the lines of a post."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from afterword.importers import fields
from afterword.importers.ampersands import unescaped
from afterword.importers.wxr.records import Label, Term

_KNOWN: Final = frozenset(["author", "category", "post_format", "post_tag"])

# Nobody files anything as deep.
_MOST_LEVELS: Final = 20
# WordPress keeps no more; a name becomes that of a folder.
_MOST_LETTERS: Final = 200

Terms = Mapping[tuple[str, str], Term]
"""All terms of a site, by taxonomy and slug."""


def lines(labels: Sequence[Label], terms: Terms) -> Iterator[tuple[str, str]]:
    """Yield what a post is filed under."""
    found = {kind: [*_named(kind, labels, terms)] for kind in ("category", "post_tag")}
    paths = dict.fromkeys(full_name(each, terms) for each in found["category"])
    yield "Category", ", ".join(each for each in paths if each)
    yield "Tags", listed([each.name for each in found["post_tag"]])
    shape = next((each.slug for each in labels if each.taxonomy == "post_format"), "")
    yield "Format", shape.removeprefix("post-format-")


def _named(taxonomy: str, labels: Sequence[Label], terms: Terms) -> Iterator[Term]:
    """The terms of a taxonomy. In old exports each stands there again, by its name alone."""
    own = [each for each in labels if each.taxonomy == taxonomy]
    known = {each.name for each in own if each.slug}
    for each in own:
        if each.slug or each.name not in known:
            made = Term(taxonomy, each.slug, each.name or each.slug, "", "")
            yield terms.get((taxonomy, each.slug), made)


def others(labels: Sequence[Label]) -> Iterator[str]:
    """Say what else a post is filed under: no line has a place for it."""
    for each in labels:
        if each.taxonomy not in _KNOWN:
            yield f"is filed under {each.taxonomy} {each.name or each.slug!r}, which stays out"


def full_name(term: Term, terms: Terms) -> str:
    """Return a category's name with those above it, as a `Category:` line has it."""
    return "/".join(filter(None, map(_segment, lineage(term, terms))))


def lineage(term: Term, terms: Terms) -> tuple[Term, ...]:
    """Return a category with those above it, the topmost first."""
    path = [term]
    while (above := terms.get((term.taxonomy, path[0].parent))) and above not in path:
        path.insert(0, above)
        if len(path) == _MOST_LEVELS:
            break
    return tuple(path)


def own_name(term: Term) -> str:
    """Return the name as readers see it."""
    return _line(term.name)


def listed(names: Sequence[str]) -> str:
    """Return names, which are HTML, in a line; those with commas are parted by semicolons."""
    lines = [*dict.fromkeys(filter(None, map(tag_name, names)))]
    if any("," in each for each in lines):
        return "; ".join(lines) + ";"
    return ", ".join(lines)


def tag_name(name: str) -> str:
    """Return a name of WordPress as a line of names can have it."""
    return _line(name).replace(";", ",")


def _line(name: str) -> str:
    return fields.line(fields.line(unescaped(name))[:_MOST_LETTERS])


def _segment(term: Term) -> str:
    """A category's name without what parts names in a `Category:` line."""
    name = own_name(term).replace("/", "-")
    return " ".join(name.replace(",", " ").split())
