"""Pelican's writer, by way of our outputs."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any, Final

from blinker import Signal
from jinja2 import Template
from pelican import signals
from pelican.contents import Content
from pelican.log import console
from pelican.utils import sanitised_join
from pelican.writers import FileOverwriteFailedError, Writer

from incremental.build import Build, may_change
from incremental.copies import below
from incremental.drafts import Draft, Paging
from incremental.facts import Changes, Facts
from incremental.fragments import marked
from incremental.outputs import Outputs
from incremental.state import Left, Made
from incremental.workers import spread

# With these, plugins may change a post after it was compared with what it was.
_BEFORE_EACH: Final = (
    signals.article_generator_write_article,
    signals.page_generator_write_page,
)
# A file's name, what its text is made from, and what makes it.
Document = tuple[str, bytes, Callable[[], str]]


class SafeWriter(Writer):
    """Writes pages and feeds as Pelican does, each whole and only where it has changed."""

    build: Build
    processes: int
    why: bool

    def __init__(self, output_path: str, settings: Mapping[str, Any]) -> None:
        super().__init__(output_path, settings)
        self._root = os.path.abspath(output_path)  # noqa: PTH100  # as Pelican does
        self._waiting: dict[str, Draft] = {}
        self._gathering = False
        # The signals by which Pelican has said so far that some pages are written.
        self.sent: list[Signal] = []

    def write_file(  # noqa: PLR0913, PLR0917  # Pelican's
        self,
        name: str,
        template: Template,
        context: dict[str, Any],
        relative_urls: bool = False,  # noqa: FBT001, FBT002  # Pelican's
        paginated: Mapping[str, Sequence[Any]] | None = None,
        template_name: str | None = None,
        override_output: bool = False,  # noqa: FBT001, FBT002  # Pelican's
        url: str | None = None,
        **kwargs: Any,  # noqa: ANN401  # any variables
    ) -> None:
        """Write the pages that a template makes of these variables, unless they are there."""
        if not name:
            return
        draft = Draft(name, template, context, kwargs, relative_urls)
        lists = paginated or {k: v for k, v in kwargs.items() if k in {"articles", "dates"}}
        if lists and template_name in self.settings["PAGINATED_TEMPLATES"]:
            each = self.settings["PAGINATED_TEMPLATES"][template_name]
            per_page = each or self.settings["DEFAULT_PAGINATION"]
            paging = Paging(name, url, per_page, self.settings, lists)
            whole = self.build.whole(kwargs, url, lists)
            for number, page in paging.names():
                one = replace(draft, name=page, paging=paging, number=number, whole=whole)
                self._take(one, override=override_output)
        else:
            draft = replace(draft, whole=self.build.whole(kwargs))
            self.build.drafts.append(draft)
            self._take(draft, override=override_output)
        if not self._gathering:
            self._write_waiting()

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """A time in which pages are only gathered: at its end all cores write them."""
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
        self._write_waiting()

    def put(self, name: str, text: str) -> None:
        """Write a file below the output folder, for plugins that have one of their own."""
        self.build.outputs.put(name, text.encode())

    def stands(self, name: str, inputs: bytes) -> bool:
        """Whether a file was put there as made from the same inputs; then it stays."""
        return not self._may_have_changed() and self.build.stands(name, inputs)

    def jobs(self, documents: Iterable[Document]) -> None:
        """Put files that all cores make, but those that stand: name, inputs, and what makes it."""
        wanted = [each for each in documents if not self.stands(each[0], each[1])]
        self.build.outputs.claim(name for name, _, _ in wanted)
        tasks = [partial(self._make, *each) for each in wanted]
        for (name, _, _), made in zip(wanted, spread(tasks, self.processes), strict=True):
            self.build.outputs.have(name, *made)

    def digest(self, content: Content) -> bytes:
        """What tells whether a post or page, or anything that hangs on it, is as it was.

        But for what is marked as fragments are: who shows that has to mark it.
        """
        return self.build.digest(content)

    def subject(self, content: Content) -> str:
        """What pages that read a post or page know it by; empty if they cannot."""
        return self.build.subject(content)

    @property
    def facts(self) -> Facts:
        """What plugins have left for those who come between builds."""
        return self.build.facts

    def leave(self, note: bytes, facts: Changes) -> None:
        """Leave a note and facts for those who come after this build, if it comes to its end.

        Without a note they know that there is nothing for them.
        """
        self.build.outputs.left = Left(note, facts)

    @staticmethod
    def mark(kind: str, key: str, text: str, argument: str = "") -> str:
        """Return a text as one that can be made anew by itself, for a document's text."""
        return marked(kind, key, text, argument)

    def _make(self, name: str, inputs: bytes, make: Callable[[], str]) -> tuple[Made, bytes]:
        with self.build.fragments.page() as page:
            return self.build.document(name, inputs, make(), page)

    def _take(self, draft: Draft, *, override: bool) -> None:
        path = f"{self._root}/{draft.name}"
        if not _is_plain(draft.name):
            path = sanitised_join(self.output_path, draft.name)
            draft = replace(draft, name=below(self.output_path, path))
        if not self._claim(path, override=override):
            return
        self._waiting.pop(draft.name, None)
        reason = self._reason(draft)
        if reason:
            self._waiting[draft.name] = draft
            if self.why:
                console.print(
                    f"{draft.name}: {reason}", markup=False, highlight=False, soft_wrap=True
                )

    def _reason(self, draft: Draft) -> str:
        if signals.content_written.receivers:
            return "a plugin wants to be told of each page that is written"
        if any(map(may_change, _BEFORE_EACH)):
            return "a plugin may change it just before it is written"
        if self._may_have_changed():
            return "a plugin may have changed it after others were written"
        return self.build.reason(draft)

    def _may_have_changed(self) -> bool:
        """Whether plugins may have changed what was compared with what it was before."""
        return any(map(may_change, self.sent))

    def _write_waiting(self) -> None:
        drafts, self._waiting = list(self._waiting.values()), {}
        self.build.outputs.claim(draft.name for draft in drafts)
        tasks = [partial(self.build.render, draft) for draft in drafts]
        # One of each kind: what all of these look at is looked at once, and not in each process.
        kinds = ((draft.template.name, *draft.given) for draft in drafts)
        ahead = {kind: number for number, kind in enumerate(kinds)}.values()
        for draft, (made, packed) in zip(drafts, spread(tasks, self.processes, ahead), strict=True):
            self.build.outputs.have(draft.name, made, packed)
            if signals.content_written.receivers:
                path = os.path.join(self.output_path, draft.name)  # noqa: PTH118  # Pelican's
                signals.content_written.send(path, context=draft.variables())

    def _claim(self, filename: str, *, override: bool) -> bool:
        """Whether a file may be written, under Pelican's own rules of who overrides whom."""
        if filename in self._overridden_files:
            if override:
                raise FileOverwriteFailedError(f'"{filename}" was overwritten already')
            return False
        if filename in self._written_files and not override:
            raise FileOverwriteFailedError(f'"{filename}" was written already')
        if override:
            self._overridden_files.add(filename)
        self._written_files.add(filename)
        return True

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> "_Text":  # noqa: FBT001, FBT002  # Pelican's
        """Return what will be the file's text, if it may be written."""
        if not self._claim(filename, override=override):
            return _Text()
        name = below(self.output_path, filename)
        return _Text(self.build.outputs, name, encoding)


def _is_plain(name: str) -> bool:
    """Whether a path has no part but names, so that it stays what it is below any folder."""
    return not (name.startswith("/") or ".." in name or "//" in name or "/./" in name) and (
        name[:2] != "./" and "\\" not in name
    )


class _Text(io.StringIO):
    """A text that becomes a file when its block ends well."""

    def __init__(self, outputs: Outputs | None = None, name: str = "", encoding: str = "") -> None:
        super().__init__()
        self._where = outputs, name, encoding

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        outputs, name, encoding = self._where
        if outputs and kind is None:
            outputs.put(name, self.getvalue().encode(encoding))
        super().__exit__(kind, error, trace)
