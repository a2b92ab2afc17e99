"""Categories and tags, and how they are called in the lines of a post."""

from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from afterword.importers import fields
from afterword.importers.wxr.records import Label, Term

Terms = Mapping[tuple[str, str], Term]
"""All terms of a site, by taxonomy and slug."""


def lines(labels: Sequence[Label], terms: Terms) -> Iterator[tuple[str, str]]:
    """Yield what a post is filed under. In old exports each category stands there twice."""
    found: dict[tuple[str, str], Term] = {}
    for label in labels:
        name = label.name or label.slug
        made = Term(label.taxonomy, label.slug, name, "", "")
        term = terms.get((label.taxonomy, label.slug), made)
        found.setdefault((label.taxonomy, term.name), term)
    paths = [full_name(each, terms) for each in found.values()]
    pairs = list(zip(found, paths, strict=True))
    yield "Category", ", ".join(path for (kind, _), path in pairs if kind == "category")
    yield "Tags", listed([term.name for (kind, _), term in found.items() if kind == "post_tag"])
    shape = next((each.slug for (kind, _), each in found.items() if kind == "post_format"), "")
    yield "Format", shape.removeprefix("post-format-")


def full_name(term: Term, terms: Terms) -> str:
    """Return a category's name with those above it, as a `Category:` line has it."""
    return "/".join(map(_segment, lineage(term, terms)))


def lineage(term: Term, terms: Terms) -> tuple[Term, ...]:
    """Return a category with those above it, the topmost first."""
    path = [term]
    while (above := terms.get((term.taxonomy, path[0].parent))) and above not in path:
        path.insert(0, above)
    return tuple(path)


def own_name(term: Term) -> str:
    """Return the name as readers see it."""
    return fields.line(unescape(term.name))


def listed(names: Sequence[str]) -> str:
    """Return names in a line; those with commas in them are parted by semicolons."""
    lines = [tag_name(each) for each in names]
    lines = [each for each in lines if each]
    if any("," in each for each in lines):
        return "; ".join(lines) + ";"
    return ", ".join(lines)


def tag_name(name: str) -> str:
    """Return a name of WordPress as a line of names can have it."""
    return fields.line(unescape(name)).replace(";", ",")


def _segment(term: Term) -> str:
    """A category's name without what parts names in a `Category:` line."""
    name = own_name(term).replace("/", "-")
    return " ".join(name.replace(",", " ").split())
