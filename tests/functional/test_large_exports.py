"""An export of WordPress with everything that comes up in large ones, at a size for every day.

`make check-faults` takes one of 50,000 comments (`tests/faults/test_imports.py`).
"""

import json

from tests.afterword.cli.conftest import Queue
from tests.afterword.importers.wxr.crowds import LEVELS, answered, check_arrival, crowd, depth
from tests.service import OPEN
from tests.site import Site


def test_all_come_in_once_and_where_they_belong(site: Site) -> None:
    site.write({"pelicanconf.py": OPEN})
    export = site.root.with_name(f"{site.root.name}.xml")
    told = crowd(export, seed=7, posts=10, comments=300)
    parents = answered(told)
    assert max(depth(number, parents) for number in parents) >= LEVELS
    import_ = ("import", "wordpress", str(export), "--json")
    queue = Queue(site)
    before = contents(site)
    tried = json.loads(queue.run(*import_, "--dry-run").stdout)
    assert contents(site) == before
    done = json.loads(queue.run(*import_).stdout)
    check_arrival(site.root, told)
    assert {**tried, "dry_run": False} == done
    coming = [each for each in told if each.status]
    assert done["read"] == len(told) + 10
    assert (sum(done["added"].values()), done["entries"]) == (len(coming), 10)
    missed = [each for each in done["skipped"] if not each["expected"]]
    assert len(done["skipped"]) == len(told) - len(coming)
    assert len(missed) == sum(each.missed for each in told)
    before = contents(site)
    for more in ((), ("--dry-run",)):
        again = json.loads(queue.run(*import_, *more).stdout)
        assert (again["already"], sum(again["added"].values())) == (len(coming) + 10, 0)
        assert contents(site) == before


def contents(site: Site) -> dict[str, bytes]:
    """Every file of a blog, but for those that say whose turn it is."""
    return {
        path.relative_to(site.root).as_posix(): path.read_bytes()
        for path in site.root.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }
