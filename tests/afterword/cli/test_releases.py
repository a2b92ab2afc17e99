"""Publishing and taking back, as a person does it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from incremental.turns import taking_turns
from tests.scripts import PATIENCE, line
from tests.service import OPEN, run, serving
from tests.site import SETTINGS, Site

pytestmark = pytest.mark.builds

PLUGINS = 'PLUGINS = ["afterword", "incremental"]\nTHEME = "simple"\n'
PUBLIC = SETTINGS + PLUGINS + 'OUTPUT_PATH = "public"\n'


@pytest.fixture
def blog(site: Site) -> Site:
    """A blog with two posts, to be published."""
    site.post("first", "One.")
    site.post("second", "Same.")
    site.write({"publishconf.py": PUBLIC})
    return site


def done(blog: Site, *arguments: str) -> str:
    """Run the command line; return the last thing it says, once it has done its work."""
    result = run(blog, *arguments)
    assert (result.returncode, result.stderr) == (0, ""), result
    return result.stdout.strip().rpartition("\n")[2]


def first(blog: Site, folder: str = "public") -> str:
    """The page of the first post that readers get."""
    return (blog.root / folder / "first/index.html").read_text(encoding="utf-8")


def names(blog: Site) -> list[str]:
    """The releases that are kept, newest first."""
    return [each["release"] for each in json.loads(run(blog, "releases", "--json").stdout)]


def publishing(
    blog: Site, environment: Mapping[str, str]
) -> AbstractContextManager[subprocess.Popen[str]]:
    """`afterword publish` in a process group of its own, which is gone at the end."""
    return afterword(blog, ["publish"], environment)


@contextmanager
def afterword(
    blog: Site, arguments: Sequence[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """The command line in a process group of its own, which is gone at the end."""
    process = subprocess.Popen(  # noqa: S603  # our own command line
        [sys.executable, "-m", "afterword", *arguments],
        cwd=blog.root,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)


def test_what_is_published_is_live_and_what_was_can_be_again(blog: Site) -> None:
    assert done(blog, "publish").endswith("files are new.")
    assert (blog.root / "public").is_symlink()
    assert "One." in first(blog)
    blog.post("first", "Two.")
    said = done(blog, "publish")
    newest, oldest = names(blog)
    assert said.startswith(f"Release {newest} is live: ")
    assert "Two." in first(blog)
    assert done(blog, "rollback") == f"Release {oldest} is live, in place of {newest}."
    assert "One." in first(blog)
    failed = run(blog, "rollback")
    assert failed.returncode == 1
    assert failed.stderr == f"Error: {oldest} is live, and no older release is kept\n"
    assert done(blog, "rollback", newest) == f"Release {newest} is live, in place of {oldest}."
    assert done(blog, "rollback", newest) == f"Release {newest} is live."
    assert "Two." in first(blog)


def test_what_is_kept_is_listed(blog: Site) -> None:
    assert json.loads(done(blog, "releases", "--json")) == []
    assert run(blog, "releases").stdout == ""
    for text in ("One.", "Two."):
        blog.post("first", text)
        done(blog, "publish")
    done(blog, "rollback")
    newer, older = json.loads(run(blog, "releases", "--json").stdout)
    files = [path.stat().st_size for path in (blog.root / "public").rglob("*") if path.is_file()]
    assert older["live"]
    assert not newer["live"]
    assert (older["files"], older["size"]) == (len(files), sum(files))
    assert older["made"] < newer["made"]
    lines = run(blog, "releases").stdout.splitlines()
    assert [each.split()[0] for each in lines] == [newer["release"], older["release"]]
    assert [" live " in each for each in lines] == [False, True]


@pytest.mark.parametrize("plugins", [["afterword", "incremental"], ["afterword"]])
def test_a_release_costs_what_has_changed(blog: Site, plugins: list[str]) -> None:
    """Also where Pelican's own writer writes, which writes all files anew and in place."""
    blog.write({"publishconf.py": f"{PUBLIC}PLUGINS = {plugins}\n"})
    done(blog, "publish")
    blog.post("first", "Two.")
    done(blog, "publish")
    newer, older = (blog.root / "public.releases" / name for name in names(blog))
    assert "One." in (older / "first/index.html").read_text()
    assert (older / "second/index.html").samefile(newer / "second/index.html")
    assert done(blog, "publish").startswith(f"Release {newer.name} is live: 0 of ")


