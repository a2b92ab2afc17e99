"""The response files of a site: written, changed and removed as has been decided."""

import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from afterword import commentfile, durable
from afterword.errors import AfterwordError, MalformedResponse, WriteError
from afterword.model import Comment
from incremental.turns import taking_turns


@dataclass(frozen=True, slots=True)
class Press:
    """Keeps the files below ``root``; ``lock_file`` lets one process at a time do so.

    With ``git`` every change is committed to the repository that the files lie in.
    """

    root: Path
    lock_file: Path
    git: bool = False

    def turn(self) -> AbstractContextManager[None]:
        """Wait until nobody else changes files, and keep it so."""
        return taking_turns(self.lock_file)

    def put(self, comment: Comment) -> None:
        """Publish a response: on disk, whole and readable by the build when this returns.

        Raises WriteError or EntryError; then nothing is published.
        """
        self._make_root()
        commentfile.write(self.root, comment, replace=True)
        self._commit(comment.entry, comment.id, f"Publish response {comment.id}")

    def add(self, comments: Sequence[Comment]) -> Sequence[AfterwordError | None]:
        """Publish responses where no files of them are; fine if they are published just so.

        Returns why each is not published, or None: then it is on disk. Raises WriteError if none
        can be.
        """
        self._make_root()
        troubles = commentfile.write_new(self.root, comments)
        return [
            None if self._is_there(comment, trouble) else trouble
            for comment, trouble in zip(comments, troubles, strict=True)
        ]

    def tidy(self) -> None:
        """Remove what a killed process has left of files. To be called in a turn.

        Raises WriteError.
        """
        try:
            durable.sweep(self.root)
        except OSError as error:
            raise WriteError.of(self.root, error) from error

    def remove(self, entry: str, comment_id: str) -> None:
        """Take a response back, if it is there. Raises WriteError or EntryError."""
        commentfile.remove(self.root, entry, comment_id)
        self._commit(entry, comment_id, f"Take back response {comment_id}")

    def read(self, entry: str, comment_id: str) -> Comment | None:
        """The response as it is published now, perhaps edited by hand; None if there is none."""
        path = commentfile.place(self.root, entry, comment_id)
        try:
            return commentfile.read(path, entry) if path.exists() else None
        except MalformedResponse:
            return None

    def has(self, entry: str, comment_id: str) -> bool:
        """Whether there is a file of this response, readable or not."""
        return commentfile.place(self.root, entry, comment_id).exists()

    def _is_there(self, comment: Comment, trouble: AfterwordError | None) -> bool:
        taken = isinstance(trouble, WriteError) and trouble.reason == commentfile.TAKEN
        return taken and self.read(comment.entry, comment.id) == comment

    def _make_root(self) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteError.of(self.root, error) from error

    def _commit(self, entry: str, comment_id: str, message: str) -> None:
        if not self.git or not self.root.is_dir():
            return
        path = commentfile.place(self.root, entry, comment_id)
        relative = path.relative_to(self.root).as_posix()
        if self._run("status", "--porcelain", "--", relative):
            self._run("add", "--all", "--", relative)
            self._run("commit", "--quiet", "--only", f"--message={message}", "--", relative)

    def _run(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.root), *arguments]
        try:
            run = subprocess.run(  # noqa: S603  # our own command line; names are checked
                command, capture_output=True, text=True, check=False, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WriteError(self.root, f"git: {error}") from error
        if run.returncode:
            raise WriteError(self.root, f"git {arguments[0]}: {run.stderr.strip()}")
        return run.stdout
