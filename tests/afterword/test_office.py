"""Where responses are decided about: what the service and the command line share."""

import subprocess
import sys

from afterword.office import new_id


def test_ids_do_not_come_again() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_a_decision_at_the_command_line_loads_no_web_framework() -> None:
    code = "import sys, afterword.cli.queue; print(*sys.modules)"
    run = subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert "afterword.office" in loaded
    assert not {"starlette", "uvicorn", "anyio"} & loaded
