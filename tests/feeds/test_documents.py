"""All files of a feed."""

from dataclasses import replace

from feeds.archive import split
from feeds.documents import Job, Printer, documents, jobs
from feeds.items import Items
from feeds.model import Feed, Format, Item, Person
from tests.feeds.strategies import plain_feed, plain_item


def test_every_part_comes_in_every_format() -> None:
    feed = plain_feed(*(plain_item(n) for n in range(3, 0, -1)))
    assert [path for path, _ in documents(feed, 1, 2)] == [
        "feeds/all.rss.xml",
        "feeds/all.atom.xml",
        "feeds/all.json",
        "feeds/all.archive-1-2.rss.xml",
        "feeds/all.archive-1-2.atom.xml",
        "feeds/all.archive-1-2.json",
    ]


def test_nothing_is_rendered_before_it_is_asked_for() -> None:
    broken = plain_item(1, published="no date")
    files = documents(plain_feed(plain_item(2), broken), 1, 1)
    assert "Post 2" in next(files)[1]


def test_an_item_of_several_documents_is_written_once_and_marked_in_each() -> None:
    marks: list[str] = []

    def mark(_: str, key: str, text: str, __: str) -> str:
        marks.append(key)
        return f"{text}<!-- {len(marks)} -->"

    item = plain_item(thread="x")
    feed = plain_feed(item)
    printer = Printer(kept=10, mark=mark)
    for each in (feed, replace(feed, path="feeds/tag/x", items=(replace(item),))):
        (part,) = split(each, 1, 0)
        assert f"<!-- {len(marks) + 1} -->" in printer.text(part, Format.ATOM)
    assert printer._written.cache_info().misses == 1


def test_an_item_is_written_for_the_feed_it_stands_in() -> None:
    nameless = plain_item(authors=(), language="de")
    printer = Printer(kept=10)
    names = ("Ann", "Bob")
    feeds = [plain_feed(nameless, authors=(Person(name),)) for name in names]
    feeds.append(plain_feed(nameless, language="de"))
    texts = [printer.text(part, Format.ATOM) for feed in feeds for part in split(feed, 1, 0)]
    entries = [text.partition("<entry")[2] for text in texts]
    assert [("Ann" in entry, "Bob" in entry) for entry in entries] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [entry.startswith(' xml:lang="de"') for entry in entries] == [True, True, False]


def lazily(*numbers: int, title: str = "A Blog", salt: str = "") -> Feed:
    """A feed that knows what its items are made from."""
    items = Items(numbers, plain_item, lambda some: f"{salt}{some}".encode())
    return replace(plain_feed(title=title), items=items)


def inputs(feed: Feed, newest: int = 2, each: int = 2) -> dict[str, bytes]:
    return {job.path: job.inputs for job in jobs(feed, newest, each, Printer())}


def test_documents_are_told_from_what_they_were_without_being_made() -> None:
    before = inputs(lazily(6, 5, 4, 3, 2, 1))
    assert len(set(before.values())) == 3  # one for each document, whatever the format
    after = inputs(lazily(7, 6, 5, 4, 3, 2, 1))
    same = {path for path in before.keys() & after.keys() if before[path] == after[path]}
    assert {path.partition(".")[2] for path in same} == {
        f"archive-{numbers}.{form.suffix}" for numbers in ("1-2", "3-4") for form in Format
    }
    assert inputs(lazily(1)) != inputs(lazily(1, title="Another"))
    assert inputs(lazily(1)) != inputs(lazily(1, salt="Another"))
    assert inputs(lazily(1)) == inputs(lazily(1))


def test_of_ready_items_nobody_knows_whether_they_are_as_before() -> None:
    assert set(inputs(plain_feed(plain_item())).values()) == {b""}


def test_the_formats_of_a_document_share_its_items() -> None:
    made: list[int] = []

    def make(number: int) -> Item:
        made.append(number)
        return plain_item(number)

    feed = replace(plain_feed(), items=Items([2, 1], make))
    each: list[Job] = list(jobs(feed, 9, 0, Printer()))
    assert made == []
    assert all("Post 2" in job.make() for job in each)
    assert made == [2, 1]
