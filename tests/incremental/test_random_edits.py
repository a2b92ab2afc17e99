"""Sites that are edited at random: after each edit a build makes what a clean build would.

Every file, byte for byte, whatever was edited, however the build is made, and whatever became of
the one before it. ``EDITS`` and ``STEPS`` in the environment say how many sites are tried, and
how often each of them is edited.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.incremental import pools
from tests.incremental.pools import Edit
from tests.incremental.workshop import Specimen, Workshop, same, workshop
from tests.site import ROOT, SETTINGS, Build, Site

pytestmark = pytest.mark.builds

_ALWAYS: Final = """
PLUGIN_PATHS = [*PLUGIN_PATHS, "."]
PLUGINS = [*PLUGINS, "incremental", "local"]
INCREMENTAL_WHY = True
STATIC_PATHS = ["images", "extra"]
EXTRA_PATH_METADATA = {"extra/robots.txt": {"path": "robots.txt"}}
THEME_TEMPLATES_OVERRIDES = ["overrides"]
WITH_FUTURE_DATES = False
DIRECT_TEMPLATES = ["index", "archives", "categories", "tags", "authors"]
"""
_THEMES: Final[tuple[str, ...]] = ("theme", "theme", "theme", str(ROOT / "theme"), "notmyidea")
_DAY: Final = 86_400
# Builds take some hundreds of steps that they can be killed before.
_MOMENTS: Final = st.integers(1, 700)

_SITES: Final = int(os.environ.get("EDITS", "5"))
_STEPS: Final = int(os.environ.get("STEPS", "12"))
# After ten sites, Hypothesis would try most of them again with little changes.
_AT_ONCE: Final = 8
_PORTIONS: Final = [min(_AT_ONCE, _SITES - n) for n in range(0, _SITES, _AT_ONCE)]

Mark = tuple[bytes, int, int]


def _edits(author: "Author") -> pools.Edits:
    now = author.now
    return st.one_of(pools.posts(now), pools.pages(), pools.responses(), pools.templates())


class Author(RuleBasedStateMachine):
    """Somebody who edits a site, and builds it now and then."""

    shop: Workshop
    another: Workshop

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="edits-")
        self.specimen = Specimen(Site(Path(self.folder.name)), self.shop, self.another)
        self.now = datetime.now(UTC)
        self.days = 0
        self.means = ""
        # What has been edited since the site was right, and whether there is more to come.
        self.edited: set[str] = set()
        self.goes_on = False
        # Whether one process makes all builds.
        self.stays = False

    def teardown(self) -> None:
        self.folder.cleanup()

    @initialize(
        theme=st.sampled_from(_THEMES),
        jobs=st.sampled_from((1, 1, 2)),
        lines=pools.settings(),
        plugin=pools.plugins(),
        edits=st.lists(st.runner().flatmap(_edits), max_size=6),
    )
    def begin(self, theme: str, jobs: int, lines: str, plugin: Edit, edits: list[Edit]) -> None:
        """Have a site, which was never built."""
        self.means = f"THEME = {theme!r}\nINCREMENTAL_JOBS = {jobs}\n"
        self.specimen.site.write(pools.SITE)
        for name, text in (plugin, *edits):
            self.write(name, text)
        self.set_up(lines)

    # Edits

    @rule(edit=st.runner().flatmap(lambda self: pools.posts(self.now)))
    def edit_a_post(self, edit: Edit) -> None:
        self.edit("posts", edit)

    @rule(edit=pools.pages())
    def edit_a_page(self, edit: Edit) -> None:
        self.edit("pages", edit)

    @rule(edit=pools.responses())
    def edit_a_response(self, edit: Edit) -> None:
        self.edit("responses", edit)

    @rule(edit=pools.templates())
    def edit_a_template(self, edit: Edit) -> None:
        self.edit("templates", edit)

    @rule(edit=pools.others())
    def edit_another_file(self, edit: Edit) -> None:
        self.edit("others", edit)

    @rule(lines=pools.settings())
    def edit_the_settings(self, lines: str) -> None:
        self.set_up(lines)

    @rule(one=st.sampled_from(pools.POSTS), other=st.sampled_from(pools.POSTS))
    def swap_two_posts(self, one: str, other: str) -> None:
        """Each has the other's place then, and its times. If there is but one, it is renamed."""
        source, target, between = (self.root / "content" / n for n in (one, other, "-"))
        if one != other and source.exists():
            target.parent.mkdir(exist_ok=True)
            source.rename(between)
            if target.exists():
                target.rename(source)
            between.rename(target)
            self.edited.add("posts")

    @rule(number=st.integers(0, 99))
    def edit_a_file_stealthily(self, number: int) -> None:
        """It has the size that it had, and the time of its last change."""
        found = (self.root / "content").rglob("*.md")
        written = sorted(path for path in found if path.stat().st_size > 2)
        if written:
            path = written[number % len(written)]
            before, text = path.stat(), path.read_text(encoding="utf-8")
            path.write_text(f"{text[:-2]}{'!' if text[-2] == '.' else '.'}\n", encoding="utf-8")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            self.edited.add("responses" if "comments" in path.parts else "posts")

    @rule(days=st.integers(1, pools.DAYS))
    def let_days_pass(self, days: int) -> None:
        self.days += days
        self.edited.add("time")

    @rule(number=st.integers(-1, 99), text=st.sampled_from(("", "Hers.", None)))
    def spoil_a_finished_file(self, number: int, text: str | None) -> None:
        """Or lose what is known of the posts. The next build puts it right."""
        finished = sorted(p for p in (self.root / "output").rglob("*") if p.is_file())
        lost = [finished[number % len(finished)]] if finished else []
        if number < 0:
            lost, text = [*(self.root / "var/build").glob("parsed.sqlite3*")], None
        for path in lost:
            path.unlink()
            if text is not None:
                path.write_text(text)
            self.edited.add("finished files")

    # Builds

    @rule()
    def edit_more_before_the_next_build(self) -> None:
        self.goes_on = True

    @rule(step=_MOMENTS, with_workers=st.booleans())
    def kill_a_build(self, step: int, *, with_workers: bool) -> None:
        self.specimen.build(**self.clock, dies_at=step, with_workers=with_workers)
        if not with_workers:
            # Who has worked for it still does, and the next build waits for that.
            self.specimen.build(**self.clock)
        self.edited.add("a killed build")

    @rule(step=_MOMENTS, edit=pools.responses())
    def kill_who_publishes_responses(self, step: int, edit: Edit) -> None:
        self.edit("responses", edit)
        self.specimen.publish(**self.clock, dies_at=step)

    @rule()
    def build_in_another_way(self) -> None:
        self.stays = not self.stays

    @invariant()
    def is_as_in_a_clean_build(self) -> None:
        if not self.edited or self.goes_on:
            self.goes_on = self.goes_on and not self.edited
            return
        if not self.prove():
            self.start_over()
            assert self.prove()
        self.edited = set()

    def prove(self) -> bool:
        """Build, and expect a clean build's files; return whether there can be any."""
        clean = self.specimen.clean_build(**self.clock)
        if self.edited == {"responses"} and self.specimen.publish(**self.clock):
            same(Build(self.root / "output", 0, ""), clean)
        before = self.marks()
        build = self.specimen.build(**self.clock, resident=self.stays)
        assert (build.status == 0) == (clean.status == 0), build.log + clean.log
        if clean.status == 0:
            same(build, clean)
            assert self.touched(before) == set()
        return clean.status == 0

    def start_over(self) -> None:
        """Undo what can be wrong with a site."""
        for folder in ("content", "theme", "overrides"):
            shutil.rmtree(self.root / folder)
        self.specimen.site.write(pools.SITE)
        self.set_up("")

    # Means

    @property
    def root(self) -> Path:
        return self.specimen.root

    @property
    def clock(self) -> Mapping[str, Any]:
        seconds = self.days * _DAY
        moment = int(self.now.timestamp()) + seconds
        return {"clock": seconds, "environment": {"SOURCE_DATE_EPOCH": str(moment)}}

    def edit(self, kind: str, edit: Edit) -> None:
        """Edit a file; nothing is edited where that makes no difference."""
        if self.write(*edit):
            self.edited.add(kind)

    def write(self, name: str, text: str | None) -> bool:
        """Write or remove a file; return whether it is another now."""
        path = self.root / name
        if (path.read_text(encoding="utf-8") if path.exists() else None) == text:
            return False
        if text is None:
            path.unlink()
        else:
            self.specimen.site.write({name: text})
        return True

    def set_up(self, lines: str) -> None:
        """Write the settings file."""
        if self.write("settings.py", f"{SETTINGS}{self.means}{_ALWAYS}{lines}"):
            self.edited.add("settings")

    def marks(self) -> Mapping[Path, Mark]:
        """Every finished file, and what changes with each writing of it."""
        found = (path for path in (self.root / "output").rglob("*") if path.is_file())
        return {path: _mark(path) for path in found}

    def touched(self, before: Mapping[Path, Mark]) -> set[Path]:
        """The files that were written anew with the bytes that they had."""
        after = self.marks()
        both = before.keys() & after.keys()
        return {p for p in both if before[p][0] == after[p][0] and before[p] != after[p]}


def _mark(path: Path) -> Mark:
    status = path.stat()
    return path.read_bytes(), status.st_ino, status.st_mtime_ns


@pytest.fixture(scope="module")
def shops() -> Iterator[tuple[Workshop, Workshop]]:
    """Two workshops, in which sets have different orders."""
    with workshop(1) as one, workshop(2) as other:
        yield one, other


@pytest.mark.parametrize("sites", _PORTIONS, ids=itertools.count())
def test_a_build_makes_what_a_clean_build_makes(
    shops: tuple[Workshop, Workshop], sites: int
) -> None:
    kind = type("Author", (Author,), dict(zip(("shop", "another"), shops, strict=True)))
    profile = settings(
        max_examples=sites,
        stateful_step_count=_STEPS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    if len(_PORTIONS) > 1:  # which would all be the same
        profile = settings(profile, derandomize=False)
    run_state_machine_as_test(kind, settings=profile)