def test_as_many_are_kept_as_are_asked_for(blog: Site) -> None:
    for text in ("One.", "Two.", "Three."):
        blog.post("first", text)
        done(blog, "publish", "--keep", "2")
    assert len(names(blog)) == 2
    assert run(blog, "publish", "--keep", "0").returncode == 2
    done(blog, "publish", "--keep", "1")
    everything = b"".join(
        path.read_bytes() for path in (blog.root / "public.releases").rglob("*.html")
    )
    assert b"Three." in everything
    assert b"Two." not in everything


def test_a_build_that_fails_changes_nothing_that_is_live(blog: Site) -> None:
    done(blog, "publish")
    blog.post("first", "Two.")
    blog.write({"publishconf.py": PUBLIC + 'PLUGINS = ["afterword", "no_such_plugin"]\n'})
    for arguments in (["publish"], ["publish", "--renew"]):
        failed = run(blog, *arguments)
        assert failed.returncode == 1
        assert "no_such_plugin" in failed.stderr
        assert failed.stderr.endswith(
            "Error: the build failed: see above; nothing that is live has changed\n"
        )
        assert "One." in first(blog)
        assert len(names(blog)) == 1


def test_a_site_moves_from_a_folder_to_releases(blog: Site) -> None:
    settings = SETTINGS + PLUGINS
    blog.write({"publishconf.py": settings})
    assert blog.build_with("publishconf.py").status == 0
    blog.write({"output/robots.txt": "Put here by hand."})
    before = {path: path.stat().st_ino for path in (blog.root / "output").rglob("*")}
    failed = run(blog, "publish")
    assert failed.returncode == 1
    assert "output is a folder, and a link to the live release belongs there" in failed.stderr
    assert not (blog.root / "output.releases").exists()
    blog.write({"publishconf.py": settings + 'OUTPUT_PATH = "public"\n'})
    done(blog, "publish")
    assert first(blog) == first(blog, "output")
    assert {path: path.stat().st_ino for path in (blog.root / "output").rglob("*")} == before


def test_the_environment_may_say_where_the_site_lies(blog: Site, tmp_path: Path) -> None:
    elsewhere = tmp_path / "www/blog"
    elsewhere.parent.mkdir()
    with publishing(blog, {"AFTERWORD_OUTPUT": str(elsewhere)}) as process:
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert "One." in (elsewhere / "first/index.html").read_text()
    assert {path.name for path in elsewhere.parent.iterdir()} == {"blog", "blog.releases"}
    assert not (blog.root / "public").exists()


def test_what_the_system_refuses_is_said_in_one_line(blog: Site) -> None:
    blog.write({"public.releases": "A file."})
    failed = run(blog, "publish")
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"Error: {blog.root / 'public.releases'}")
    assert failed.stderr.count("\n") == 1


def test_a_wrong_call_exits_with_2(blog: Site) -> None:
    (blog.root / "publishconf.py").unlink()
    for command in ("publish", "rollback", "releases"):
        assert run(blog, command).returncode == 2


# Several at once, and none that lives to the end

_WAITS = """
import os, sys
from pelican import signals

def wait(_):
    if "WAIT" in os.environ:
        print("half done", flush=True)
        sys.stdin.readline()

def register():
    signals.article_writer_finalized.connect(lambda generator, writer: None)
    signals.finalized.connect(wait)
"""


@pytest.fixture
def waiting(blog: Site) -> Site:
    """A published blog that is changed, and whose build waits at its end if it is told to."""
    folder = str(blog.root / "more")
    blog.write(
        {
            "more/waits.py": _WAITS,
            "publishconf.py": f"{PUBLIC}PLUGINS += ['waits']\nPLUGIN_PATHS += [{folder!r}]\n",
        }
    )
    done(blog, "publish")
    blog.post("first", "Two.")
    return blog


def until_half_done(process: subprocess.Popen[str]) -> None:
    said = iter(lambda: line(process.stdout), "half done")
    assert "" not in list(said)


def test_a_publishing_that_is_killed_leaves_the_old_site_live(waiting: Site) -> None:
    with publishing(waiting, {"WAIT": "1"}) as process:
        until_half_done(process)
        os.killpg(process.pid, signal.SIGKILL)
    assert "One." in first(waiting)
    assert len(names(waiting)) == 1
    done(waiting, "publish")
    assert "Two." in first(waiting)
    assert len(names(waiting)) == 2


