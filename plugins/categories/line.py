"""The `Category:` line of a post: ``Advice, Business/Networking, Art``."""

Path = tuple[str, ...]


def parse(line: str) -> tuple[Path, ...]:
    """Return the categories that a line names, each as its segments from the top down.

    White space around names, empty segments and empty names mean nothing and are dropped.
    """
    paths = (tuple(_segments(name)) for name in line.split(","))
    return tuple(path for path in paths if path)


def _segments(name: str) -> list[str]:
    return [segment.strip() for segment in name.split("/") if segment.strip()]
