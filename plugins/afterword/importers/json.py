"""JSON from strangers, read in small pieces, however long a file is."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import ijson

from afterword.errors import ImportRefused
from afterword.importers.files import Paced, mistaken, opened

# So much of a broken file is read once more to find the line.
_MOST_BYTES: Final = 200_000_000
_MOST_LEVELS: Final = 64


def check(path: Path) -> None:
    """Raise ImportRefused unless a file is sound JSON, and nested no deeper than people nest.

    To be called before ``items``, which needs ever more memory the deeper it is.
    """
    deep = 0
    try:
        with opened(path) as whole:
            file = Paced(path, whole)
            # Numbers as people write them: of longer ones the parser makes what is no object.
            for event, _ in ijson.basic_parse(file, use_float=True):
                file.rest()
                if event.startswith("start"):
                    deep += 1
                    if deep > _MOST_LEVELS:
                        raise ImportRefused(path, 0, f"is nested in more than {deep - 1} levels")
                elif event.startswith("end"):
                    deep -= 1
    except (ijson.JSONError, ValueError) as error:
        raise _refused(path, error) from None


def items(path: Path, prefix: str) -> Iterator[Any]:
    """Yield what stands at a place in a checked JSON file, one by one. Raises ImportRefused."""
    try:
        with opened(path) as file:
            yield from ijson.items(file, prefix, use_float=True)
    except (ijson.JSONError, ValueError) as error:
        raise _refused(path, error) from None


def _refused(path: Path, error: Exception) -> ImportRefused:
    if found := mistaken(path, "is JSON"):
        return ImportRefused(path, 0, f"{found}; expected is JSON")
    line, reason = _fault(path, error)
    return ImportRefused(path, line, f"is no sound JSON: {reason}")


def _fault(path: Path, error: Exception) -> tuple[int, str]:
    if path.stat().st_size <= _MOST_BYTES:
        try:
            json.loads(path.read_bytes())
        except json.JSONDecodeError as precise:
            return precise.lineno, precise.msg
        except UnicodeDecodeError as precise:
            data = precise.object[: precise.start]
            return data.count(b"\n") + 1, "is not valid UTF-8"
        except (ValueError, RecursionError):
            pass
    if isinstance(error, UnicodeDecodeError):
        return 0, "has half a character in it, such as \\ude00 without the first half"
    return 0, " ".join(str(error).split())


def text(item: Mapping[str, Any], key: str) -> str:
    """A field as text; nothing where it is missing or null."""
    value = item.get(key)
    return "" if value is None else str(value)