def test_a_build_whose_publishing_was_killed_is_waited_for(waiting: Site) -> None:
    with publishing(waiting, {"WAIT": "1"}) as killed:
        until_half_done(killed)
        killed.kill()
        killed.wait()
        waiting.post("first", "Three.")
        with publishing(waiting, {}) as process:
            assert line(process.stdout).startswith("Somebody else is publishing")
            assert "One." in first(waiting)
            assert killed.stdin
            killed.stdin.write("\n")
            killed.stdin.flush()
            process.communicate(timeout=PATIENCE)
            assert process.returncode == 0
    assert "Three." in first(waiting)


def test_the_second_waits_for_the_first(waiting: Site) -> None:
    with ExitStack() as ends:
        with taking_turns(waiting.root / "public.releases/.lock"):
            process = ends.enter_context(publishing(waiting, {}))
            assert line(process.stdout).startswith("Somebody else is publishing")
            assert "One." in first(waiting)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert "Two." in first(waiting)


# Beside the service


@pytest.fixture
def answered(site: Site) -> Site:
    """A blog whose form is answered, and two releases of it."""
    site.post("first", "One.")
    settings = OPEN + PLUGINS + 'OUTPUT_PATH = "public"\n'
    site.write({"publishconf.py": settings, "pelicanconf.py": settings})
    site.write({"look/article.html": "{{ article.content }}{{ comments(article) }}"})
    look = f"THEME_TEMPLATES_OVERRIDES = [{str(site.root / 'look')!r}]\n"
    site.write({"publishconf.py": settings + look, "pelicanconf.py": settings + look})
    done(site, "publish")
    site.post("first", "Two.")
    done(site, "publish")
    return site


def test_the_service_renews_what_is_live_unless_it_was_rolled_back(answered: Site) -> None:
    site = answered
    with serving(site, "intake", environment={"AFTERWORD_BUILD": ""}) as service:
        service.wait_for("/healthz", lambda answer: answer.status == 200)
        assert service.send(body="Well said.").status == 303
        (each,) = service.waiting()
        assert service.afterword("approve", str(each["id"])).returncode == 0
        metrics = service.wait_for(
            "/metrics", lambda answer: "afterword_changes_unbuilt 0" in answer.text
        )
        assert metrics.status == 200
        assert "Well said." in first(site)
        assert "built as a whole" not in service.output
        newest, oldest = names(site)
        assert "Well said." not in first(site, f"public.releases/{oldest}")
        done(site, "rollback")
        assert service.send(body="No more.").status == 303
        (each,) = service.waiting()
        assert service.afterword("approve", str(each["id"])).returncode == 0
        service.wait_for("/healthz", lambda _: "was put live again" in service.output)
        assert "One." in first(site)
        assert "Two." in first(site, f"public.releases/{newest}")
        done(site, "publish")
        assert "No more." in first(site)


def test_responses_go_into_the_release_that_is_live_and_into_no_other(answered: Site) -> None:
    newest, oldest = names(answered)
    answered.response("first", "1", "Well said.", date="2026-01-01")
    assert run(answered, "publish-responses", "--no-build").returncode == 0
    assert "Well said." in first(answered)
    assert "Well said." not in first(answered, f"public.releases/{oldest}")
    done(answered, "rollback")
    answered.response("first", "2", "No more.", date="2026-01-02")
    for command in (["publish-responses"], ["publish", "--renew"]):
        refused = run(answered, *command)
        assert refused.returncode == 1
        assert f"{oldest} was put live again and {newest} is newer" in refused.stderr
    assert "One." in first(answered)
    assert "No more." not in first(answered, f"public.releases/{newest}")
    # Forward again, and it is made up for.
    done(answered, "rollback", newest)
    done(answered, "publish", "--renew")
    assert "No more." in first(answered)
    assert names(answered) == [newest, oldest]


def test_responses_are_published_in_turn_with_releases(answered: Site) -> None:
    answered.response("first", "1", "Well said.", date="2026-01-01")
    with ExitStack() as ends:
        with taking_turns(answered.root / "public.releases/.lock"):
            command = ["publish-responses", "--no-build"]
            process = ends.enter_context(afterword(answered, command, {}))
            assert line(process.stdout).startswith("Somebody else is building or publishing")
            assert "Well said." not in first(answered)
        assert process.communicate(timeout=PATIENCE)[0] == ""
        assert process.returncode == 0
    assert "Well said." in first(answered)


def test_what_was_killed_before_its_first_release_is_published_as_one(answered: Site) -> None:
    for name in names(answered):
        shutil.rmtree(answered.root / "public.releases" / name)
    (answered.root / "public").unlink()
    assert run(answered, "publish-responses").returncode == 0
    assert (answered.root / "public").is_symlink()
    assert "Two." in first(answered)
