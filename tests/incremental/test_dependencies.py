"""A page is rendered anew when anything that it shows has changed, and only then.

Each way of reading has two posts with a template of their own that reads so. One is changed, the
other is not.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.incremental.workshop import Specimen, Workshop, workshop
from tests.site import Site

_BARE: Final = (
    *("index", "archives", "categories", "category", "tags", "tag", "authors", "author"),
    *("page", "period_archives"),
)
_SETTINGS: Final = """
THEME = "theme"
DIRECT_TEMPLATES = ["index"]
RELATED_POSTS = 0
"""
# How a template may read a post, with the metadata it has before and after.
_POSTS: Final[dict[str, tuple[str, dict[str, str], dict[str, str]]]] = {
    "attribute": ("{{ article.title }}", {"title": "A"}, {"title": "B"}),
    "item": ("{{ article['title'] }}", {"title": "A"}, {"title": "B"}),
    "content": ("{{ article.content }}", {"body": "A"}, {"body": "B"}),
    "summary": ("{{ article.summary }}", {"body": "A"}, {"body": "B"}),
    "missing": ("{{ article.sub|default('-') }}", {}, {"sub": "B"}),
    "defined": ("{{ article.sub is defined }}", {}, {"sub": "B"}),
    "metadata": ("{{ article.metadata.sub }}", {"sub": "A"}, {"sub": "B"}),
    "metadata-keys": ("{{ article.metadata|sort|join }}", {}, {"sub": "B"}),
    "map": ("{{ [article]|map(attribute='title')|join }}", {"title": "A"}, {"title": "B"}),
    "map-default": (
        "{{ [article]|map(attribute='sub', default='-')|join }}",
        {},
        {"sub": "B"},
    ),
    "select": ("{{ [article]|selectattr('sub')|list|length }}", {}, {"sub": "B"}),
    "reject": ("{{ [article]|rejectattr('sub', 'defined')|list|length }}", {}, {"sub": "B"}),
    "group": (
        "{% for name, posts in [article]|groupby('title') %}{{ name }}{% endfor %}",
        {"title": "A"},
        {"title": "B"},
    ),
    "sort": (
        "{{ [article, article]|sort(attribute='title,sub')|length }}{{ article.sub }}",
        {"sub": "A"},
        {"sub": "B"},
    ),
    "sum": ("{{ [article]|sum('title.0', '') if 0 }}{{ article.sub }}", {}, {"sub": "B"}),
    "format": ("{{ '%s'|format(article.title) }}", {"title": "A"}, {"title": "B"}),
    "macro": (
        "{% macro m(a) %}{{ a.title }}{% endmacro %}{{ m(article) }}",
        {"title": "A"},
        {"title": "B"},
    ),
    "caller": (
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ article.title }}{% endcall %}",
        {"title": "A"},
        {"title": "B"},
    ),
    "imported": (
        "{% from 'macros.html' import m %}{{ m(article) }}",
        {"title": "A"},
        {"title": "B"},
    ),
    "included": ("{% include 'part.html' %}", {"title": "A"}, {"title": "B"}),
    "extended": (
        "{% extends 'frame.html' %}{% block b %}{{ article.title }}{% endblock %}",
        {"title": "A"},
        {"title": "B"},
    ),
    "tags": ("{{ article.tags|join(',') }}", {"tags": "a"}, {"tags": "a, b"}),
    "authors": ("{{ article.authors|map(attribute='url')|join }}", {}, {"author": "Bob"}),
    "category": ("{{ article.category.url }}", {"category": "A"}, {"category": "B"}),
    "nested": (
        "{{ article.categories|map(attribute='full_name')|join }}",
        {"category": "A"},
        {"category": "A/B"},
    ),
    "date": ("{{ article.date|strftime('%Y') }}", {}, {"date": "2025-01-01"}),
    "locale-date": ("{{ article.locale_date }}", {}, {"date": "2025-01-01"}),
    "modified": (
        "{{ article.modified.isoformat() if article.modified }}",
        {},
        {"modified": "2026-02-02"},
    ),
    "last-changed": ("{{ last_changed(article) }}", {}, {"modified": "2026-02-02"}),
    "comment-key": ("{{ comments(article) }}", {"comments": "one"}, {"comments": "two"}),
    "namespace": (
        "{% set ns = namespace(a=article) %}{{ ns.a.title }}",
        {"title": "A"},
        {"title": "B"},
    ),
    "conditional": ("{{ 'x' if article.sub else 'y' }}", {}, {"sub": "B"}),
    "first-link": (
        "{{ article.content }}",
        {"body": "[x]({filename}linked.md) [y]({static}/images/a.txt)"},
        {"body": "[x]({filename}linked.md) [y]({static}/images/b.txt)"},
    ),
}
# How it may read one so that nobody can follow: the unchanged one is rendered, too.
_UNFOLLOWED: Final[dict[str, tuple[str, dict[str, str], dict[str, str]]]] = {
    "attr": ("{{ article|attr('sub')|default('-') }}", {}, {"sub": "B"}),
    "str-format": ("{{ '{0.title}'.format(article) }}", {"title": "A"}, {"title": "B"}),
    "all-of-it": ("{{ article.__dict__.sub|default('-') }}", {}, {"sub": "B"}),
}


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    with workshop() as one:
        yield one


@pytest.fixture
def specimen(shop: Workshop, tmp_path: Path) -> Specimen:
    """A blog whose theme shows nothing yet."""
    specimen = Specimen(Site(tmp_path), shop)
    specimen.site.write({f"theme/templates/{name}.html": "" for name in _BARE})
    specimen.set(_SETTINGS)
    return specimen


def write(specimen: Specimen, name: str, template: str, fields: dict[str, str]) -> None:
    fields = {"template": template} | fields
    specimen.site.post(name, fields.pop("body", "Text."), **fields)


def page(name: str) -> str:
    return f"{name}/index.html"


def test_a_page_is_rendered_when_what_it_reads_of_a_post_has_changed(specimen: Specimen) -> None:
    specimen.site.write(
        {
            "theme/templates/macros.html": "{% macro m(a) %}{{ a.title }}{% endmacro %}",
            "theme/templates/part.html": "{{ article.title }}",
            "theme/templates/frame.html": "<{% block b %}{% endblock %}>",
            "content/images/a.txt": "A",
            "content/images/b.txt": "B",
        }
    )
    ways = _POSTS | _UNFOLLOWED
    for name, (text, before, _) in ways.items():
        specimen.site.write({f"theme/templates/by/{name}.html": text})
        write(specimen, name, f"by/{name}", before)
        write(specimen, f"{name}-twin", f"by/{name}", before)
    for entry in ("one", "two"):
        specimen.site.response(entry, "1", body=f"To {entry}.")
        # Of those that share a key, the newest says whose responses these are.
        write(specimen, entry, "part", {"comments": entry, "date": "2026-05-05"})
    write(specimen, "linked", "part", {})
    unfollowed = {page(name + end) for name in _UNFOLLOWED for end in ("", "-twin")}
    specimen.prove()
    assert specimen.prove().keys() == unfollowed
    for name, (_, _, after) in ways.items():
        write(specimen, name, f"by/{name}", after)
    rendered = specimen.prove()
    of_posts = rendered.keys() & {page(name + end) for name in ways for end in ("", "-twin")}
    assert of_posts == {page(name) for name in ways} | unfollowed


def test_links_between_posts_follow_where_these_go(specimen: Specimen) -> None:
    specimen.set(_SETTINGS + 'PLUGINS = ["incremental"]\n')
    specimen.site.write({"theme/templates/article.html": "{{ article.content }}"})
    for name in ("first", "second", "third"):
        specimen.site.post(name)
    links = "[1]({filename}first.md) [2]({filename}second.md) [3]({filename}third.md)"
    specimen.site.post("one", links)
    specimen.site.post("two", "[3]({filename}third.md)")
    specimen.prove()
    path = specimen.root / "content/posts/first.md"
    path.write_text(path.read_text().replace("Slug: first", "Slug: fist"))
    assert {page("one"), page("two")} & specimen.prove().keys() == {page("one")}


def test_feeds_and_pages_follow_the_files_that_posts_bring_along(specimen: Specimen) -> None:
    text = "{{ article.enclosures|map(attribute='name')|join }}{{ article.enclosures|length }}"
    shown = "{% for each in article.enclosures %}{{ each.url }} {{ each.length }}{% endfor %}"
    specimen.site.write({"theme/templates/article.html": text + shown})
    feeds = {f"feeds/{path}" for path in ("all.rss.xml", "all.atom.xml", "all.json")}

    def changed() -> set[str]:
        before = {name: (specimen.root / "output" / name).read_bytes() for name in feeds}
        rendered = set(specimen.prove())
        after = {name: (specimen.root / "output" / name).read_bytes() for name in feeds}
        return rendered | {name for name in feeds if before[name] != after[name]}

    one = {"enclosure": "{static}/audio/one.mp3"}
    specimen.site.write({"content/audio/one.mp3": b"1"})
    specimen.site.post("first", **one)
    specimen.site.post("second")
    specimen.prove()
    assert changed() == set()
    specimen.site.write({"content/audio/one.mp3": b"12"})
    assert changed() == feeds | {page("first")}
    specimen.site.post("second", **one)
    assert changed() == feeds | {page("second")}
    specimen.site.post("first")
    assert changed() == feeds | {page("first")}
    (specimen.root / "content/audio/one.mp3").unlink()
    assert changed() == feeds | {page("second")}


def test_a_template_that_comes_later_is_seen(specimen: Specimen) -> None:
    specimen.set(_SETTINGS + 'THEME_TEMPLATES_OVERRIDES = ["overrides"]\n')
    texts = {
        "ignored": "{% include 'later.html' ignore missing %}",
        "listed": "{% include ['later.html', 'part.html'] %}",
        "chosen": "{% include article.slug ~ '.html' ignore missing %}",
        "plain": "{% include 'part.html' %}",
    }
    for name, text in texts.items():
        specimen.site.write({f"theme/templates/by/{name}.html": text})
        write(specimen, name, f"by/{name}", {})
    specimen.site.write({"theme/templates/part.html": "part"})
    specimen.prove()
    specimen.site.write({"theme/templates/later.html": "later"})
    assert specimen.prove().keys() == {page("ignored"), page("listed"), page("chosen")}
    specimen.site.write({"overrides/chosen.html": "chosen"})
    assert specimen.prove().keys() == {page("chosen")}
    specimen.site.write({"overrides/part.html": "other part"})
    assert specimen.prove().keys() == {page("listed"), page("chosen"), page("plain")}
    (specimen.root / "overrides/part.html").unlink()
    (specimen.root / "theme/templates/later.html").unlink()
    assert specimen.prove().keys() == {page(name) for name in texts}


_FUNCTIONS: Final = """
from pathlib import Path

