"""XML from strangers, read element by element: no entities, nothing from elsewhere.

A document type is refused along with what it can do, since no export has one.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat.errors import (
    XML_ERROR_NO_ELEMENTS,
    XML_ERROR_PARTIAL_CHAR,
    XML_ERROR_UNCLOSED_CDATA_SECTION,
    XML_ERROR_UNCLOSED_TOKEN,
    codes,
)

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from afterword.errors import ImportRefused
from afterword.importers.files import Paced, mistaken, opened

# Expat's numbers for a document that is cut off.
_TOO_EARLY: Final = frozenset(
    codes[each]
    for each in (
        XML_ERROR_NO_ELEMENTS,
        XML_ERROR_PARTIAL_CHAR,
        XML_ERROR_UNCLOSED_CDATA_SECTION,
        XML_ERROR_UNCLOSED_TOKEN,
    )
)


def elements(path: Path, root: str) -> Iterator[Element]:
    """Yield the children of the root element, whole, each forgotten when the next is asked for.

    Raises ImportRefused, with the line, for what is not well-formed, has a document type, or
    has another root.
    """
    events = parsed(path, root)
    _, top = next(events)
    depth = 1
    for event, element in events:
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 1:
            yield element
            top.clear()


def parsed(
    path: Path,
    root: str,
    opening: Callable[[Path], AbstractContextManager[IO[bytes]]] = opened,
) -> Iterator[tuple[str, Element]]:
    """Yield the start and the end of each element, the root's first; raises as ``elements``."""
    try:
        with opening(path) as whole:
            file = Paced(path, whole)
            events = iterparse(file, ("start", "end"), forbid_dtd=True)
            first, top = next(events)
            if local(top.tag) != root:
                raise ImportRefused(path, 0, f"is no {root} but {local(top.tag)}")
            yield first, top
            for each in events:
                file.rest()
                yield each
    except ParseError as error:
        if found := mistaken(path, "is XML"):
            raise ImportRefused(path, 0, f"{found}; expected is XML") from None
        reason = f"is no well-formed XML: {error}"
        if error.code in _TOO_EARLY:
            reason = f"ends too early; fetch it again, whole ({error})"
        raise ImportRefused(path, error.position[0], reason) from None
    except DefusedXmlException as error:
        found = mistaken(path, "is XML") or f"is no plain XML: {type(error).__name__}"
        raise ImportRefused(path, 0, found) from None
    except (ValueError, LookupError) as error:
        raise ImportRefused(path, 0, f"is in no encoding that is known: {error}") from None


def local(tag: str) -> str:
    """A tag's name without its namespace, of which exports have several for the same thing."""
    return tag.rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """The first child of this name, in whatever namespace."""
    return next((each for each in element if local(each.tag) == name), None)


def content(element: Element | None, name: str) -> str:
    """The text of the first child of this name, without white space around it; or nothing."""
    found = child(element, name) if element is not None else None
    return "".join(found.itertext()).strip() if found is not None else ""


def attribute(element: Element | None, name: str) -> str:
    """An attribute, in whatever namespace; or nothing."""
    pairs = element.attrib.items() if element is not None else ()
    return next((value.strip() for key, value in pairs if local(key) == name), "")
