"""Texts that many pages have in common: made once, and every page knows what it has read."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from incremental.fragments import Fragments, building, followed, mark
from incremental.once import Once
from incremental.rendering import follow
from incremental.tracing import PageTrace, Tracer
from tests.site import Site

MACROS = """
{%- macro listed(number) %}{{ seen(number) }}{% endmacro %}
{%- macro answered(number) %}{{ answers(number) }}{% endmacro %}
{%- macro odd(number) %}{{ clock(number) }}{% endmacro %}
"""


@dataclass
class Theme:
    """Templates in an environment that is followed, and how often its functions were called."""

    environment: Environment
    tracer: Tracer
    fragments: Fragments
    calls: list[int]

    def page(self, text: str) -> tuple[str, PageTrace, frozenset[str]]:
        """Render a page; return it, what it has read, and the keys of its fragments."""
        trace = PageTrace(lambda _: None)
        template = self.environment.from_string('{% import "macros" as m %}' + text)
        with building(self.fragments), self.fragments.page() as page:
            self.tracer.page = trace
            rendered = template.render()
            self.tracer.page = None
            printed = getattr(rendered, "printed", rendered)
            settled = self.fragments.settle(printed, page)
        found = frozenset(piece.fragment.key for piece in settled.pieces)
        return settled.data.decode(), trace, found | {each.key for each in settled.loose}


@pytest.fixture
def theme() -> Theme:
    """A theme with a function that is followed, one that marks and one that nobody knows."""
    tracer = Tracer(frozenset())
    made = Theme(
        Environment(loader=DictLoader({"macros": MACROS})),  # noqa: S701  # as Pelican's are
        tracer,
        Fragments(tracer=tracer),
        [],
    )
    follow(made.environment, tracer, made.fragments)

    @followed()
    def seen(number: int) -> str:
        made.calls.append(number)
        return f"<{number}>"

    @followed()
    def answers(number: int) -> str:
        return mark("count", str(number), f"{number} answers")

    made.environment.globals.update(seen=seen, answers=answers, clock=lambda number: f"{number}!")
    made.environment.globals["once"] = Once(tracer, made.fragments)
    return made


def test_a_text_is_made_for_the_first_page_that_has_it(theme: Theme) -> None:
    pages = [theme.page("{{ once(m.listed, 1) }} {{ once(m.listed, 2) }}")[0] for _ in range(3)]
    assert pages == ["<1> <2>"] * 3
    assert theme.calls == [1, 2]


def test_every_page_has_its_fragments(theme: Theme) -> None:
    for _ in range(2):
        text, _, fragments = theme.page("{{ once(m.answered, 7) }}")
        assert text == "7 answers"
        assert fragments == {"7"}


def test_who_looks_into_it_has_looked_into_its_fragments(theme: Theme) -> None:
    for _ in range(2):
        text, _, fragments = theme.page("{{ once(m.answered, 7)|length }}")
        assert text == "9"
        assert fragments == {"7"}


def test_what_cannot_be_followed_is_not_followed_in_any_page(theme: Theme) -> None:
    for _ in range(2):
        text, trace, _ = theme.page("{{ once(m.odd, 3) }}")
        assert text == "3!"
        assert "clock" in trace.blocked or "lambda" in trace.blocked


def test_a_list_shows_a_change_of_each_post_in_it(site: Site) -> None:
    for number in range(3):
        site.post(f"post-{number}", tags="t")
    settings = '\nPLUGINS = [*PLUGINS, "incremental"]\nINCREMENTAL_WHY = True\n'
    assert site.build(settings).status == 0
    site.post("post-1", tags="t", title="Another Title")
    build = site.build(settings)
    assert "tag/t/index.html: " in build.log
    assert "Another Title" in build.read("tag/t/index.html")
    clean = site.build(f"{settings}INCREMENTAL_STATE = {str(Path('other'))!r}\n", output="clean")
    assert clean.files() == build.files()
