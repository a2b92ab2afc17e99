"""A site's builds by a process that stays: it has everything loaded, and is asked again and again.

Here is who asks. What can be asked once only, because its code has changed since, or has died, is
replaced by another process.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fcntl import F_SETFL, fcntl
from pathlib import Path
from typing import Any, Final

_PATIENCE: Final = 10  # seconds that an ended process has for putting its things away
_A_MOMENT: Final = 1  # in seconds
# A question, with a file's path behind it; any other one is for a build.
GLIMPSE: Final = "glimpse "
_LONGEST_ANSWER: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class Built:
    """How a build ended, what it printed that was not told yet, and what the site is made from.

    Where the settings or the plugins are broken nobody knows of any folders.
    """

    ok: bool
    log: str
    folders: frozenset[Path] = frozenset()
    files: frozenset[Path] = frozenset()


class Resident:
    """Builds the site that a settings file describes, with ``overrides`` in place of settings.

    One task at a time may use it. If a build takes longer than a moment, what it prints is told to
    ``say`` meanwhile, such as that it waits for another; the rest is told when it has ended.
    """

    def __init__(
        self,
        settings_file: str,
        overrides: Mapping[str, Any],
        say: Callable[[str], object] | None = None,
    ) -> None:
        self._arguments = (settings_file, json.dumps(overrides))
        self._say = say
        self._said = 0
        self._process: Process | None = None
        # It outlives the process, which may die in the middle of a sentence.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed at the end
        # Whoever has it open writes where it ends, also after we have emptied it.
        fcntl(self._log, F_SETFL, os.O_APPEND)

    async def build(self) -> Built:
        """Build, and return how that went; a process that cannot is replaced by a new one."""
        if self._process and (built := await self._ask(self._process)):
            return built
        await self._let_go()
        self._process = await self._started()
        if built := await self._ask(self._process):
            return built
        status = await self._process.wait()
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
        return Built(ok=False, log=f"{self._printed()}The building process was ended {how}.\n")

    async def glimpse(self, source: Path) -> bool:
        """Have a text that was just saved shown on its page, ahead of the next build.

        Returns whether that was done. Where more than the text has changed, only a build will do.
        """
        if self._process is None or "\n" in str(source):
            return False
        answer = await self._asked(self._process, f"{GLIMPSE}{source}")
        return answer is not None and bool(answer["ok"])

    async def end(self) -> None:
        """End the process, whatever it is doing; the next build repairs what it leaves."""
        await self._let_go()
        self._log.close()

    async def _ask(self, process: Process) -> Built | None:
        """How a build went that a process was asked for; None if it ends without an answer."""
        answer = await self._asked(process, "build")
        if answer is None:
            return None
        folders, files = (frozenset(map(Path, answer[name])) for name in ("folders", "files"))
        return Built(answer["ok"], self._printed(), folders, files)

    async def _asked(self, process: Process, question: str) -> dict[str, Any] | None:
        """What a process answers; None if it ends without an answer."""
        assert process.stdin  # noqa: S101  # so it was started
        assert process.stdout  # noqa: S101  # and this too
        self._log.truncate(0)
        self._said = 0
        with suppress(ConnectionError):
            process.stdin.write(f"{question}\n".encode(errors="surrogateescape"))
            await process.stdin.drain()
        line = await self._answer(process.stdout)
        if not line.endswith(b"\n"):
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def _started(self) -> Process:
        return await create_subprocess_exec(
            *(sys.executable, "-u", "-m", "incremental.standby", *self._arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=self._log,
            limit=_LONGEST_ANSWER,
            process_group=0,  # Ctrl-C is for us: we end it in our own time
        )

    async def _answer(self, answers: asyncio.StreamReader) -> bytes:
        answer = asyncio.ensure_future(answers.readline())
        try:
            while not (await asyncio.wait({answer}, timeout=_A_MOMENT))[0]:
                lines = self._unsaid().rpartition(b"\n")[0]
                if self._say and lines:
                    self._say(lines.decode(errors="replace"))
                    self._said += len(lines) + 1
            return answer.result()
        finally:
            answer.cancel()

    def _printed(self) -> str:
        return self._unsaid().decode(errors="replace")

    def _unsaid(self) -> bytes:
        """What was printed since something was said, or since the build began."""
        self._log.seek(self._said)
        return self._log.read()

    async def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin  # noqa: S101  # so it was started
        process.stdin.close()
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
