"""Exports of WordPress, written as a test wants them."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

SPACES = """xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/\""""
CHANNEL = """<title>Out of Office</title><link>https://old.example</link>
<description>Notes</description><language>en</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://old.example/blog</wp:base_blog_url>
<wp:author><wp:author_id>3</wp:author_id><wp:author_login>ruth</wp:author_login>
<wp:author_email>ruth@example.org</wp:author_email>
<wp:author_display_name><![CDATA[Ruth Adler]]></wp:author_display_name></wp:author>
"""


def comment(number: int | str, **changes: object) -> str:
    """A comment: approved, on the day of pi, unless said otherwise."""
    told: dict[str, object] = {
        "id": number,
        "author": "Dave",
        "author_email": "dave@example.org",
        "author_url": "",
        "author_IP": "2001:db8::7",
        "date": "2012-03-14 10:26:53",
        "date_gmt": "2012-03-14 09:26:53",
        "content": "Networks <em>work</em>.",
        "approved": "1",
        "type": "",
        "parent": 0,
        "user_id": 0,
    }
    parts = told | changes
    inside = "".join(
        f"<wp:comment_{key}>{escape(str(value), quote=False)}</wp:comment_{key}>"
        for key, value in parts.items()
        if value is not None
    )
    return f"<wp:comment>{inside}</wp:comment>\n"


def item(number: int | str, *comments: str, **changes: object) -> str:
    """A post, published on the day of pi, unless said otherwise. ``more`` is put in as it is."""
    more = changes.pop("more", "")
    told: dict[str, object] = {
        "title": "First",
        "link": "https://old.example/blog/2012/03/first/",
        "dc:creator": "ruth",
        "guid": f"https://old.example/?p={number}",
        "content:encoded": "One.",
        "excerpt:encoded": "",
        "wp:post_id": number,
        "wp:post_date": "2012-03-14 10:00:00",
        "wp:post_date_gmt": "2012-03-14 09:00:00",
        "wp:comment_status": "open",
        "wp:post_name": "first",
        "wp:status": "publish",
        "wp:post_parent": 0,
        "wp:post_type": "post",
        "wp:post_password": "",
        "wp:is_sticky": 0,
    }
    parts = told | {_qualified(key): value for key, value in changes.items()}
    inside = "".join(
        f"<{key}>{escape(str(value), quote=False)}</{key}>\n"
        for key, value in parts.items()
        if value is not None
    )
    return f"<item>{inside}{more}{''.join(comments)}</item>\n"


def _qualified(key: str) -> str:
    known = {"creator": "dc:creator", "content": "content:encoded", "excerpt": "excerpt:encoded"}
    return known.get(key, key if key in {"title", "link", "guid"} else f"wp:{key}")


def document(*items: str, spaces: str = SPACES, channel: str = CHANNEL) -> str:
    """A whole export."""
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!-- <rss> -->\n'
        f'<rss version="2.0"\n {spaces}>\n<channel>{channel}{"".join(items)}</channel></rss>\n'
    )


Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write an export, and say where."""

    def write(*items: str, name: str = "blog.xml", **how: str) -> Path:
        file = tmp_path / name
        file.write_text(document(*items, **how), encoding="utf-8")
        return file

    return write
