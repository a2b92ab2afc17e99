"""Blogs that WordPress exports, made at random, of what files could take for something else."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from tests.afterword.importers.wxr.conftest import document, item

# What somebody could take for Markdown, for a header, for a tag, for a shortcode or a comment.
SIGNS: Final = "*_#-+>:;!|\\[]{}()<&~=^$%@\"'`.,/0 1a b\u00e4\u65e5\U0001f9c2"
HOSTILE: Final = (
    *("- a list", "---", "a: b", ": b", "Title: x", "Status: published", "#1", "1. a", "> b"),
    *('"Quoted"', "It's 'so'", "a\nStatus: draft", "a\r\nb", "*a* _b_ `c`", "<b>"),
    *("a & b &amp; c", "{filename}/x.md", "{{ title }}", "|category|x", "a\u2028b", "a\\"),
    *("\U0001f9c2\U0001f1e9\U0001f1ea", "[x](y)", "[^1]: x", "x" * 200, "\u65e5\u672c"),
    *("a/b", "a, b", "a; b", "", "..."),
)
SLUGS: Final = ("first", "first", "First", "%C3%A4", "x" * 250, "", "a--b", "../x", "-")
# Each as WordPress keeps it, and what readers saw of it.
FORMS: Final = (
    ("{}", "{}"),
    ("<b>{}</b> and\n<em>on</em>", "{} and on"),
    ('<a href="https://else.example/?a=1&amp;b=(2)">{}</a>', "{}"),
    ("<h2>{}</h2>", "{}"),
    ("<ul><li>{}</li><li>two</li></ul>", "{}two"),
    ("<blockquote>{}\n\ntwo</blockquote>", "{}two"),
    ("<table><tr><th>{}</th></tr><tr><td>b</td></tr></table>", "{}b"),
    ("<pre><code>{}\n\n    x = 1</code></pre>", "{} x = 1"),
    ("<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->", "{}"),
    ("<!-- wp:list -->\n<ul><li>{}</li></ul>\n<!-- /wp:list -->", "{}"),
    ('<!-- wp:group {"a":"b"} --><div class="g"><p>{}</p></div><!-- /wp:group -->', "{}"),
    ('[caption width="1"]<img src="https://e.example/x.png" alt=""> {}[/caption]', "{}"),
    ("[[gallery]] {}", "[gallery] {}"),
    ("[unknown a='b'] {}", "[unknown a='b'] {}"),
)

names = st.one_of(st.sampled_from(HOSTILE), st.text(SIGNS, max_size=12).map(str.strip))
words = st.text(SIGNS.replace("[", ""), min_size=1, max_size=12).map(str.strip)


@dataclass(frozen=True)
class Piece:
    """A part of a text."""

    form: str
    shown: str
    words: str

    @property
    def source(self) -> str:
        """The part as WordPress keeps it."""
        return self.form.replace("{}", html.escape(self.words, quote=False))

    @property
    def said(self) -> str:
        """What readers saw of it."""
        return self.shown.replace("{}", self.words)


@dataclass(frozen=True)
class Group:
    """A category or tag. ``parent`` is the slug of another one."""

    slug: str
    name: str
    about: str
    parent: str = ""


@dataclass(frozen=True)
class Written:
    """A post."""

    number: int
    title: str
    slug: str
    excerpt: str
    author: str
    pieces: Sequence[Piece]
    categories: Sequence[Group]
    tags: Sequence[Group]

    def xml(self) -> str:
        labels = [
            f'<category domain="{domain}" nicename="{each.slug}">x</category>'
            for domain, groups in (("category", self.categories), ("post_tag", self.tags))
            for each in groups
        ]
        return item(
            self.number,
            title=self.title,
            post_name=self.slug,
            creator=self.author,
            excerpt=html.escape(self.excerpt, quote=False),
            content="\n\n".join(each.source for each in self.pieces),
            more="".join(labels),
        )


@dataclass(frozen=True)
class Blog:
    """A whole site. The first of its authors has the login ``writer0``."""

    categories: Sequence[Group]
    tags: Sequence[Group]
    authors: Sequence[str]
    posts: Sequence[Written]

    def xml(self) -> str:
        parts = [
            "<wp:wxr_version>1.2</wp:wxr_version>",
            *(
                _element(
                    "category", category_nicename=each.slug, category_parent=each.parent,
                    cat_name=_stored(each.name), category_description=_stored(each.about),
                )
                for each in self.categories
            ),
            *(
                _element(
                    "tag", tag_slug=each.slug, tag_name=_stored(each.name),
                    tag_description=_stored(each.about),
                )
                for each in self.tags
            ),
            *(
                _element("author", author_login=f"writer{n}", author_display_name=_stored(name))
                for n, name in enumerate(self.authors)
            ),
        ]  # fmt: skip
        return document(*(each.xml() for each in self.posts), channel="".join(parts))

    def lineage(self, group: Group) -> Sequence[Group]:
        """A category with those above it, the topmost first."""
        above = [each for each in self.categories if each.slug == group.parent]
        return [*(self.lineage(above[0]) if above else ()), group]

    def used(self) -> tuple[Iterable[Group], Iterable[Group]]:
        """The categories and the tags that posts are in, each once."""
        categories = (each for post in self.posts for each in post.categories)
        above = {one.slug: one for each in categories for one in self.lineage(each)}
        tags = {each.slug: each for post in self.posts for each in post.tags}
        return above.values(), tags.values()


def _element(name: str, **parts: str) -> str:
    inside = "".join(f"<wp:{key}>{text}</wp:{key}>" for key, text in parts.items())
    return f"<wp:{name}>{inside}</wp:{name}>"


def _stored(text: str) -> str:
    """A name as it lies in WordPress's database, where it is HTML, in XML."""
    return html.escape(html.escape(text, quote=False), quote=False)


@st.composite
def blogs(draw: st.DrawFn) -> Blog:
    """Small blogs."""
    categories: list[Group] = []
    for number in range(draw(st.integers(1, 4))):
        parent = draw(st.sampled_from(["", *(each.slug for each in categories)]))
        categories.append(Group(f"c{number}", draw(names), draw(words), parent))
    tags = [Group(f"t{n}", draw(names), draw(words)) for n in range(draw(st.integers(0, 3)))]
    pieces = st.lists(
        st.builds(lambda form, said: Piece(form[0], form[1], said), st.sampled_from(FORMS), words),
        max_size=4,
    )
    posts = [
        Written(
            number,
            draw(names),
            draw(st.sampled_from(SLUGS)),
            draw(st.one_of(st.just(""), words)),
            draw(st.sampled_from(["writer0", "nobody"])),
            draw(pieces),
            draw(st.lists(st.sampled_from(categories), unique=True, max_size=3)),
            draw(st.lists(st.sampled_from(tags), unique=True)) if tags else [],
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    return Blog(categories, tags, draw(st.lists(names, min_size=1, max_size=2)), posts)
