"""Shortcodes: those that mean something here are HTML, and others stay visible."""

import pytest

from afterword.importers.wxr.shortcodes import Shortcodes


def pictures(ids: object) -> list[tuple[str, str]]:
    return [(f"/{each}.png", "A <cat>") for each in ids or ["all"]]  # type: ignore[attr-defined]  # ids


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("none [sic] [1]", "none [sic] [1]"),
        ("a [[gallery ids='1']] b", "a [gallery ids='1'] b"),
        ('[gallery ids="1"]', '<p><img src="/1.png" alt="A &lt;cat&gt;"></p>'),
        ("[gallery]", '<p><img src="/all.png" alt="A &lt;cat&gt;"></p>'),
        (
            '[caption width="3"]<img src="a"> A <em>cat</em>[/caption]',
            '<figure><img src="a"><figcaption>A <em>cat</em></figcaption></figure>',
        ),
        ('[caption caption="Cat"]<img src="a">[/caption]', "<figcaption>Cat</figcaption>"),
        ("[embed]https://x.example/?a=1&amp;b[/embed]", '<a href="https://x.example/?a=1&amp;b">'),
        ('[audio mp3="https://x.example/a.mp3"][/audio]', ">https://x.example/a.mp3</a></p>"),
        ("[youtube=https://y.example/v]", '<a href="https://y.example/v">'),
        ("[code]\na < [b]\n\nc[/code]", "<pre><code>a &lt; [b]\n\nc</code></pre>"),
        (
            '[sourcecode language="python"]a &lt; b[/sourcecode]',
            '<pre><code class="language-python">a &lt; b</code></pre>',
        ),
        ("[php]x[/php]", '<pre><code class="language-php">x</code></pre>'),
        ("[code] alone", "[code] alone"),
    ],
)
def test_what_is_known_is_html(text: str, html: str) -> None:
    shortcodes = Shortcodes(pictures)
    assert html in shortcodes.expand(text)
    assert list(shortcodes.unknown) == []


def test_what_is_unknown_stays_and_is_listed() -> None:
    shortcodes = Shortcodes(lambda _: [])
    text = 'a [contact-form to="x"] [box]b[/box] [my_thing] [sic] [gallery ids="9"]'
    assert shortcodes.expand(text) == text
    assert list(shortcodes.unknown) == ["contact-form", "box", "my_thing", "gallery"]


@pytest.mark.parametrize("text", ["[x]" * 60_000, f"[x {'a' * 300_000}]", "[caption]" * 20_000])
def test_however_many_there_are_all_are_read(text: str) -> None:
    assert Shortcodes(pictures).expand(f"{text}[/x]")


def test_a_post_shows_no_more_pictures_than_people_look_at() -> None:
    asked: list[object] = []

    def many(ids: object) -> list[tuple[str, str]]:
        asked.append(ids)
        return [("/1.png", "")] * 1000

    shown = Shortcodes(many).expand("[gallery]" * 1000)
    assert shown.count("<img") == 5000
    assert len(asked) == 1
