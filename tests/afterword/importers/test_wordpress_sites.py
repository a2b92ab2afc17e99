"""Whole sites that leave WordPress, made at random: nothing is lost, and nothing private shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.store.memory import MemoryStore
from tests.afterword.importers.conftest import Target
from tests.afterword.importers.wxr.conftest import comment, document, item
from tests.afterword.store.conftest import Clock

PUBLIC = {"", "comment", "pingback", "trackback"}
DATES = ["2012-03-14 09:26:53", "0000-00-00 00:00:00", ""]


@dataclass(frozen=True)
class Said:
    """A comment of a site: its text is its number in words that stand nowhere else."""

    number: int
    parent: int
    approved: str
    kind: str
    date: str

    @property
    def text(self) -> str:
        return f"said{self.number:05d}"


@dataclass(frozen=True)
class Written:
    """A post or page, or something else."""

    number: int
    kind: str
    status: str
    password: str
    slug: str
    said: Sequence[Said]

    @property
    def public(self) -> bool:
        return self.status == "publish" and not self.password

    def xml(self) -> str:
        comments = [
            comment(
                each.number,
                parent=each.parent,
                approved=each.approved,
                type=each.kind,
                date_gmt=each.date,
                content=each.text,
            )
            for each in self.said
        ]
        return item(
            self.number,
            *comments,
            post_type=self.kind,
            status=self.status,
            post_password=self.password,
            post_name=self.slug,
            link=f"https://old.example/{self.slug}/",
        )


@st.composite
def sites(draw: st.DrawFn) -> list[Written]:
    written = []
    number = 0
    for post in range(1, draw(st.integers(1, 4)) + 1):
        count = draw(st.integers(0, 6))
        said = [
            Said(
                number + each,
                # Anybody's, its own too, and somebody's who is not there.
                draw(st.integers(0, number + count + 2)),
                draw(st.sampled_from(["1", "1", "1", "0", "spam", "trash", "post-trashed", ""])),
                draw(st.sampled_from(["", "", "comment", "pingback", "trackback", "note", "x"])),
                draw(st.sampled_from(DATES)),
            )
            for each in range(1, count + 1)
        ]
        number += count
        written.append(
            Written(
                post,
                draw(st.sampled_from(["post", "post", "page", "attachment"])),
                draw(st.sampled_from(["publish", "publish", "private", "draft", "trash"])),
                draw(st.sampled_from(["", "", "secret"])),
                draw(st.sampled_from(["first", "second", "", "%C3%A4"])),
                said,
            )
        )
    return written


@settings(max_examples=40)
@given(sites())
def test_no_site_loses_or_betrays_anything(
    tmp_path_factory: pytest.TempPathFactory, written: list[Written]
) -> None:
    root = tmp_path_factory.mktemp("site")
    file = root / "blog.xml"
    file.write_text(document(*(each.xml() for each in written)), encoding="utf-8")
    source = WordPress((file,), Desk({"post": "posts", "page": "pages"}))
    target = Target(root, MemoryStore(Clock()), {})
    first = target.take_from(source)
    again = target.take_from(source)
    assert (again.added, again.entries) == ({}, 0)
    assert first.read == again.read == len(written) + sum(len(each.said) for each in written)
    _check_texts(root / "content", written)
    _check_responses(target.files(), written)


def _check_texts(content: Path, written: Sequence[Written]) -> None:
    wanted = [each for each in written if each.kind != "attachment" and each.status != "trash"]
    texts = [path.read_text(encoding="utf-8") for path in content.rglob("*.md")]
    assert len(texts) == len(wanted)
    skipped = sum("\nStatus: skip\n" in each for each in texts)
    assert skipped == sum(not each.public for each in wanted)


def _check_responses(files: dict[str, str], written: Sequence[Written]) -> None:
    due = {
        said.text
        for each in written
        for said in each.said
        if each.public and each.kind != "attachment"
        if said.approved == "1" and said.kind in PUBLIC
    }
    assert {text.strip().rpartition("\n")[2] for text in files.values()} == due
    for name, text in files.items():
        head = text.partition("\n\n")[0].split("\n")
        parents = [line.removeprefix("replyto: ") for line in head if line.startswith("replyto: ")]
        folder = name.rpartition("/")[0]
        assert all(f"{folder}/{each}.md" in files for each in parents)
