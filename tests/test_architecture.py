"""The layering, held to what is imported when the code runs, and to what git tracks."""

import pkgutil
import re
import subprocess
import sys

import pytest

import afterword
from tests.site import ROOT

HOSTS = {"plugin", "cli", "__main__"}
PARTS = sorted({module.name for module in pkgutil.iter_modules(afterword.__path__)} - HOSTS)


def tracked_files() -> list[str]:
    """The files of the repository; empty outside a checkout."""
    result = subprocess.run(
        ["git", "ls-files"],  # noqa: S607  # whichever git the author uses
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout.splitlines()


def test_the_contracts_of_the_import_linter_hold() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("part", PARTS)
def test_nothing_below_the_hosts_loads_pelican(part: str) -> None:
    code = f"import afterword.{part}, sys; print(*{{'pelican', 'docutils'}} & sys.modules.keys())"
    result = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", code],
        cwd=ROOT / "plugins",
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == ""


def test_every_file_has_a_noun_for_a_name() -> None:
    vague = re.compile(r"(^|/)_?(utils?|helpers?|misc|common|tools)(/|\.py$)")
    assert [name for name in tracked_files() if vague.search(name)] == []


def test_the_repository_names_no_machine_and_no_registry() -> None:
    # Spelt in pieces, so that this file does not name them either.
    forbidden = re.compile("|".join(["/" + "work/", "pypi" + r"\.org", "npmjs" + r"\.(org|com)"]))
    offenders = []
    for name in tracked_files():
        path = ROOT / name
        if path.suffix in {".png", ".ico"} or not path.is_file():
            continue
        if forbidden.search(path.read_text(encoding="utf-8")):
            offenders.append(name)
    assert offenders == []
