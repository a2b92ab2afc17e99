"""Whole posts and pages as they were right after reading: kept, and others made from them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pelican.contents import Article, Content

from incremental import pristine
from incremental.knowledge import Fresh, Knowledge
from incremental.masters import Master
from incremental.notes import Notes
from incremental.parsed import Found, Key, digest
from incremental.values import Frozen, NotPlain, Thawing, freeze


class Wholes:
    """The posts or pages of one generator, whose settings and context they have."""

    def __init__(
        self, knowledge: Knowledge, settings: Mapping[str, Any], context: Mapping[str, Any]
    ) -> None:
        self._knowledge = knowledge
        self._settings = settings
        self._context = context
        self._thawing = Thawing(settings)
        self._now = datetime.now(UTC)

    def again(self, kind: type[Content], path: str) -> tuple[Content, str] | None:
        """What was read of a file that is as it was, and what was said; None if it is not."""
        key = (kind.__name__, path)
        found = self._knowledge.known(key)
        if found is None:
            return None
        own = self._attributes(key, found)
        if self.is_to_come(kind, own):
            return None
        content = object.__new__(kind)
        content.__dict__ = own
        own["settings"] = self._settings
        own["_context"] = self._context
        own["_incremental_text"] = self._knowledge.text(key, found)
        if found.links:
            own["_incremental_links"] = tuple(json.loads(found.links))
        own["_incremental_digest"] = found.mark
        own["_incremental_origin"] = partial(self._origin, key, found)
        own["_incremental_place"] = own["source_path"], own["relative_source_path"]
        return content, found.notes

    def describe(self, content: Content, basis: Found | None, notes: Notes) -> Found | None:
        """Give a post or page that has just been read what is ours; return what was found.

        ``basis`` is what its reader has found. Nothing was where it would not come back as it is.
        """
        read = pristine.read(content)
        own = vars(content)
        own["_incremental_links"] = links = pristine.links(content)
        own["_incremental_digest"] = None
        as_read = pristine.copied(read, pristine.changeable(read))
        own["_incremental_origin"] = lambda: as_read
        own["_incremental_place"] = content.source_path, content.relative_source_path
        text = read.pop("_content", None)
        try:
            frozen, body = freeze(read), str.encode(text)
            own["_incremental_digest"] = mark = digest("\0".join(frozen).encode() + body)
            said = notes.dump()
        except (NotPlain, TypeError, UnicodeEncodeError):
            return None
        return basis and basis._replace(
            **frozen._asdict(),
            text=digest(body),
            links=json.dumps(links) if links else "",
            notes=said,
            mark=mark,
        )

    def keep(self, content: Content, found: Found, *, lasts: bool) -> None:
        """Keep a post or page that has just been read, and its text elsewhere."""
        own, kind = vars(content), type(content)
        key = (kind.__name__, content.source_path)
        if self.is_to_come(kind, own):
            return
        self._knowledge.put(Fresh(key, found, own["_content"], lasts))
        if lasts:
            own["_incremental_text"] = self._knowledge.text(key, found)
            as_read = own["_incremental_origin"]()
            del own["_content"], as_read["_content"]
            self._knowledge.masters.made[key] = Master.of(found.mark, as_read)

    def is_to_come(self, kind: type[Content], attributes: pristine.Attributes) -> bool:
        """Whether a post is a draft only until its day comes."""
        if self._settings["WITH_FUTURE_DATES"] or not issubclass(kind, Article):
            return False
        moment = attributes["date"]
        return bool(moment > (self._now if moment.tzinfo else datetime.now()))  # noqa: DTZ005  # as Pelican

    def _attributes(self, key: Key, found: Found) -> dict[str, Any]:
        """What was found, for one object alone.

        A process that builds once has no use for a master. One that builds again and again has.
        """
        if not self._knowledge.masters.is_seasoned:
            return self._thawing.attributes(Frozen(found.names, found.values))
        master = self._master(key, found)
        return pristine.copied(master.attributes, master.names)

    def _origin(self, key: Key, found: Found) -> pristine.Attributes:
        return self._master(key, found).attributes

    def _master(self, key: Key, found: Found) -> Master:
        made = self._knowledge.masters.made
        if (known := made.get(key)) is not None and known.mark == found.mark:
            return known
        attributes = self._thawing.attributes(Frozen(found.names, found.values))
        made[key] = master = Master.of(found.mark, attributes)
        return master
