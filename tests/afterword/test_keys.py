"""The site's secrets: made once, kept from others, and never the same twice."""

import stat
from pathlib import Path

import pytest

from afterword.environment import Environment
from afterword.errors import SettingsError
from afterword.keys import new_token, secret_keys


def variables(tmp_path: Path, **environ: str) -> Environment:
    return Environment.from_mapping({"AFTERWORD_VAR": str(tmp_path / "var")} | environ)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    here = variables(tmp_path)
    (key,) = secret_keys(here)
    assert len(bytes.fromhex(key)) == 32
    assert secret_keys(here) == (key,)
    assert stat.S_IMODE((here.folder / "secret.key").stat().st_mode) == 0o600


def test_an_old_key_stays_good_beside_a_new_one(tmp_path: Path) -> None:
    keys = ("n" * 32, "o" * 32)
    assert secret_keys(variables(tmp_path, AFTERWORD_SECRET_KEY=" ".join(keys))) == keys


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 40])
def test_a_key_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    here = variables(tmp_path)
    here.folder.mkdir()
    (here.folder / "secret.key").write_bytes(content)
    with pytest.raises(SettingsError, match=r"secret\.key"):
        secret_keys(here)


def test_tokens_do_not_come_again() -> None:
    assert len({new_token() for _ in range(100)}) == 100