def peek(*_):
    return Path("data.txt").read_text()

def loud(text):
    return str(text).upper()

JINJA_GLOBALS = {"peek": peek}
JINJA_FILTERS = {"peeked": peek, "loud": loud}
JINJA_TESTS = {"peeking": lambda _: bool(peek())}
INCREMENTAL_PURE = ["loud"]
"""


def test_functions_that_nobody_can_follow_are_called_each_time(specimen: Specimen) -> None:
    texts = {
        "function": "{{ peek() }}",
        "filter": "{{ article.title|peeked }}",
        "mapped": "{{ [article.title]|map('peeked')|first }}",
        "test": "{{ article.title is peeking }}",
        "selected": "{{ [article.title]|select('peeking')|list }}",
        "macro": "{% from 'macros.html' import m %}{{ m() }}",
        "module": "{% from 'macros.html' import looked %}{{ looked }}",
        "in-response": "{{ comments(article) }}",
    }
    for name, text in texts.items():
        specimen.site.write({f"theme/templates/by/{name}.html": text})
        write(specimen, name, f"by/{name}", {})
        write(specimen, f"{name}-twin", f"by/{name}", {})
    for name in ("in-response", "in-response-twin"):
        specimen.site.response(name, "1")
    specimen.site.write(
        {
            "theme/templates/macros.html": "{% set looked = peek() %}{% macro m() %}{{ peek() }}"
            "{% endmacro %}",
            "theme/templates/comments/comment.html": "{{ comment.author|peeked }}",
            "theme/templates/by/pure.html": "{{ article.title|loud }}",
            "data.txt": "one",
        }
    )
    write(specimen, "pure", "by/pure", {})
    specimen.set(_SETTINGS + _FUNCTIONS)
    specimen.prove()
    unfollowed = {page(name + end) for name in texts for end in ("", "-twin")}
    assert specimen.prove().keys() == unfollowed
    specimen.site.write({"data.txt": ""})
    assert specimen.prove().keys() == unfollowed


_PLUGIN: Final = """
from pathlib import Path

