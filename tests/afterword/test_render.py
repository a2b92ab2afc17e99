"""What the templates are given: nested, safe in any environment, and complete."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from afterword.conversations import Conversation
from afterword.entries import Entry
from afterword.model import Comment
from afterword.render import Form, Look, Overview, Renderer, Responses
from afterword.settings import Settings

NOW = datetime(2020, 6, 1, tzinfo=UTC)
ENTRY = Entry(
    key="e",
    title="A & B",
    url="https://blog.example/e/",
    path="e",
    guid="g",
    published=NOW,
    open=True,
)


def comment(id: str, replyto: str | None = None, **changes: object) -> Comment:  # noqa: A002
    """A comment, with what a test says about it."""
    fields: dict[str, object] = {
        "entry": "e",
        "id": id,
        "author": "Dave",
        "date": datetime(2020, 1, 1, int(id) % 24, tzinfo=UTC),
        "body": "Body.",
        "replyto": replyto,
    }
    return Comment(**(fields | changes))  # type: ignore[arg-type]


def responses(
    *comments: Comment, templates: dict[str, str] | None = None, **settings: object
) -> Responses:
    """The responses of an entry, rendered by a theme with these templates."""
    environment = Environment(loader=DictLoader(templates or {}), autoescape=False)  # noqa: S701  # as Pelican's
    renderer = Renderer.over(
        environment,
        Settings(**({"url": "/comments/submit"} | settings)),  # type: ignore[arg-type]
        Look(UTC, "%d %B %Y"),
        "https://blog.example",
        NOW,
    )
    conversation = Conversation.of("e", comments)
    return Responses(ENTRY, conversation, renderer, {"rss": "e/comments.rss.xml"})


def flat(views: object) -> list[tuple[str, int]]:
    """Ids and depths, by walking the nested replies."""
    return [pair for v in views for pair in [(v.id, v.depth), *flat(v.replies)]]  # type: ignore[attr-defined]


@given(
    st.lists(st.none() | st.integers(0, 30).map(str), max_size=30),
    st.integers(1, 5),
)
def test_nothing_vanishes_however_few_levels_there_are(
    targets: list[str | None], levels: int
) -> None:
    made = [comment(str(n), target) for n, target in enumerate(targets)]
    shown = responses(*made, max_depth=levels)
    walked = flat(shown)
    assert sorted(id for id, _ in walked) == sorted(c.id for c in made)  # noqa: A001
    assert [id for id, _ in walked] == [view.id for view in shown.views]  # noqa: A001
    assert all(depth < levels for _, depth in walked)


def test_deeper_replies_stand_at_the_last_level_and_name_whom_they_answer() -> None:
    chain = [comment(str(n), str(n - 1) if n else None) for n in range(4)]
    shown = responses(*chain, max_depth=2)
    assert flat(shown) == [("0", 0), ("1", 1), ("2", 1), ("3", 1)]
    last = shown.views[-1]
    assert last.flattened
    assert last.parent is shown.views[-2]
    assert not shown.views[1].flattened


@pytest.mark.parametrize("field", ["author", "initials", "website", "metadata", "content", "url"])
def test_a_theme_that_does_not_escape_is_safe_all_the_same(field: str) -> None:
    hostile = comment(
        "1",
        author='"><script>x</script>\u202e',
        website="https://a.example/?'&amp;<".replace("<", ""),
        body="<script>x</script>",
    )
    template = f'<i title="{{{{ c.{field} }}}}">{{{{ c.{field} }}}}</i>'
    environment = Environment(autoescape=False)  # noqa: S701  # as Pelican's
    text = environment.from_string(template).render(c=responses(hostile)[0])
    assert "<script" not in text
    assert "\u202e" not in text
    if field != "content":
        assert text.count('"') == 2
    if field == "website":
        assert "&#39;" in text


def test_our_environment_escapes_and_the_themes_own_stays_as_it_was() -> None:
    templates = {
        "comments/count.html": "{% include 'part' %}{% block b %}{{ entry.title }}{% endblock %}",
        "part": "{{ entry.title }},",
    }
    environment = Environment(loader=DictLoader(templates), autoescape=False)  # noqa: S701  # as Pelican's
    renderer = Renderer.over(environment, Settings(), Look(UTC, "%Y"), "", NOW)
    counted = Responses(ENTRY, Conversation.of("e"), renderer, {}).count_html
    assert counted == "A &amp; B,A &amp; B"
    assert environment.get_template("part").render(entry=ENTRY) == "A & B,"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "Leave a response"), (1, "1 Response"), (2, "2 Responses")]
)
def test_the_count_is_a_sentence(number: int, text: str) -> None:
    counted = responses(*(comment(str(n)) for n in range(number))).count_html
    assert f">{text}<" in counted
    assert isinstance(counted, Markup)


def test_a_closed_entry_without_responses_shows_nothing() -> None:
    shown = responses()
    closed = Responses(
        Entry(**{f: getattr(ENTRY, f) for f in ENTRY.__slots__} | {"open": False}),
        Conversation.of("e"),
        shown._renderer,
        {},
    )
    assert closed.html.strip() == ""
    assert closed.count_html == ""


def test_dates_are_shown_in_the_zone_of_the_site_and_kept_in_utc() -> None:
    view = responses(comment("5"))[0]
    assert (view.locale_date, view.locale_time) == ("01 January 2020", "05:00")
    assert view.iso_date == "2020-01-01T05:00:00+00:00"


@pytest.mark.parametrize("hours", [-5, 5])
def test_the_first_and_the_last_day_are_shown_in_whatever_zone(hours: int) -> None:
    look = Look(timezone(timedelta(hours=hours)), "%m/%d")
    assert look.date(datetime.min.replace(tzinfo=UTC)) == "01/01"
    assert look.date(datetime.max.replace(tzinfo=UTC)) == "12/31"


def test_the_heading_counts() -> None:
    assert "One Response to <cite>A &amp; B</cite>" in responses(comment("1")).html
    assert "2 Responses to <cite>A &amp; B</cite>" in responses(comment("1"), comment("2")).html
    assert "No responses yet" in responses().html


def test_a_form_with_complaints_keeps_what_was_typed() -> None:
    shown = responses(url="/comments/submit")
    template = shown._renderer.environment.get_template("comments/form.html")
    form = Form(
        "/comments/submit",
        values={"body": "</textarea><script>", "author": '" onfocus="x'},
        errors={"email": "Please give an e-mail address."},
    )
    text = template.render(entry=ENTRY, form=form)
    assert "&lt;/textarea&gt;&lt;script&gt;" in text
    assert 'value="&#34; onfocus=&#34;x"' in text
    assert 'href="#respond-email"' in text
    assert 'aria-describedby="respond-email-hint error-email" aria-invalid="true"' in text


def test_recent_responses_are_the_newest_of_all() -> None:
    shown = responses(*(comment(str(n), author=f"N{n}") for n in range(8)))
    text = Overview(shown._renderer, (shown,)).newest[:3].recent(shown._renderer)
    assert [name for name in ("N7", "N6", "N5", "N4") if name in text] == ["N7", "N6", "N5"]
