"""The service put together: once in a process, with what it needs or a sentence about it."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from afterword import wsgi
from afterword.environment import Environment
from afterword.errors import SettingsError
from tests.service import blog
from tests.site import Site


def python(site: Site, code: str) -> str:
    """Run this in a blog's folder, in a process of its own; return what it prints."""
    run = subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-c", code],
        cwd=site.root,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_a_process_has_one_app_however_often_it_is_asked_for(site: Site) -> None:
    # uvicorn asks twice. Two apps would have two queues open, and work twice in the background.
    blog(site)
    assert python(site, "from afterword import wsgi; print(wsgi.app is wsgi.app)") == "True\n"


def variables(tmp_path: Path, **environ: str) -> Environment:
    return Environment.from_mapping({"AFTERWORD_VAR": str(tmp_path / "var")} | environ)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    here = variables(tmp_path)
    (key,) = wsgi.secret_keys(here)
    assert len(bytes.fromhex(key)) == 32
    assert wsgi.secret_keys(here) == (key,)
    assert stat.S_IMODE((here.folder / "secret.key").stat().st_mode) == 0o600


def test_an_old_key_stays_good_beside_a_new_one(tmp_path: Path) -> None:
    keys = ("n" * 32, "o" * 32)
    assert wsgi.secret_keys(variables(tmp_path, AFTERWORD_SECRET_KEY=" ".join(keys))) == keys


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 40])
def test_a_key_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    here = variables(tmp_path)
    here.folder.mkdir()
    (here.folder / "secret.key").write_bytes(content)
    with pytest.raises(SettingsError, match=r"secret\.key"):
        wsgi.secret_keys(here)


def test_ids_and_tokens_do_not_come_again() -> None:
    assert len({wsgi.new_id() for _ in range(1000)}) == 1000
    assert len({wsgi.new_token() for _ in range(100)}) == 100
