"""The page of a text that has just been saved, as it will be, ahead of the build that makes it.

A build compares everything with everything. Whoever writes wants to see the sentence that was
just written, on a page that is otherwise the one it was. The build that follows knows nothing of
this: it finds that the file is not as it was left.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from pelican import signals
from pelican.contents import Content
from pelican.readers import Readers

from incremental import pristine
from incremental.drafts import Draft
from incremental.notes import silence

log: Final = logging.getLogger(__name__)

# Whoever hears these may make something else of the text, or of the page.
_TAKING_PART: Final = (
    *(signals.content_object_init, signals.content_written),
    *(signals.article_generator_preread, signals.page_generator_preread),
    *(signals.article_generator_context, signals.page_generator_context),
    *(signals.article_generator_write_article, signals.page_generator_write_page),
)


def glimpse(drafts: Iterable[Draft], source: Path, write: Callable[[str, str], object]) -> bool:
    """Have the page written that shows the text of ``source``, and return whether it was.

    It is not if anything else has changed than the text, or somebody takes part in making it.
    ``drafts`` are those of the last build; ``write`` is given a name below the output folder and
    what belongs there.
    """
    if any(each.receivers for each in _TAKING_PART):
        return False
    for draft, content in _showing(drafts, source):
        return pristine.unchanged(content, "_content") and _shown(draft, content, write)
    return False


def _shown(draft: Draft, content: Content, write: Callable[[str, str], object]) -> bool:
    try:
        with silence():
            fresh = _read(content)
            if not pristine.same_but_for_text(fresh, content):
                return False
            pristine.give_text(content, fresh)
            draft.shared["localsiteurl"] = draft.siteurl
            write(draft.name, draft.template.render(draft.variables()))
    except Exception:  # the build says what is wrong, where all see it
        log.debug("No glimpse of %s", draft.name, exc_info=True)
        return False
    return True


def _showing(drafts: Iterable[Draft], source: Path) -> Iterator[tuple[Draft, Content]]:
    """The page of its own that a file has."""
    place, name = os.path.realpath(source), source.name
    for draft in drafts:
        content = draft.given.get("article") or draft.given.get("page")
        path = getattr(content, "source_path", None) or ""
        if os.path.basename(path) == name and os.path.realpath(path) == place:  # noqa: PTH119  # asked for each
            yield draft, content


def _read(content: Content) -> Content:
    base = content.settings["PATH"]
    return Readers(content.settings).read_file(
        base_path=base,
        path=os.path.relpath(content.source_path, base),
        content_class=type(content),
        context=content._context,  # noqa: SLF001  # Pelican's, and what it gives
    )
