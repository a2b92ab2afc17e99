"""What the files of a site may hold, few enough that edits meet: as strategies of edits.

An edit is a file's name and its new text; None if the file is to be gone.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from tests.incremental.snippets import (
    ANYWHERE,
    HOLE,
    HOOKS,
    OF_A_POST,
    SETTINGS,
    SOMETIMES,
    TEMPLATES,
    guarded,
)

Edit = tuple[str, str | None]
Edits = st.SearchStrategy[Edit]
Texts = st.SearchStrategy[str | None]

_PLAIN: Final = "overrides/by/plain.html"
# Posts that are not due yet are due within so many days.
DAYS: Final = 5

_BODIES: Final = (
    "Text.",
    "Taxt.",  # as long
    "Other text with *more* in it.\n\nAnd a second paragraph.",
    "[One]({filename}p1.md), [two]({filename}/posts/p2.md#part), [page]({filename}/pages/a.md).",
    "[Gone]({filename}nosuch.md) ![a]({static}/images/a.txt) [b]({attach}b.txt)",
    "[t]({tag}t) [c]({category}A) [a]({author}Bob) [i]({index})",
    "# Part\n\n    :::python\n    code()\n\n<div>&amp; {{ no_template }}</div>",
    "Long. " * 40,
)
_TITLES: Final = ("One", "Two", "B <&> \u00e4", "A title that is longer than the others")
_DATES: Final = ("2026-01-02", "2026-01-03 04:05", "2026-02-03", "2025-12-31", "2025-12-31 23:59")
_SLUGS: Final = ("p0", "p1", "p2", "p3")
POSTS: Final = (*(f"posts/{slug}.md" for slug in _SLUGS), "posts/p1-de.md", "posts/sub/p4.md")
_PAGES: Final = ("pages/a.md", "pages/b.md", "pages/a-de.md")
_OTHERS: Final = (
    *("images/a.txt", "images/sub/b.txt", "posts/b.txt", "extra/robots.txt"),
    *("categories/a.md", "categories/a/b.md", "tags/t.md", "tags/u-v.md"),
)
_DATA: Final = ("global", "init-p1", "end-p1", "end-p2", "text-p3")
_RESPONSES: Final = tuple(
    f"comments/{entry}/{number}.md" for entry in (*_SLUGS[:3], "a") for number in range(1, 4)
)
_PLUGIN: Final = """
from pathlib import Path

from pelican import signals


def data(name):
    path = Path("data", name)
    return path.read_text() if path.exists() else ""

{}

def register():
    ...
    {}
"""


# What a site begins with, beside its plugin and its settings.
SITE: Final[Mapping[str, str]] = {
    "content/posts/p0.md": "title: One\nslug: p0\ndate: 2026-01-02\ntags: t, u\n\nText.\n",
    "content/posts/p1.md": "title: Two\nslug: p1\ndate: 2026-01-03\ncategory: A/B\n\nText.\n",
    "content/posts/p2.md": "title: Two\nslug: p2\ndate: 2026-02-03\nauthors: Bob\n\nText.\n",
    "content/posts/p1-de.md": "title: Zwei\nslug: p1\ndate: 2026-01-03\nlang: de\n\nText.\n",
    "content/pages/a.md": "title: About\nslug: a\n\nUs.\n",
    "content/images/a.txt": "one",
    "content/comments/p0/1.md": "author: Dave\ndate: 2026-01-03T00:00:00Z\n\nWords.\n",
    "content/comments/p1/1.md": "author: Dave\ndate: 2026-01-04T00:00:00Z\n\nWords.\n",
    "content/templated.html": "{{ SITENAME }}",
    "theme/static/style.css": "",
    _PLAIN: "{{ article.title }} {{ article.content }}",
    **{f"theme/templates/{name}": text.replace(HOLE, "") for name, text in TEMPLATES.items()},
}


def posts(now: datetime) -> Edits:
    """Posts. Some are due only some days after ``now``."""
    days = tuple(f"{now + timedelta(days=n):%Y-%m-%d %H:%M}" for n in range(1, DAYS))
    return _edits({f"content/{name}": _post(name, days) for name in POSTS})


def pages() -> Edits:
    """Pages."""
    return _edits({f"content/{name}": _page(name) for name in _PAGES})


def responses() -> Edits:
    """Responses; some cannot be read."""
    fields = {
        "author": st.sampled_from(("Dave", "Zo\u00eb <b>", "Dave", None)),
        "date": st.sampled_from(
            ("2026-01-03T00:00:00+00:00", "2026-01-05T00:00:00Z", "2025-12-31")
        ),
        "replyto": st.sampled_from((None, None, "1", "2", "9")),
        "website": _maybe("https://example.org/"),
        "role": st.sampled_from((None, None, None, "author")),
    }
    bodies = ("Words.", "Wards.", "More *words* & <i>signs</i>.\n\n> Said.")
    text = st.builds(_file, st.fixed_dictionaries(fields), st.sampled_from(bodies))
    return _edits({f"content/{name}": text for name in _RESPONSES})


def others() -> Edits:
    """Static files, descriptions, a page that is a template, the site's own plugin."""
    texts = st.sampled_from(("one", "two", "three words here", "\u00e4"))
    filled = _filled(TEMPLATES["base.html"])
    return st.one_of(
        _edits({f"content/{name}": texts for name in _OTHERS}),
        _edits({f"data/{name}": st.sampled_from(("one", "two", "p1")) for name in _DATA}),
        st.tuples(st.just("content/templated.html"), filled),
        plugins(),
    )


