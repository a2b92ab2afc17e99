"""How the tools want a blog laid out on disk."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.model import Post, Response

ROOT: Final = Path(__file__).parent.parent
SITES: Final = Path(__file__).parent / "sites"

File = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a tool's files lie: what a site has beside its posts, and the files of a post.

    ``source`` is the file that an author edits, ``answered`` the file that a response makes or
    changes; both belong to the post as it is given. ``template`` is the file that makes a post's
    page, and ``line`` is one of it, of those that stand in every post's page.
    """

    furnish: Callable[[Path], None]
    source: Callable[[Post], File]
    answered: Callable[[Post], File]
    files: Callable[[Post], Iterator[File]]
    template: str
    line: str


def put(path: Path, text: str) -> None:
    """Write a file, and the folders above it."""
    try:
        path.write_text(text, encoding="utf-8")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# Pelican's, with this project's responses


def _furnish_pelican(folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "pelicanconf.py", folder)
    shutil.copy(SITES / "stock.py", folder)
    shutil.copytree(ROOT / "content" / "images", folder / "content" / "images")
    for name in ("theme", "plugins"):
        (folder / name).symlink_to(ROOT / name)


def _pelican_post(post: Post) -> File:
    return f"content/posts/{post.slug}.md", (
        f"Title: {post.title}\nDate: {post.date:%Y-%m-%d %H:%M}\nSlug: {post.slug}\n"
        f"Category: {post.category}\nTags: {', '.join(post.tags)}\n\n{post.body}\n"
    )


def _pelican_response(post: Post, response: Response) -> File:
    head = f"author: {response.author}\ndate: {response.date.isoformat()}\n"
    if response.website:
        head += f"website: {response.website}\n"
    if response.replyto:
        head += f"replyto: {response.replyto}\n"
    return f"content/comments/{post.slug}/{response.id}.md", f"{head}\n{response.body}\n"


def _pelican_files(post: Post) -> Iterator[File]:
    yield _pelican_post(post)
    for response in post.responses:
        yield _pelican_response(post, response)


# Hugo's


def _furnish_hugo(responses: str) -> Callable[[Path], None]:
    """Return what furnishes a site whose templates look for responses in pages, or in data."""

    def furnish(folder: Path) -> None:
        shutil.copytree(SITES / "hugo", folder)
        settings = folder / "hugo.toml"
        settings.write_text(settings.read_text().replace("[params]", f"[params]\n{responses}", 1))

    return furnish


def _hugo_post(post: Post) -> File:
    head = {
        "title": post.title,
        "slug": post.slug,
        "date": post.date.isoformat(),
        "categories": [post.category],
        "tags": post.tags,
        "months": [f"{post.date:%Y-%m}"],
    }
    return f"content/posts/{post.slug}/index.md", f"{_front_matter(head)}\n{post.body}\n"


def _hugo_page(post: Post, response: Response) -> File:
    head = {name: value for name, value in _fields(response).items() if value and name != "body"}
    text = f"{_front_matter(head)}\n{response.body}\n"
    # In a folder of their own Hugo's server overlooks new ones.
    return f"content/posts/{post.slug}/comment-{response.id}.md", text


def _hugo_pages(post: Post) -> Iterator[File]:
    yield _hugo_post(post)
    for response in post.responses:
        yield _hugo_page(post, response)


def _hugo_thread(post: Post) -> File:
    listing = json.dumps([_fields(each) for each in post.responses], indent=1)
    return f"data/comments/{post.slug}.json", f"{listing}\n"


def _hugo_data(post: Post) -> Iterator[File]:
    yield _hugo_post(post)
    if post.responses:
        yield _hugo_thread(post)


def _fields(response: Response) -> dict[str, str | None]:
    return {**asdict(response), "date": response.date.isoformat()}


def _front_matter(head: Mapping[str, object]) -> str:
    """YAML, of which JSON's values are a part."""
    lines = (f"{name}: {json.dumps(value)}\n" for name, value in head.items())
    return f"---\n{''.join(lines)}---\n"


LAYOUTS: Final = {
    "pelican": Layout(
        furnish=_furnish_pelican,
        source=_pelican_post,
        answered=lambda post: _pelican_response(post, post.responses[-1]),
        files=_pelican_files,
        template="theme/templates/article.html",
        line="{% block content %}\n",
    ),
    "hugo-pages": Layout(
        furnish=_furnish_hugo('responses = "pages"'),
        source=_hugo_post,
        answered=lambda post: _hugo_page(post, post.responses[-1]),
        files=_hugo_pages,
        template="layouts/posts/page.html",
        line='{{ define "main" }}\n',
    ),
    "hugo-data": Layout(
        furnish=_furnish_hugo('responses = "data"'),
        source=_hugo_post,
        answered=_hugo_thread,
        files=_hugo_data,
        template="layouts/posts/page.html",
        line='{{ define "main" }}\n',
    ),
}
