"""Commands that stay: a page is asked for until it shows the change, or never will."""

import sys
from pathlib import Path

import pytest

from bench.changes import Blog
from bench.corpus import Corpus
from bench.layouts import Layout, put
from bench.model import Post
from bench.processes import Failed
from bench.servers import KINDS, measure

SERVER = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1")


def page(post: Post) -> tuple[str, str]:
    """What any tool would make of a post, written by hand."""
    text = "\n".join([post.title, post.body, *(each.body for each in post.responses)])
    return f"{post.slug}/index.html", text


HAND_MADE = Layout(
    furnish=Path.mkdir,
    source=page,
    answered=page,
    files=lambda post: iter([page(post)]),
    template="",
    line="",
)


def blog(folder: Path) -> Blog:
    corpus = Corpus(12)
    name, text = page(corpus.ordinary())
    put(folder / name, text)
    return Blog(corpus, HAND_MADE, folder, corpus.ordinary())


def test_each_change_is_waited_for(tmp_path: Path) -> None:
    before = blog(tmp_path)
    after, served = measure(SERVER, before, range(2))
    assert {kind: len(times) for kind, times in served.shown.items()} == dict.fromkeys(KINDS, 2)
    assert all(served.median_rest(kind) >= served.median(kind) > 0 for kind in KINDS)
    assert len(after.post.responses) == len(before.post.responses) + 2
    assert served.memory > 1_000_000


def test_a_server_that_ends_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="not today"):
        measure((sys.executable, "-c", "exit('not today')"), blog(tmp_path), range(1))
