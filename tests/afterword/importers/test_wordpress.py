"""Responses from WordPress's exports: what was public there, and nothing else, is public here."""

from pathlib import Path

import pytest

from afterword.errors import ImportRefused
from afterword.importers.wordpress import WordPress
from afterword.model import Kind, Status
from tests.afterword.importers.conftest import Target
from tests.afterword.importers.wxr.conftest import CHANNEL, comment, document, item


def export(tmp_path: Path, *items: str, name: str = "blog.xml", **how: str) -> WordPress:
    file = tmp_path / name
    file.write_text(document(*items, **how), encoding="utf-8")
    return WordPress((file,))


def test_responses_keep_their_numbers_threads_and_states(tmp_path: Path, target: Target) -> None:
    source = export(
        tmp_path,
        item(
            1,
            comment(10, content="One\ntwo &amp; <b>three</b>\n\nfour", author_url="x.example"),
            comment(11, parent=10, user_id=3),
            comment(12, approved=0, parent=11),
            comment(13, approved="spam", parent=10),
            comment(14, approved="trash"),
            comment(15, approved="post-trashed"),
            comment(16, parent=13),
            comment(17, type="pingback", content="[...] it [...]"),
            comment(18, type="trackback"),
        ),
    )
    report = target.take_from(source)
    assert report.added == {
        Status.APPROVED: 5,
        Status.PENDING: 1,
        Status.SPAM: 1,
        Status.TRASH: 2,
    }
    files = target.files()
    assert files.keys() == {f"first/{n}.md" for n in (10, 11, 16, 17, 18)}
    assert files["first/10.md"].endswith("\n\nOne\ntwo & **three**\n\nfour\n")
    assert "website: http://x.example\n" in files["first/10.md"]
    assert "date: 2012-03-14T09:26:53+00:00" in files["first/10.md"]
    assert "replyto: 10\n" in files["first/11.md"]
    # Whom it answered is spam; that answered somebody who is here.
    assert "replyto: 10\n" in files["first/16.md"]
    assert "kind: pingback\n" in files["first/17.md"]
    assert [target.get(str(n)).by_author for n in (10, 11)] == [False, True]
    assert target.get("18").kind is Kind.PINGBACK
    assert target.get("10").email == "dave@example.org"
    for text in files.values():
        assert "dave@" not in text
        assert "2001:db8" not in text
    again = target.take_from(source)
    assert (again.already, again.added, again.skipped) == (9, {}, [])


def test_what_was_never_for_readers_is_not_published(tmp_path: Path, target: Target) -> None:
    source = export(
        tmp_path,
        item(
            1,
            comment(10),
            comment(11, type="note", parent=10, content="Fire him."),
            comment(12, type="order_note"),
            comment(13, type="review"),
            comment(14, parent=11),
        ),
    )
    report = target.take_from(source)
    assert set(target.files()) == {"first/10.md", "first/14.md"}
    assert "replyto: 10\n" in target.files()["first/14.md"]
    assert [(each.place, each.reason, each.expected) for each in report.skipped] == [
        ("blog.xml: comment 11", "is of the type 'note', which was for editors only", True),
        ("blog.xml: comment 12", "is of the type 'order_note', which was for editors only", True),
        (
            "blog.xml: comment 13",
            "is of the type 'review', which is not known to be for readers",
            False,
        ),
    ]
    assert target.store.get("11") is None


@pytest.mark.parametrize(
    "how",
    [{"status": "private"}, {"status": "draft"}, {"status": "future"}, {"post_password": "x"}],
)
def test_what_not_everybody_could_read_waits(
    tmp_path: Path, target: Target, how: dict[str, str]
) -> None:
    report = target.take_from(export(tmp_path, item(1, comment(10), **how)))
    assert report.added == {Status.PENDING: 1}
    assert target.files() == {}
    (changed,) = report.changed
    assert changed.why.startswith("its post ")


def test_what_says_nothing_of_its_state_waits(tmp_path: Path, target: Target) -> None:
    bare = "<item><title>A</title><link>/first/</link>" + comment(
        7, **dict.fromkeys(("approved", "date", "date_gmt", "type", "parent", "author_email"))
    )
    report = target.take_from(export(tmp_path, bare + "</item>"))
    assert report.added == {Status.PENDING: 1}
    assert target.get("7").author == "Dave"


def test_dates_fall_back_from_utc_to_the_sites_clock_to_the_post(
    tmp_path: Path, target: Target
) -> None:
    zero = "0000-00-00 00:00:00"
    source = export(
        tmp_path,
        item(1, comment(10), comment(11, date_gmt=zero), comment(12, date_gmt=zero, date=zero)),
        item(2, comment(13, date_gmt=zero), post_date_gmt=zero),
        item(
            3,
            comment(14, date_gmt=""),
            post_date="2012-07-01 02:00:00",
            post_date_gmt="2012-07-01 00:00:00",
        ),
    )
    report = target.take_from(source)
    hours = [target.get(str(n)).date.isoformat()[11:16] for n in range(10, 15)]
    assert hours == ["09:26", "09:26", "09:00", "09:26", "08:26"]
    assert [each.why for each in report.changed] == [
        "has no date; takes that of its post, 2012-03-14T09:00:00+00:00"
    ]