from pelican import signals
from pelican.urlwrappers import Tag


def data(name):
    path = Path("data", name)
    return path.read_text() if path.exists() else ""


def at_init(content):
    if data(f"init-{getattr(content, 'slug', '')}"):
        content.hung = data(f"init-{content.slug}")


def in_context(generator, metadata):
    if data(f"context-{metadata.get('slug')}"):
        metadata["hung"] = data(f"context-{metadata['slug']}")


def at_the_end(generators):
    for generator in generators:
        generator.env.globals["known"] = data("global")
    for each in generators[0].articles:
        if data(f"end-{each.slug}"):
            each.hung = [data(f"end-{each.slug}")]
        if data(f"text-{each.slug}"):
            each._content = data(f"text-{each.slug}")
        if data(f"getting-{each.slug}"):
            each._get_content = lambda each=each: data(f"getting-{each.slug}")
        if data(f"place-{each.slug}"):
            each.metadata["hung"] = data(f"place-{each.slug}")
    for tag, _ in generators[0].context["tags"]:
        if data(f"tag-{tag.slug}"):
            tag.hung = data(f"tag-{tag.slug}")
    generators[0].context["known_too"] = {"of": [data("context")]}


def before_writing(generator, content):
    if data(f"write-{content.slug}"):
        content.hung = data(f"write-{content.slug}")


