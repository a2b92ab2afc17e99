"""The plugin in the real Pelican: what a build shows of responses, and what it refuses."""

import json
import re
import shutil

import pytest

from tests.site import ROOT, Site

# Pelican's own theme asks for no responses; this one shows them in the plainest way.
PLAIN = """
THEME = "simple"
PLUGINS = ["afterword"]
COMMENTS_URL = "/comments/submit"
THEME_TEMPLATES_OVERRIDES = ["overrides"]
"""
_PAGE = "<title>{{ %(it)s.title }}</title>{{ %(it)s.content }}{{ comments(%(it)s) }}"
OVERRIDES = {
    "overrides/article.html": _PAGE % {"it": "article"},
    "overrides/page.html": _PAGE % {"it": "page"},
    "overrides/index.html": "{% for a in articles %}{{ a.title }}: {{ comments_count(a) }}\n"
    "{% endfor %}{{ recent_comments(2) }}",
}


@pytest.fixture
def plain(site: Site) -> Site:
    """A blog whose theme asks for responses in three lines."""
    site.write(OVERRIDES)
    site.post("first", tags="t")
    return site


def listing(text: str) -> dict[str, dict[str, object]]:
    """The entries of an entries.json, by their key."""
    return {entry["entry"]: entry for entry in json.loads(text)["entries"]}


def test_a_response_is_shown_on_its_post_and_nowhere_else(plain: Site) -> None:
    plain.post("second")
    plain.response("first", "17", "Well *said*.", author="Babs")
    build = plain.build(PLAIN)
    assert build.status == 0, build.log
    page = build.read("first/index.html")
    assert 'id="comment-17"' in page
    assert "Well <em>said</em>." in page
    assert "Babs" in page
    assert "Babs" not in build.read("second/index.html")
    assert "comment-17" not in build.log


def test_pages_drafts_hidden_posts_and_translations_show_theirs(plain: Site) -> None:
    plain.write({"content/pages/about.md": "Title: About\n\nUs.\n"})
    plain.post("draft", status="draft")
    plain.post("hidden", status="hidden")
    plain.write(
        {"content/posts/erste.md": "Title: Erste\nDate: 2026-01-02\nSlug: first\nLang: de\n\nX\n"}
    )
    for entry in ("first", "about", "draft", "hidden"):
        plain.response(entry, "1", f"About {entry}.")
    build = plain.build(PLAIN)
    for entry, place in {
        "first": "first",
        "about": "about",
        "draft": "drafts/draft",
        "hidden": "hidden",
    }.items():
        assert f"About {entry}." in build.read(f"{place}/index.html")
    assert "About first." in build.read("de/first/index.html")


def test_the_list_of_entries_says_what_can_be_answered(plain: Site) -> None:
    plain.write({"content/pages/about.md": "Title: About\n\nUs.\n"})
    plain.write({"content/pages/guests.md": "Title: Guests\nComments: open\n\nUs.\n"})
    plain.post("closed", comments="closed")
    plain.post("keyed", comments="shared-key")
    plain.post("draft", status="draft")
    plain.response("first", "18", date="2026-01-04")
    plain.response("first", "9", date="2026-01-04")
    entries = listing(plain.build(PLAIN).read("comments/entries.json"))
    assert list(entries) == ["about", "closed", "first", "guests", "shared-key"]
    assert [name for name, entry in entries.items() if entry["open"]] == [
        "first",
        "guests",
        "shared-key",
    ]
    assert entries["first"]["url"] == "https://blog.example/first/"
    assert entries["first"]["ids"] == ["9", "18"]


def test_posts_close_by_age_unless_they_ask_to_stay_open(plain: Site) -> None:
    plain.post("old-but-open", comments="open")
    build = plain.build(
        PLAIN + "COMMENTS_CLOSE_AFTER_DAYS = 10\n",
        environment={"SOURCE_DATE_EPOCH": "1768478400"},  # 2026-01-15T12:00:00Z
    )
    assert "<form" not in build.read("first/index.html")
    assert "<form" in build.read("old-but-open/index.html")
    entries = listing(build.read("comments/entries.json"))
    assert entries["first"]["closes"] == "2026-01-12T03:04:00+00:00"
    earlier = plain.build(
        PLAIN + "COMMENTS_CLOSE_AFTER_DAYS = 10\n",
        environment={"SOURCE_DATE_EPOCH": "1767960000"},  # 2026-01-09T12:00:00Z
    )
    assert "<form" in earlier.read("first/index.html")


