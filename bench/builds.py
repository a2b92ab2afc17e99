"""What a build costs here, in stock Pelican and in Hugo, in one run: ``make bench-builds``.

The same blog for everyone, and for each of the things that happen to a blog everyone in turn.
The figures of each size are kept in var/bench/builds.json until that size is measured again.
"""

import argparse
import sys
from typing import Final

from rich.console import Console

from bench import pages, race, results, rivals
from bench.layouts import ROOT
from bench.processes import Failed

_SIZES: Final = [100, 1000, 10_000]
_KEPT: Final = race.FOLDER / "builds.json"


def main() -> None:
    """Measure what the command line asks for, print it, keep it, and show it in the docs."""
    asked = _arguments()
    say = Console(highlight=False, soft_wrap=True)
    race.FOLDER.mkdir(parents=True, exist_ok=True)
    everyone = [each for each in rivals.everyone() if each.name in asked.tools]
    for size in asked.sizes:
        plan = race.Plan(everyone, asked.scenarios, asked.rounds or _rounds(size), asked.servers)
        try:
            outcome = race.measure(size, plan, say)
        except Failed as error:
            sys.exit(str(error))
        results.save(_KEPT, {**results.load(_KEPT), size: outcome})
        say.print(pages.table(outcome))
    race.tidy()
    if asked.write_docs:
        pages.write_docs(results.load(_KEPT), ROOT / "docs")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.builds", description=__doc__)
    add = parser.add_argument
    add("--sizes", type=int, nargs="*", default=_SIZES, help="how many posts; none: only the docs")
    add("--rounds", type=int, help="how often (default: 5, at 10,000 posts 3, beyond them once)")
    add("--tools", nargs="+", choices=rivals.NAMES, default=rivals.NAMES)
    add("--scenarios", nargs="+", choices=list(results.SCENARIOS), default=list(results.SCENARIOS))
    add("--servers", action=argparse.BooleanOptionalAction, default=True)
    add("--write-docs", action="store_true", help="renew the figures in docs/performance.md")
    return parser.parse_args()


def _rounds(size: int) -> int:
    return 5 if size <= 1000 else 3 if size <= 10_000 else 1


if __name__ == "__main__":
    main()
