"""Posts and pages on their way to the site: which of them come, and what is said of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from afterword.entries import Entry as Known
from afterword.errors import AfterwordError, WriteError
from afterword.importers.entryfiles import EntryFiles, Standing
from afterword.importers.findings import Entry, Skipped
from afterword.importers.report import Changed, Report
from afterword.importers.slugs import Text


@dataclass(frozen=True)
class NewPosts:
    """Those of one source. ``known`` are the entries that the site has.

    Each is looked at once, before anything is written, since that can mean to convert it. What
    has been renamed here is known by what feeds call it; ``moved`` holds, by the id of their
    threads, the comment keys that those have now. ``update`` overwrites those that have been
    edited here; ``dry_run`` writes nothing.
    """

    files: EntryFiles
    known: Mapping[str, Known]
    update: bool
    dry_run: bool
    moved: dict[str, str] = field(default_factory=dict)
    _standing: dict[str, Standing] = field(default_factory=dict)

    def look_at(self, entry: Entry) -> Skipped | None:
        """Say why an entry's file will not be written, if it will not."""
        place = entry.thread.place
        try:
            there = self.files.standing(entry)
        except AfterwordError as error:
            return Skipped(place, str(error))
        found = self._by_guid.get(entry.guid) if entry.guid else None
        elsewhere = found is not None and found.file != entry.file
        if found and (not elsewhere or there in {Standing.ABSENT, Standing.OTHER}):
            self.moved[entry.thread.id] = found.key
            if elsewhere:
                return Skipped(place, f"is on the site already, in {found.file}", expected=True)
            # Its date may have been set right since.
            there = Standing.EDITED if there is Standing.OTHER else there
        if there is Standing.OTHER:
            return Skipped(place, f"{entry.file} is there, and is not what would be imported")
        if there is Standing.ABSENT and entry.thread.key in self.known:
            reason = "is on the site already, as it was built last, in another file"
            return Skipped(place, reason, expected=True)
        self._standing[entry.thread.id] = there
        return None

    @cached_property
    def _by_guid(self) -> Mapping[str, Text]:
        return self.files.by_guid()

    def take(self, entry: Entry, report: Report) -> None:
        """Write the file of an entry that has been looked at, unless it is there.

        Raises WriteError where no file can be written.
        """
        there = self._standing.get(entry.thread.id)
        if there is None:
            return  # reported when it was looked at
        stale = there is Standing.EDITED and self.update
        if there is not Standing.ABSENT and not stale:
            report.already += 1
            return
        page = entry.page()
        try:
            if not self.dry_run:
                self.files.bring(page)
                self.files.write(entry, page, replace=stale)
        except AfterwordError as error:
            if isinstance(error, WriteError) and error.lasting:
                raise
            report.skipped.append(Skipped(entry.thread.place, str(error)))
            return
        if stale:
            report.updated += 1
            return
        report.entries += 1
        report.changed += [Changed(entry.thread.place, entry.file, each) for each in page.notes]