def test_the_form_posts_to_the_service_and_is_absent_without_one(plain: Site) -> None:
    assert 'action="/comments/submit"' in plain.build(PLAIN).read("first/index.html")
    without = plain.build(PLAIN + 'COMMENTS_URL = ""\n').read("first/index.html")
    assert "<form" not in without
    assert "No responses yet" not in without
    assert "Leave a response" not in (plain.root / "output/index.html").read_text()


def test_replies_go_to_the_form_page_of_the_service(plain: Site) -> None:
    plain.response("first", "17")
    page = plain.build(PLAIN).read("first/index.html")
    assert 'href="/comments/new?entry=first&amp;replyto=17"' in page


def test_a_malformed_response_removes_only_itself_and_says_so(plain: Site) -> None:
    plain.post("second")
    plain.response("first", "17")
    whole = plain.build(PLAIN)
    plain.response("first", "18", status="approved")
    plain.write({"content/comments/second/1.md": b"author: \xff\n\nX\n"})
    build = plain.build(PLAIN)
    assert build.status == 0
    assert build.files() == whole.files()
    assert "content/comments/first/18.md:3: left out: status must not be" in build.log
    assert "content/comments/second/1.md:1: left out: is not valid UTF-8" in build.log


def test_strict_makes_a_malformed_response_fail_the_build(plain: Site) -> None:
    plain.response("first", "18", status="approved")
    build = plain.build(PLAIN + "COMMENTS_STRICT = True\n")
    assert build.status == 1
    assert "content/comments/first/18.md:3" in build.log


def test_an_unknown_setting_is_refused_with_a_hint(plain: Site) -> None:
    build = plain.build(PLAIN + "COMMENTS_STRIKT = True\n")
    assert build.status == 1
    assert "COMMENTS_STRIKT: is no setting; did you mean COMMENTS_STRICT?" in build.log


def test_an_unusable_key_leaves_the_post_without_responses(plain: Site) -> None:
    plain.post("wild", comments="../../etc")
    build = plain.build(PLAIN)
    assert build.status == 0
    assert "wild.md: takes no responses" in build.log
    assert "<form" not in build.read("wild/index.html")
    assert "wild" not in build.read("comments/entries.json")


def test_no_file_is_published_through_a_response(plain: Site) -> None:
    plain.write({"secret.env": "KEY=hunter2", "content/secret.txt": "hunter2"})
    plain.post("second")
    spellings = [
        "[a]({attach}../secret.env)",
        "![a]({static}/secret.txt)",
        "[a](|attach|../secret.env)",
        "[a](%7Battach%7D../secret.env)",
        "[a](&#123;static&#125;/secret.txt)",
        "[a]({filename}/posts/second.md) {include} <a href='{attach}/secret.txt'>x</a>",
        "<{attach}../secret.env>",
        '[a](http://x.example/ "{static}/secret.txt")',
    ]
    for number, text in enumerate(spellings):
        plain.response("first", str(number), text, author=text.replace("<", ""))
    build = plain.build(PLAIN)
    assert build.status == 0, build.log
    assert not any(b"hunter2" in data for data in build.files().values())
    assert "secret" not in " ".join(build.files())


def test_a_response_with_a_title_is_no_article(plain: Site) -> None:
    plain.write({"content/comments/first/9.md": "Title: Spam\nDate: 2026-01-01\n\nBuy.\n"})
    plain.write({"content/comments/first/10.md": "author: A\ndate: 2026-01-01\n\nTitle: Spam\n"})
    settings = PLAIN + 'ARTICLE_PATHS = [""]\nPAGE_PATHS = ["pages"]\nSTATIC_PATHS = [""]\n'
    build = plain.build(settings)
    assert not [name for name in build.files() if "spam" in name or name.endswith(".md")]


def test_the_same_input_makes_the_same_bytes_everywhere(plain: Site) -> None:
    for number in range(12):
        plain.response("first", str(number), date="2026-01-04", author=f"N{number % 3}")
    settings = PLAIN + "TAG_SAVE_AS = ''\n"
    here = plain.build(settings, environment={"TZ": "UTC", "PYTHONHASHSEED": "1"})
    there = plain.build(
        settings,
        environment={"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C"},
        output="there",
    )
    assert here.files() == there.files()
    shutil.rmtree(plain.root / "there")


