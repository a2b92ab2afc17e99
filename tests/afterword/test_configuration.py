"""A settings file, read as the service and the command line read it: without Pelican."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from afterword.configuration import Configuration
from afterword.errors import SettingsError
from afterword.settings import Settings

ROOT = Path(__file__).parents[2]

FULL = """
SITEURL = "https://blog.example/"
SITENAME = "A Blog"
AUTHOR = "Ann Author"
DEFAULT_LANG = "de"
TIMEZONE = "Europe/Berlin"
DEFAULT_DATE_FORMAT = "%d"
PATH = "words"
OUTPUT_PATH = "public"
THEME = "look"
COMMENTS_URL = "/comments/submit"
COMMENTS_PATH = "answers"
TAGS_PATH = "labels/"
DAY_ARCHIVE_URL = "{date:%Y}/{date:%m}/{date:%d}/"
MONTH_ARCHIVE_URL = "{date:%Y}/{date:%m}/"
MONTH_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/index.html"
YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/index.html"
lower = "not a setting"
"""


def read(folder: Path, text: str) -> Configuration:
    file = folder / "settings.py"
    file.write_text(text, encoding="utf-8")
    return Configuration.read(file)


def test_everything_set_is_there(tmp_path: Path) -> None:
    (tmp_path / "look/templates").mkdir(parents=True)
    assert read(tmp_path, FULL) == Configuration(
        file=tmp_path / "settings.py",
        settings=Settings(url="/comments/submit", path="answers"),
        siteurl="https://blog.example",
        sitename="A Blog",
        author="Ann Author",
        language="de",
        zone=ZoneInfo("Europe/Berlin"),
        date_format="%d",
        content=tmp_path / "words",
        articles="posts",
        pages="pages",
        categories="categories",
        tags="labels",
        comments=tmp_path / "words/answers",
        output=tmp_path / "public",
        theme=tmp_path / "look/templates",
        state=None,
        archives=("", "{date:%Y}/{date:%m}/", "{date:%Y}/index.html", "archives.html"),
        reserved=frozenset(["archives", "authors", "categories", "index", "tags"]),
    )


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ('PLUGINS = ["incremental"]', Path("var/build")),
        ('PLUGINS = ["incremental"]\nINCREMENTAL_STATE = "x"', Path("x")),
        ('PLUGINS = ["incremental"]\nINCREMENTAL_STATE = ""', None),
        ('PLUGINS = ["afterword"]', None),
        ("PLUGINS = None", None),
    ],
)
def test_builds_remember_where_the_plugin_for_that_is_loaded(
    tmp_path: Path, text: str, state: Path | None
) -> None:
    assert read(tmp_path, text).state == state


def test_nothing_set_is_what_pelican_would_take(tmp_path: Path) -> None:
    found = read(tmp_path, "")
    script = (
        "import json, sys; from pelican.settings import DEFAULT_CONFIG as known;"
        "names = sys.argv[1:];"
        "print(json.dumps([known.get(name) for name in names]))"
    )
    names = ["SITENAME", "DEFAULT_LANG", "DEFAULT_DATE_FORMAT", "OUTPUT_PATH"]
    known = subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-c", script, *names], capture_output=True, text=True, check=True
    )
    ours = [found.sitename, found.language, found.date_format, found.output.name]
    assert ours == json.loads(known.stdout)
    assert str(found.zone) == "UTC"
    assert found.author == found.sitename
    assert found.comments == tmp_path / "comments"
    assert found.theme is None
    assert found.settings == Settings()


def test_paths_are_where_the_settings_file_is_wherever_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    expected = read(tmp_path, FULL)
    monkeypatch.chdir(elsewhere)
    assert Configuration.read(Path("../settings.py")) == expected
    assert expected.output.is_absolute()


def test_absolute_paths_stay_what_they_are(tmp_path: Path) -> None:
    text = 'PATH = "/srv/words"\nOUTPUT_PATH = "/srv/public"\nTHEME = "/nowhere"\n'
    found = read(tmp_path, text)
    assert found.output == Path("/srv/public")
    assert found.comments == Path("/srv/words/comments")


def test_a_theme_of_pelicans_own_has_no_folder_here(tmp_path: Path) -> None:
    assert read(tmp_path, 'THEME = "notmyidea"').theme is None


def test_neither_pelican_nor_docutils_is_imported_for_it(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(FULL, encoding="utf-8")
    script = (
        "import sys; from pathlib import Path;"
        "from afterword.configuration import Configuration;"
        "print(Configuration.read(Path('settings.py')).sitename);"
        "sys.exit(bool({'pelican', 'docutils', 'jinja2', 'sqlalchemy'} & set(sys.modules)))"
    )
    run = subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "plugins")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "A Blog\n"), run.stderr


def test_a_settings_file_may_import_its_neighbours_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "neighbour_of_settings.py").write_text('SITENAME = "Next Door"\n')
    before = list(sys.path)
    assert read(tmp_path, "from neighbour_of_settings import *").sitename == "Next Door"
    assert sys.path == before
    del sys.modules["neighbour_of_settings"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SITENAME = ", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import no_such_module_at_all", "no_such_module_at_all"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_file_that_cannot_be_run_is_named_with_the_reason(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        read(tmp_path, text)
    assert caught.value.name == str(tmp_path / "settings.py")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FileNotFoundError") as caught:
        Configuration.read(tmp_path / "missing.py")
    assert caught.value.name == str(tmp_path / "missing.py")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('COMMENTS_ULR = "/comments/submit"', "COMMENTS_ULR"),
        ("COMMENTS_FLOOD_LIMIT = -1", "COMMENTS_FLOOD_LIMIT"),
        ('TIMEZONE = "Mars/Olympus"', "TIMEZONE"),
        ('TIMEZONE = "../../etc/passwd"', "TIMEZONE"),
        ("TIMEZONE = 3", "TIMEZONE"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, text: str, names: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert caught.value.name == names


def test_a_list_of_words_is_read_without_comments_and_empty_lines(tmp_path: Path) -> None:
    found = read(tmp_path, "")
    (tmp_path / "words.txt").write_text("# what\n\n  cheap pills \r\nÜber\n#x\n", encoding="utf-8")
    assert found.words("words.txt") == ("cheap pills", "Über")
    assert found.words("") == ()


@pytest.mark.parametrize("name", ["missing.txt", "binary.txt", "."])
def test_a_list_of_words_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, "")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read") as caught:
        found.words(name)
    assert caught.value.name == str(tmp_path / name)


def test_a_configuration_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read(tmp_path, "").sitename = "x"  # type: ignore[misc]  # what is tried


def test_where_the_site_has_pages_of_its_own_no_slug_leads(tmp_path: Path) -> None:
    settings = """
ARTICLE_SAVE_AS = PAGE_SAVE_AS = "{slug}/index.html"
ARCHIVES_SAVE_AS = "archives/index.html"
TAG_SAVE_AS = "tag/{slug}/index.html"
TAGS_SAVE_AS = ""
"""
    assert read(tmp_path, settings).reserved == {"archives"}