def test_threads_find_their_posts_by_address_or_slug(tmp_path: Path, target: Target) -> None:
    by_slug = export(tmp_path, item(1, comment(10), link="https://old.example/?p=1"))
    assert target.take_from(by_slug).threads[0].how == "by its slug"
    by_address = export(tmp_path, item(1, comment(11), link="/first.html", post_name="one"))
    assert target.take_from(by_address).threads[0].how == "by its address"
    lost = export(tmp_path, item(1, comment(12), link="https://old.example/?p=1", post_name="x"))
    assert [each.reason for each in target.take_from(lost).skipped] == [
        "https://old.example/?p=1: no post or page has this address or slug"
    ]
    assert target.take_from(lost, said={"post 1": "first"}).added == {Status.APPROVED: 1}


def test_a_number_that_is_a_slug_is_no_match(tmp_path: Path, target: Target) -> None:
    target.entries = {"1": target.entries["first"]}
    report = target.take_from(export(tmp_path, item(1, comment(10), link="", post_name="x")))
    assert len(report.skipped) == 1


def test_several_files_are_one_site(tmp_path: Path, target: Target) -> None:
    one = export(tmp_path, item(1, comment(10), comment(11, parent=10)), name="1.xml")
    two = export(tmp_path, item(1, comment(11, parent=10), comment(12, parent=11)), name="2.xml")
    report = target.take_from(WordPress(one.paths + two.paths))
    assert report.added == {Status.APPROVED: 3}
    assert [each.expected for each in report.skipped] == [True]
    assert "replyto: 11\n" in target.files()["first/12.md"]
    moved = CHANNEL.replace("https://old.example/blog", "http://www.old.example/blog/")
    same = export(tmp_path, channel=moved, name="3.xml")
    assert target.take_from(WordPress(one.paths + same.paths)).already == 2
    other = export(tmp_path, channel=CHANNEL.replace("old.", "new."), name="4.xml")
    with pytest.raises(ImportRefused, match=r"4\.xml: is of https://new\.example/blog"):
        target.take_from(WordPress(one.paths + other.paths))


def test_ten_levels_stay_ten_levels(tmp_path: Path, target: Target) -> None:
    # Backwards, so that each answers somebody who comes later and has a greater number.
    chain = [comment(n, parent=n + 1 if n < 19 else 0) for n in range(10, 20)]
    target.take_from(export(tmp_path, item(1, *chain)))
    files = target.files()
    assert len(files) == 10
    for number in range(10, 19):
        assert f"replyto: {number + 1}\n" in files[f"first/{number}.md"]


def test_a_comment_without_a_number_gets_one_the_same_each_time(
    tmp_path: Path, target: Target
) -> None:
    source = export(tmp_path, item(1, comment("")))
    assert target.take_from(source).added == {Status.APPROVED: 1}
    assert target.take_from(source).already == 1


def test_real_exports_come_along(corpora: Path, target: Target) -> None:
    added = {}
    for file in sorted((corpora / "wordpress-importer").glob("*.xml")):
        try:
            report = target.take_from(WordPress((file,)), keep=True, dry_run=True)
        except ImportRefused:
            continue
        assert report.skipped == []
        if report.read:
            added[file.stem] = dict(report.added)
    public, waiting = {Status.APPROVED: 1}, {Status.PENDING: 1}
    assert added == {
        "slashes": public,
        "small-export": public,
        "test-serialized-comment-meta": waiting,
        "valid-wxr-1.0": public,
        "wxr-comprehensive": public,
        "wxr-with-sub-data": waiting,
    }


@pytest.mark.parametrize("address", ["http://[", "https://old.example:x/"])
def test_an_address_that_is_none_is_no_obstacle(
    tmp_path: Path, target: Target, address: str
) -> None:
    channel = CHANNEL.replace("https://old.example/blog", address)
    post = item(1, comment(10), link=address, content=f'<a href="{address}">a</a>')
    report = target.take_from(export(tmp_path, post, channel=channel), keep=True)
    assert report.added == {Status.APPROVED: 1}


def test_an_export_of_ours_that_nests_without_end_is_none(tmp_path: Path, target: Target) -> None:
    meta = (
        "<wp:commentmeta><wp:meta_key>_afterword</wp:meta_key>"
        f"<wp:meta_value>{'[' * 100_000}</wp:meta_value></wp:commentmeta>"
    )
    post = item(1, comment(10).replace("</wp:comment>", f"{meta}</wp:comment>"))
    assert target.take_from(export(tmp_path, post)).added == {Status.APPROVED: 1}
