"""All published responses of a site, arranged, and everything that is wrong with them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from afterword import commentfile
from afterword.commentfile import Scan
from afterword.errors import place
from afterword.model import Comment
from afterword.threads import Thread, arrange


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an author should mend: where, and why. ``line`` 0 is the file as a whole."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{place(self.path, self.line)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Published:
    """The threads by entry key, and the problems in the order of their files."""

    threads: Mapping[str, Thread]
    problems: tuple[Problem, ...]


def gather(root: Path, keys: Collection[str]) -> Published:
    """Read the responses below ``root`` for a site whose posts and pages have these keys."""
    scan = commentfile.scan(root)
    threads = {entry: arrange(comments) for entry, comments in scan.comments.items()}
    problems = sorted(_problems(root, scan, threads, keys), key=lambda p: (p.path, p.line))
    return Published(threads, tuple(problems))


def _problems(
    root: Path, scan: Scan, threads: Mapping[str, Thread], keys: Collection[str]
) -> Iterator[Problem]:
    for problem in scan.problems:
        yield Problem(problem.path, problem.line, f"left out: {problem.reason}")
    for entry, thread in threads.items():
        if entry not in keys:
            yield Problem(root / entry, 0, "no post or page has this comment key")
        for comment in thread.orphans:
            reason = f"answers {comment.replyto}, which is not there; shown at top level"
            yield _about_parent(root, comment, reason)
        for comment in thread.looping:
            reason = f"answers {comment.replyto}, which leads back here; shown at top level"
            yield _about_parent(root, comment, reason)


def _about_parent(root: Path, comment: Comment, reason: str) -> Problem:
    path = commentfile.path_of(root, comment)
    return Problem(path, commentfile.line_of(path, "replyto"), reason)
