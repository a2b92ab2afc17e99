"""What an author or a reader does to the blog between two builds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from bench.corpus import LATER, Corpus
from bench.layouts import Layout, put
from bench.model import Post, Response


@dataclass(frozen=True, slots=True)
class Blog:
    """A blog as it is on disk, where ``post`` is the one that changes, as it was last written."""

    corpus: Corpus
    layout: Layout
    folder: Path
    post: Post

    def change(self, kind: str, number: int) -> "tuple[Blog, Proof]":
        """Make a change of a kind; ``number`` makes it unlike any other.

        Returns the blog as it is afterwards, and what shows that a build has taken it up.
        """
        return _KINDS[kind](self, number)


@dataclass(frozen=True, slots=True)
class Proof:
    """A page, by its file below the output folder, and words that were never on it before.

    Without words the page shows the change by any difference, without a page nothing does.
    """

    page: str = ""
    words: str = ""

    @property
    def url(self) -> str:
        """The page's address below the site's."""
        return self.page.removesuffix("index.html")

    def holds(self, before: str, after: str) -> bool:
        """Whether the page, before a build and after it, shows the change."""
        if not self.words:
            return before != after
        return self.words in after and self.words not in before


def page_of(post: Post) -> str:
    """Return where every tool writes a post's page."""
    return f"{post.slug}/index.html"


def _nothing(blog: Blog, _: int) -> tuple[Blog, Proof]:
    return blog, Proof()


def _response(blog: Blog, number: int) -> tuple[Blog, Proof]:
    words, last = f"Answered {number} times", blog.post.responses[-1]
    answer = Response(
        id=str(int(last.id) + 1),
        author="Ada Reader",
        date=LATER + timedelta(minutes=number),
        website=None,
        replyto=last.id,
        body=f"{words} by now.\n\nAnd *still* not all has been said.",
    )
    post = replace(blog.post, responses=(*blog.post.responses, answer))
    return _written(blog, post, blog.layout.answered, words)


def _edit(blog: Blog, number: int) -> tuple[Blog, Proof]:
    words = f"Edited {number} times"
    post = replace(blog.post, body=f"{blog.post.body}\n\n{words} by now.")
    return _written(blog, post, blog.layout.source, words)


def _new_post(blog: Blog, number: int) -> tuple[Blog, Proof]:
    post = replace(blog.corpus.post(blog.corpus.size + number), responses=())
    _put(blog, blog.layout.source(post))
    return blog, Proof(page_of(post), post.title)


def _template(blog: Blog, _: int) -> tuple[Blog, Proof]:
    template, line = blog.folder / blog.layout.template, blog.layout.line
    text = template.read_text(encoding="utf-8")
    put(template, text.replace(line, f"{line}\n", 1))
    return blog, Proof(page_of(blog.post))


def _written(
    blog: Blog, post: Post, file: Callable[[Post], tuple[str, str]], words: str
) -> tuple[Blog, Proof]:
    _put(blog, file(post))
    return replace(blog, post=post), Proof(page_of(post), words)


def _put(blog: Blog, file: tuple[str, str]) -> None:
    name, text = file
    put(blog.folder / name, text)


_KINDS: Final = {
    "nothing": _nothing,
    "response": _response,
    "edit": _edit,
    "post": _new_post,
    "template": _template,
}