def plugins() -> Edits:
    """The site's own plugin."""
    hooks = st.lists(st.sampled_from(HOOKS), max_size=3, unique=True)
    return st.tuples(st.just("local.py"), hooks.map(_plugin))


def templates() -> Edits:
    """Templates, of which some are there only sometimes."""
    always = {f"theme/templates/{name}": _filled(text) for name, text in TEMPLATES.items()}
    sometimes = {
        name if name.startswith("overrides/") else f"theme/templates/{name}": _maybe(*texts)
        for name, texts in SOMETIMES.items()
    }
    plain = {_PLAIN: _filled(f"{SITE[_PLAIN]}{HOLE}")}
    return _pairs({**always, **sometimes, **plain})


def settings() -> st.SearchStrategy[str]:
    """Some lines of a settings file."""
    lines = st.lists(st.sampled_from(SETTINGS), max_size=4, unique=True)
    return lines.map(lambda chosen: "".join(f"{line}\n" for line in chosen))


def _post(name: str, days: tuple[str, ...]) -> Texts:
    slug, lang = _parts(name)
    fields = {
        "title": st.sampled_from(_TITLES),
        "date": st.sampled_from(_DATES + days),
        "slug": st.sampled_from((*[slug] * 8, f"{slug}-too")),
        "lang": st.sampled_from((*[lang] * 9, "fr")),
        "category": _maybe("A", "A/B", "C", "A, C"),
        "tags": _maybe("t", "t, u", "U & V, t"),
        "authors": _maybe("Bob", "Bob; Ann Author"),
        "modified": _maybe("2026-03-04", "2026-03-05 06:07"),
        "status": st.sampled_from((*[None] * 6, "draft", "hidden")),
        "template": st.sampled_from((*[None] * 6, "by/plain")),
        "summary": _maybe("In *short*."),
        "comments": st.sampled_from((*[None] * 6, "closed", "open", "p0", "p1")),
        "sub": _maybe("x", "y"),
        "enclosure": _maybe("{static}/images/a.txt", "{attach}b.txt", "https://x.example/a 1"),
    }
    return st.builds(_file, st.fixed_dictionaries(fields), st.sampled_from(_BODIES))


def _page(name: str) -> Texts:
    slug, lang = _parts(name)
    fields = {
        "title": st.sampled_from(_TITLES),
        "slug": st.just(slug),
        "lang": st.just(lang),
        "status": st.sampled_from((*[None] * 4, "draft", "hidden")),
        "comments": st.sampled_from((*[None] * 4, "open")),
        "sub": _maybe("x", "y"),
    }
    return st.builds(_file, st.fixed_dictionaries(fields), st.sampled_from(_BODIES))


def _parts(name: str) -> tuple[str, str | None]:
    """The slug that a file's name gives, and the language."""
    stem = name.rpartition("/")[2].partition(".")[0]
    slug, _, lang = stem.partition("-")
    return slug, lang or None


def _file(fields: Mapping[str, str | None], body: str) -> str:
    lines = (f"{name}: {value}\n" for name, value in fields.items() if value is not None)
    return f"{''.join(lines)}\n{body}\n"


def _plugin(hooks: list[tuple[str, str]]) -> str:
    """The code of a plugin that has these hooks."""
    return _PLUGIN.format("".join(code for code, _ in hooks), "\n    ".join(c for _, c in hooks))


def _filled(text: str) -> Texts:
    """A template with some snippets in it."""
    snippet = st.one_of(st.sampled_from(ANYWHERE), st.sampled_from(OF_A_POST).map(guarded))
    return st.lists(snippet, max_size=2).map(lambda some: text.replace(HOLE, "\n".join(some)))


def _maybe(*values: str) -> Texts:
    """One of these about half of the time."""
    return st.sampled_from((*values, *[None] * len(values)))


def _edits(texts: Mapping[str, Texts]) -> Edits:
    """Edits of these files, of which some remove them."""
    return _pairs({name: st.one_of(text, text, text, st.none()) for name, text in texts.items()})


def _pairs(texts: Mapping[str, Texts]) -> Edits:
    names = st.sampled_from(sorted(texts))
    return names.flatmap(lambda name: st.tuples(st.just(name), texts[name]))
