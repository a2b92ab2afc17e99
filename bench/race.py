"""Everyone in turn, for each of the things that happen to a blog."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from bench import servers
from bench.changes import Blog, Proof, page_of
from bench.corpus import Corpus, write
from bench.layouts import ROOT
from bench.processes import Failed, Run, asked, run
from bench.results import SCENARIOS, Cell, Made, Outcome, Served, machine
from bench.rivals import Tool, hugo_version

FOLDER: Final = ROOT / "var" / "bench"
# What takes so many seconds is done once: its noise is small beside it.
_LONG: Final = 60.0
# What not everyone has a command of its own for. Others need a build for the same, and no word of
# such a response stands in one that a build shows.
_OWN: Final = {"publish": 250, "service": 500}


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what, and how often."""

    everyone: Sequence[Tool]
    scenarios: Sequence[str]
    rounds: int
    serving: bool


def tidy() -> None:
    """Remove all blogs, and what was made of them.

    Only when nothing is measured any more: ext4 makes new files a hundred times slower than usual
    where many have been removed in the last minutes.
    """
    shutil.rmtree(FOLDER / "builds", ignore_errors=True)


def measure(size: int, plan: Plan, say: Console) -> Outcome:
    """Return what everyone needs for a blog of so many posts. Raises Failed if somebody fails."""
    say.print(f"{size:,} posts: writing them {len(plan.everyone)} times …")
    race = _Race(Corpus(size), plan, say)
    for number in range(1, plan.rounds + 1):
        say.print(f"{size:,} posts: round {number} of {plan.rounds}")
        race.round(number)
    return Outcome(
        posts=size,
        responses=sum(len(post.responses) for post in Corpus(size).posts()),
        machine=f"{machine()}, Hugo {hugo_version()}",
        titles={tool.name: tool.title for tool in plan.everyone},
        cells=race.cells(),
        made={tool.name: race.made(tool) for tool in plan.everyone},
        servers=race.served() if plan.serving else {},
    )


class _Race:
    """One size: the blogs as they are on disk by now, and what has been measured so far."""

    def __init__(self, corpus: Corpus, plan: Plan, say: Console) -> None:
        self._plan = plan
        self._say = say
        self._blogs = {tool.name: _blog(corpus, tool) for tool in plan.everyone}
        self._runs: dict[tuple[str, str], list[Run]] = defaultdict(list)

    def round(self, number: int) -> None:
        """Let each do everything once, one thing after the other."""
        for scenario in self._plan.scenarios:
            for tool in self._plan.everyone:
                before = self._runs[tool.name, scenario]
                able = getattr(tool, scenario) if scenario in _OWN else True
                if able and not any(each.seconds > _LONG for each in before):
                    before.append(self._once(tool, scenario, number))
                    self._say.print(f"{scenario}: {tool.title} {before[-1]}")

    def served(self) -> dict[str, Served]:
        """Return what the commands that stay need for changes of the same blogs."""
        found: dict[str, Served] = {}
        for tool in self._plan.everyone:
            for title, command in tool.servers.items():
                first, blog = 1000 * (1 + len(found)), self._blogs[tool.name]
                numbers = range(first, first + self._plan.rounds)
                self._blogs[tool.name], found[title] = servers.measure(command, blog, numbers)
                times = (f"{kind} {found[title].median(kind):.2f} s" for kind in servers.KINDS)
                self._say.print(f"{title}: {', '.join(times)}")
        return found

    def cells(self) -> dict[str, dict[str, Cell]]:
        """Return what has been measured, by tool and scenario."""
        found = {
            tool.name: {
                scenario: _cell(runs)
                for scenario in SCENARIOS
                if (runs := self._runs[tool.name, scenario])
            }
            for tool in self._plan.everyone
        }
        return {name: row for name, row in found.items() if row}

    def made(self, tool: Tool) -> Made:
        """Return how much of a site there is by now."""
        output = self._blogs[tool.name].folder / tool.output
        sizes = [path.stat().st_size for path in output.rglob("*") if path.is_file()]
        return Made(len(sizes), sum(sizes))

    def _once(self, tool: Tool, scenario: str, number: int) -> Run:
        if scenario == "service":
            return self._asked(tool, number)
        proof = self._prepare(tool, scenario, number)
        blog = self._blogs[tool.name]
        page = blog.folder / tool.output / proof.page
        before = _text(page)
        command = (*tool.publish, blog.post.slug) if scenario == "publish" else tool.build
        done = run(command, blog.folder)
        if proof.page and not proof.holds(before, _text(page)):
            raise Failed(f"{tool.title}, {scenario}: not to be seen in {page}")
        return done

    def _asked(self, tool: Tool, number: int) -> Run:
        """Have a service that has shown one response show another."""
        seconds = 0.0
        with asked(tool.service, self._blogs[tool.name].folder) as ask:
            for each in (2 * number, 2 * number + 1):
                proof = self._prepare(tool, "service", each)
                blog = self._blogs[tool.name]
                page = blog.folder / tool.output / proof.page
                before = _text(page)
                seconds = ask(blog.post.slug)
                if not proof.holds(before, _text(page)):
                    raise Failed(f"{tool.title}, service: not to be seen in {page}")
        return Run(seconds, seconds, 0)

    def _prepare(self, tool: Tool, scenario: str, number: int) -> Proof:
        """Make the change, and return what a build is to show of it."""
        blog = self._blogs[tool.name]
        if scenario == "cold":
            for name in tool.kept:
                if (blog.folder / name).exists():
                    (blog.folder / name).rename(_nowhere(name) / "past")
            return Proof(page_of(blog.post), blog.post.title)
        if scenario in _OWN:
            scenario, number = "response", number + _OWN[scenario]
        self._blogs[tool.name], proof = blog.change(scenario, number)
        return proof


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.is_file() else ""


def _blog(corpus: Corpus, tool: Tool) -> Blog:
    """Write the blog for a tool, with templates of its own that may be changed."""
    folder = _nowhere(f"{corpus.size}-{tool.name}")
    write(corpus, folder, tool.layout)
    theme = folder / "theme"
    if theme.is_symlink():
        theme.unlink()
        shutil.copytree(ROOT / "theme", theme)
    return Blog(corpus, tool.layout, folder, corpus.ordinary())


def _nowhere(name: str) -> Path:
    """A folder where nothing was before."""
    builds = FOLDER / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=builds))


def _cell(runs: Sequence[Run]) -> Cell:
    return Cell(
        seconds=[each.seconds for each in runs],
        cores=[each.cores for each in runs],
        memory=max(each.memory for each in runs),
    )
