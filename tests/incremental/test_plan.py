"""Which pages have to be rendered: those that read what has changed, and no others."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from jinja2 import DictLoader, Environment
from pelican.contents import Article
from pelican.settings import DEFAULT_CONFIG

from incremental.drafts import Draft
from incremental.fragments import Fragments
from incremental.plan import Frames, Plan
from incremental.rendering import follow
from incremental.shapes import Opaque, Shapes
from incremental.state import State
from incremental.subjects import Subjects
from incremental.traces import FRAGMENT, Inputs, Name, Read, Trace
from incremental.tracing import Tracer

SETTINGS: Final[dict[str, Any]] = {**DEFAULT_CONFIG, "PATH": "/blog"}
ONE: Final = "Article:one.md"
NAMES: Final[tuple[Name, ...]] = (("SITENAME", None), ("article", None), ("sub", None))
VERSION: Final = FRAGMENT + "one"


class Site:
    """A site of one page, of one post, at one moment."""

    def __init__(
        self,
        template: str = "text",
        settings: Mapping[str, object] | None = None,
        given: Mapping[str, object] | None = None,
        **metadata: str,
    ) -> None:
        tracer = Tracer(frozenset())
        environment = Environment(loader=DictLoader({"page": template, "other": ""}))  # noqa: S701  # as Pelican's
        follow(environment, tracer, Fragments(tracer=tracer))
        self.shapes = Shapes(SETTINGS)
        self.frames = Frames(self.shapes)
        self.tracer = tracer
        context: dict[str, Any] = {"localsiteurl": "", "SITENAME": "Blog", **(settings or {})}
        self.subjects = Subjects(self.shapes, context)
        article = Article(
            "Text.", {"title": "T", "slug": "t", **metadata}, SETTINGS, "/blog/one.md"
        )
        given = {"article": article, **(given or {})}
        self.draft = Draft("one.html", environment.get_template("page"), context, given)
        self.subjects.meet([article])

    @property
    def now(self) -> Mapping[str, bytes]:
        return self.subjects.fingerprints()

    def made(
        self, state: State, attributes: tuple[str, ...] = ("title",), blocked: str = ""
    ) -> None:
        """Remember the page as rendered now."""
        plan = Plan(state.known(), self.shapes, self.tracer, self.frames)
        inputs = Inputs(
            templates=plan.closure(self.draft).digest,
            common=self.frames.common(self.draft, NAMES),
            frame=self.frames.own(self.draft, NAMES),
            names=NAMES,
            blocked=blocked,
        )
        read = Read(ONE, attributes, self.subjects.digest(ONE, attributes, ""))
        trace = Trace(inputs, (read, Read(VERSION, ("count",), b"1")))
        subjects = {**self.now, VERSION: b"1"}
        state.finish({}, (), {"one.html": trace}, subjects)

    def reason(self, state: State, version: bytes = b"1") -> str:
        """Why the page has to be rendered now."""
        plan = Plan(state.known(), self.shapes, self.tracer, self.frames)
        plan.compare(state, self.subjects, {**self.now, VERSION: version})
        return plan.reason(self.draft)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """What a build has left that has rendered the page."""
    with State.open(tmp_path / "state.sqlite3") as state:
        Site().made(state)
        yield state


def test_a_page_stays_while_nothing_changes(state: State) -> None:
    assert Site().reason(state) == ""


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        (Site(title="B"), "shows title of one.md, which changed"),
        (Site("another text"), "its templates changed"),
        (Site("{% include 'other' %}"), "its templates changed"),
        (Site(settings={"SITENAME": "Other"}), "what it is about changed"),
        (Site(given={"sub": "x"}), "what it is about changed"),
        (Site(settings={"localsiteurl": "https://a"}), "its address changed"),
        (Site(given={"article": object()}), "reads a builtins.object"),
    ],
)
def test_a_page_is_rendered_when_it_would_be_another(state: State, site: Site, reason: str) -> None:
    assert site.reason(state) == reason


@pytest.mark.parametrize(
    "site", [Site(author="Bob"), Site(settings={"AUTHOR": "Bob"}), Site(given={"other": object()})]
)
def test_a_page_stays_when_what_changes_is_not_read(state: State, site: Site) -> None:
    assert site.reason(state) == ""


def test_a_page_is_rendered_when_a_fragment_that_stands_nowhere_changes(state: State) -> None:
    assert Site().reason(state, version=b"2") == "shows count of one, which changed"


def test_a_page_whose_post_is_gone_is_rendered(state: State) -> None:
    site = Site()
    plan = Plan(state.known(), site.shapes, site.tracer, site.frames)
    plan.compare(state, site.subjects, {VERSION: b"1"})
    assert plan.reason(site.draft) == "shows title of one.md, which changed"


def test_what_could_not_be_followed_is_rendered_each_time(state: State) -> None:
    Site().made(state, blocked="it calls peek")
    assert Site().reason(state) == "it calls peek"


def test_what_is_new_is_told_from_what_is_not_known(state: State, tmp_path: Path) -> None:
    site = Site()
    plan = Plan(state.known(), site.shapes, site.tracer, site.frames)
    other = Draft("other.html", site.draft.template, site.draft.shared, {})
    assert plan.reason(other) == "is new"
    with State.open(tmp_path / "empty") as empty:
        assert site.reason(empty) == "nothing is known of it"


def test_a_reason_names_a_few_attributes(state: State) -> None:
    Site().made(state, ("author", "slug", "title", "url"))
    assert "author, slug, title, … of one.md" in Site(title="B").reason(state)


def test_a_page_of_several_stays_if_all_of_them_are_given_the_same(state: State) -> None:
    site = Site(given={"sub": "x"})
    plan = Plan(state.known(), site.shapes, site.tracer, site.frames)
    assert site.frames.whole(1, [2]) == Site().frames.whole(1, [2]) != site.frames.whole(1, [3])
    assert site.frames.whole(object()) == b""
    assert plan.reason(site.draft)


def test_documents_stand_while_they_are_made_from_the_same(tmp_path: Path) -> None:
    with State.open(tmp_path / "documents") as state:
        traces = {
            "feed.xml": Trace(Inputs(frame=b"one"), (Read(VERSION, ("count",), b"1"),)),
            "odd.xml": Trace(Inputs(frame=b"one", blocked="nobody knows")),
        }
        state.finish({}, (), traces, {VERSION: b"1"})
        site = Site()
        plan = Plan(state.known(), site.shapes, site.tracer, site.frames)
        plan.compare(state, site.subjects, {VERSION: b"1"})
        assert plan.stands("feed.xml", b"one")
        assert not plan.stands("feed.xml", b"two")
        assert not plan.stands("odd.xml", b"one")
        assert not plan.stands("nosuch.xml", b"one")
        plan.compare(state, site.subjects, {VERSION: b"2"})
        assert not plan.stands("feed.xml", b"one")


def test_a_template_of_another_jinja_or_without_a_name_is_not_followed(state: State) -> None:
    site = Site()
    plan = Plan(state.known(), site.shapes, site.tracer, site.frames)
    templates = {
        "Jinja": Environment(loader=DictLoader({"page": ""})).get_template("page"),  # noqa: S701  # as Pelican's
        "no name": site.draft.template.environment.from_string(""),
    }
    for reason, template in templates.items():
        draft = Draft("one.html", template, {}, {})
        assert reason in plan.closure(draft).blocked


def test_what_has_no_shape_cannot_be_compared() -> None:
    site = Site(given={"sub": object()})
    with pytest.raises(Opaque):
        site.frames.own(site.draft, NAMES)
    assert site.frames.common(site.draft, NAMES)
