"""What lines of posts say of the files that feeds bring along."""

import pytest

from feeds.enclosures import Named, lines, media_type, named
from feeds.model import Enclosure

PLACE = "https://cast.example/1.mp3"


@pytest.mark.parametrize(
    ("line", "length", "type_"),
    [
        (PLACE, None, ""),
        (f"{PLACE} 123", 123, ""),
        (f"{PLACE} audio/mpeg", None, "audio/mpeg"),
        (f"{PLACE}  123\tAudio/X-M4A", 123, "audio/x-m4a"),
    ],
)
def test_a_line_has_an_address_and_perhaps_a_length_and_a_type(
    line: str, length: int | None, type_: str
) -> None:
    assert named(line) == Named("", PLACE, length, type_)


@pytest.mark.parametrize("how", ["static", "attach"])
def test_a_line_may_name_a_file_of_the_site(how: str) -> None:
    assert named(f"{{{how}}}/audio/x.mp3 5") == Named(how, "/audio/x.mp3", 5, "")


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "JavaScript://cast.example/%0aalert(1)",
        "data:audio/mpeg;base64,AAAA",
        "file:///etc/passwd",
        "//cast.example/1.mp3",
        "/audio/x.mp3",
        "{filename}x.md",
        "{static}",
        "https://",
        "https:///1.mp3",
        "http://[",
        "https://cast.example:x/",
        "https://cast.example:0/",
        f'{PLACE}"onclick=alert(1)',
        f"{PLACE}><script>",
        f"{PLACE} some words",
        f"{PLACE} -1",
        f"{PLACE} 1 2",
        f"{PLACE} 1 audio",
        f'{PLACE} audio/x"y',
        f"{PLACE}\x00",
        f"{PLACE}\u202e",
        f"{PLACE}\n{PLACE}",
        "",
    ],
)
def test_a_line_that_names_no_file_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"address"):
        named(line)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", ["a"]),
        (" a \n\n b\r\nc", ["a", "b", "c"]),
        (["a", "b\nc"], ["a", "b", "c"]),
        ("", []),
        (7, ["7"]),
    ],
)
def test_there_may_be_several_lines_however_they_were_read(value: object, found: list[str]) -> None:
    assert list(lines(value)) == found


def test_a_file_is_what_its_name_says_unless_its_line_says_more() -> None:
    assert named(PLACE).enclosure("x.mp3", 5) == Enclosure("x.mp3", "audio/mpeg", 5)
    assert named(f"{PLACE} 1 audio/x").enclosure("x.mp3", 5) == Enclosure("x.mp3", "audio/x", 5)
    assert media_type("https://x.example/A.M4A?b=c.mp3") == "audio/mp4"
    assert media_type("https://x.example/mp3") == "application/octet-stream"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("audio/My%20talk.mp3", "My talk.mp3"),
        ("https://x.example/a/b.mp3?c=d/e", "b.mp3"),
        ("https://x.example/a/", "a"),
        ("https://x.example/", "https://x.example/"),
    ],
)
def test_a_file_is_called_by_the_end_of_its_address(url: str, name: str) -> None:
    assert Enclosure(url, "audio/mpeg", None).name == name