def test_a_theme_overrides_a_template_and_can_extend_ours(plain: Site) -> None:
    plain.response("first", "17")
    plain.write(
        {
            "overrides/comments/comment.html": "<li>mine by {{ comment.author }}</li>",
            "overrides/comments/count.html": '{% extends "!afterword/comments/count.html" %}',
        }
    )
    build = plain.build(PLAIN)
    assert "<li>mine by Dave</li>" in build.read("first/index.html")
    assert "1 Response" in build.read("index.html")


def test_foreign_themes_find_the_names_they_expect(plain: Site) -> None:
    plain.response("first", "17", "One.", author="A <b>", website="https://a.example/?x='&y")
    plain.response("first", "18", "Two.", author="A <b>")
    plain.response("first", "19", "Three.", replyto="18")
    plain.write(
        {
            "overrides/article.html": "{{ article.comments_count }} {% for c in article.comments %}"
            '[{{ c.slug }} {{ c.author }} "{{ c.metadata.website }}" {{ c.content|trim }}'
            "{% for r in c.replies %}({{ r.slug }}){% endfor %}]{% endfor %}"
        }
    )
    page = plain.build(PLAIN).read("first/index.html")
    assert page == (
        "3 "
        '[17 A &lt;b&gt; "https://a.example/?x=&#39;&amp;y" <p>One.</p>]'
        '[18 A &lt;b&gt; "" <p>Two.</p>(19)]'
    )


def test_newest_responses_come_first_and_name_their_post(plain: Site) -> None:
    plain.post("second")
    plain.post("hidden", status="hidden")
    plain.response("first", "17", date="2026-02-01", author="Early")
    plain.response("second", "18", date="2026-02-03", author="Late")
    plain.response("first", "19", date="2026-02-02", author="Middle")
    plain.response("hidden", "20", date="2026-02-09", author="Secret")
    page = plain.build(PLAIN).read("index.html")
    assert page.index("Late") < page.index("Middle")
    assert "Early" not in page
    assert "Secret" not in page


def test_the_settings_of_the_demonstration_blog_build_it(site: Site) -> None:
    for name in ("content", "theme", "plugins", "pelicanconf.py", "publishconf.py"):
        (site.root / name).symlink_to(ROOT / name)
    build = site.build_with("publishconf.py")
    assert build.status == 0, build.log
    assert "WARNING" not in build.log
    assert b"127.0.0.1" not in b"".join(build.files().values())


def frame_of(site: Site, settings: str, url: str = "https://blog.example") -> tuple[str, str]:
    """The empty page for the service, if there is one, and the build's log."""
    build = site.build(f'{settings}\nSITEURL = "{url}"\nCOMMENTS_URL = "/comments/submit"\n')
    assert build.status == 0, build.log
    path = build.output / "comments/frame.txt"
    return path.read_text(encoding="utf-8") if path.exists() else "", build.log


@pytest.mark.parametrize("theme", [str(ROOT / "theme"), "simple", "notmyidea"])
def test_the_service_gets_an_empty_page_of_any_theme(site: Site, theme: str) -> None:
    site.post("first", "Only on the first page.")
    site.write({"content/pages/about.md": "Title: About & me\n\nUs.\n"})
    frame, log = frame_of(site, f'THEME = "{theme}"\nSITENAME = "A & B"\nRELATIVE_URLS = True')
    assert "frame" not in log
    assert frame.count("AFTERWORD-TITLE-SLOT | A &amp; B</title>") == 1
    assert frame.count("AFTERWORD-CONTENT-SLOT") == 1
    assert "AFTERWORD-CONTENT-SLOT" in frame.partition("<body")[2]
    # It is shown below other addresses than it lies at: nothing in it may be relative.
    for address in re.findall(r'(?:href|src)="([^"]*)"', frame):
        assert re.match(r"https?://|#|mailto:|/(?!/)|data:", address), address
    assert "Only on the first page." not in frame


def test_a_theme_without_the_block_gets_no_frame_and_a_warning(plain: Site) -> None:
    plain.write({"overrides/base.html": "<title>Mine</title>"})
    frame, log = frame_of(plain, PLAIN)
    assert frame == ""
    assert "the theme's base.html has no block `content`" in log


def test_without_a_service_there_is_no_frame(plain: Site) -> None:
    build = plain.build(PLAIN + 'COMMENTS_URL = ""\n')
    assert build.status == 0, build.log
    assert not (build.output / "comments/frame.txt").exists()