def between(generator, writer):
    for each in generator.context["pages"]:
        each.hung = data(f"between-{each.slug}")


def register():
    signals.content_object_init.connect(at_init)
    signals.article_generator_context.connect(in_context)
    signals.all_generators_finalized.connect(at_the_end)
    if Path("data/write-write").exists():
        signals.article_generator_write_article.connect(before_writing)
    signals.article_writer_finalized.connect(between)
"""


def plug(specimen: Specimen) -> None:
    """Give the blog its own plugin, which hangs on posts what lies in the folder ``data``."""
    specimen.site.write(
        {
            "theme/templates/by/hung.html": "{{ article.hung|default('-') }}"
            "{{ article.metadata.hung }}",
            "data/x": "",
            "local.py": _PLUGIN,
        }
    )
    specimen.set(_SETTINGS + 'PLUGIN_PATHS = [*PLUGIN_PATHS, "."]\nPLUGINS = [*PLUGINS, "local"]\n')


def test_what_plugins_hang_on_posts_while_they_are_written_is_seen(specimen: Specimen) -> None:
    plug(specimen)
    # Pelican writes the newest first.
    write(specimen, "write", "by/hung", {"date": "2025-01-01"})
    write(specimen, "write-twin", "by/hung", {})
    specimen.site.write({"data/write-write": ""})
    specimen.prove()
    for text in ("one", "two", ""):
        specimen.site.write({"data/write-write": text})
        assert page("write") in specimen.prove()


def test_what_plugins_hang_on_posts_and_pages_is_seen(specimen: Specimen) -> None:
    plug(specimen)
    names = ("init", "context", "end", "place")
    for name in (*names, "text", "getting"):
        write(specimen, name, "by/hung" if name in names else "by/content", {})
        write(specimen, f"{name}-twin", "by/hung" if name in names else "by/content", {})
    write(specimen, "global", "by/global", {})
    write(specimen, "known-too", "by/known-too", {})
    write(specimen, "module", "by/module", {"tags": "a, b"})
    write(specimen, "module-twin", "by/module", {})
    specimen.site.write(
        {
            "theme/templates/by/content.html": "{{ article.content }}",
            "theme/templates/by/global.html": "{{ known }}",
            "theme/templates/by/known-too.html": "{{ known_too.of }}",
            "theme/templates/by/module.html": "{% from 'macros.html' import m %}{{ m() }}",
            "theme/templates/macros.html": "{% set k = known %}{% macro m() %}{{ known }}"
            "{% endmacro %}",
            "theme/templates/tag.html": "{{ tag.hung|default('-') }}",
            "theme/templates/page.html": "{{ page.hung|default('-') }}",
            "content/pages/between.md": "Title: Page\n\nText.\n",
            "content/pages/twin.md": "Title: Twin\n\nText.\n",
        }
    )
    specimen.prove()
    changed = [f"{name}-{name}" for name in (*names, "text", "getting")]
    for text in ("one", "two", ""):
        files = dict.fromkeys([*changed, "tag-a", "between-between", "global", "context"], text)
        specimen.site.write({f"data/{name}": text for name, text in files.items()})
        rendered = specimen.prove().keys()
        assert {page(name) for name in (*names, "text", "getting")} <= rendered
        assert not {page(f"{name}-twin") for name in names} & rendered


def test_the_source_of_a_post_that_went_is_not_left_behind(specimen: Specimen) -> None:
    specimen.set(_SETTINGS + "OUTPUT_SOURCES = True\n")
    specimen.site.post("one")
    specimen.site.post("two")
    specimen.prove()
    (specimen.root / "content/posts/one.md").unlink()
    specimen.prove()
    assert not (specimen.root / "output/one").exists()


def test_pages_that_are_templates_are_seen_as_they_are(specimen: Specimen) -> None:
    specimen.set(_SETTINGS + 'TEMPLATE_PAGES = {f"{n}.html": f"{n}/index.html" for n in "abcd"}\n')
    specimen.site.write(
        {
            "content/a.html": "{% include 'b.html' ignore missing %}{% include 'd.html' %}",
            "content/b.html": "{{ SITENAME }}",
            "content/c.html": "{% include name or 'd.html' %}",
            "content/d.html": "content's",
            "theme/templates/d.html": "the theme's",
        }
    )
    specimen.prove()
    assert specimen.prove().keys() == {page("c")}
    specimen.site.write({"content/b.html": "{{ SITEURL }}"})
    assert specimen.prove().keys() == {page("b"), page("c")}
    specimen.site.write({"content/d.html": "another"})
    assert specimen.prove().keys() == {page("d"), page("c")}


_PAGES_OF_ITS_OWN: Final = """
from pathlib import Path

from jinja2 import Template
from pelican import signals


def write(generator, writer):
    text = Path("data").read_text()
    environment = generator.env
    for name, template in (
        ("own", Template(text)),
        ("nameless", environment.from_string(text)),
        ("theirs", environment.get_template("theirs.html")),
    ):
        writer.write_file(f"{name}/index.html", template, generator.context, url="")


def register():
    signals.article_writer_finalized.connect(write)
"""


def test_pages_that_a_plugin_makes_of_its_own_templates_are_made_each_time(
    specimen: Specimen,
) -> None:
    specimen.site.write(
        {
            "local.py": _PAGES_OF_ITS_OWN,
            "data": "{{ SITENAME }} one",
            "theme/templates/theirs.html": "{{ articles|map(attribute='title')|join }}",
        }
    )
    specimen.set(_SETTINGS + 'PLUGIN_PATHS = [*PLUGIN_PATHS, "."]\nPLUGINS = [*PLUGINS, "local"]\n')
    specimen.site.post("post")
    specimen.prove()
    specimen.site.write({"data": "{{ SITENAME }} two"})
    # Who writes at that time may have changed what is written after it.
    assert specimen.prove().keys() == {page("own"), page("nameless"), page("theirs")}


_TITLES = """
from pathlib import Path

from pelican import signals


def between(generator, writer):
    for each in generator.context["pages"]:
        each.title += Path("data").read_text()


def register():
    signals.article_writer_finalized.connect(between)
"""


def test_pages_that_a_plugin_changes_after_the_posts_are_made_each_time(specimen: Specimen) -> None:
    specimen.site.write(
        {"local.py": _TITLES, "data": "", "content/pages/us.md": "title: Us\n\nUs.\n"}
    )
    specimen.set(_SETTINGS + 'PLUGIN_PATHS = [*PLUGIN_PATHS, "."]\nPLUGINS = [*PLUGINS, "local"]\n')
    specimen.site.post("post")
    specimen.prove()
    specimen.prove()
    specimen.site.write({"data": " too"})
    assert page("us") in specimen.prove()
