"""Pages to be written: a template, and the variables to render it with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Template
from jinja2.utils import missing
from pelican.paginator import Paginator
from pelican.utils import get_relative_path, path_to_url


@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """One page. ``own`` are the variables of its own, ``shared`` those that all pages have."""

    name: str
    template: Template
    shared: dict[str, Any]
    own: Mapping[str, Any]

    @property
    def siteurl(self) -> str:
        """The site's address as the page sees it."""
        return str(self.own["localsiteurl"] or "")

    def variables(self) -> dict[str, Any]:
        """All variables, for the template."""
        return {**self.shared, **self.own}

    def look_up(self, name: str) -> Any:  # noqa: ANN401  # any value
        """The value of a variable as the template sees it, or Jinja's ``missing``."""
        if name in self.own:
            return self.own[name]
        if name in self.shared:
            return self.shared[name]
        return self.template.environment.globals.get(name, missing)


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is paged through: so many on a page, under addresses that the settings give."""

    url: str | None
    per_page: int
    settings: Mapping[str, Any]
    lists: Mapping[str, Sequence[Any]]

    def pages(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield name and variables of each page; the lists are all of one length."""
        paginators = {
            key: Paginator(name, self.url, each, self.settings, self.per_page)
            for key, each in self.lists.items()
        }
        last = next(iter(paginators.values())).num_pages
        for number in range(1, last + 1):
            variables: dict[str, Any] = {}
            for key, paginator in paginators.items():
                page = paginator.page(number)
                variables |= {
                    f"{key}_paginator": paginator,
                    f"{key}_page": page,
                    f"{key}_previous_page": paginator.page(number - 1) if number > 1 else None,
                    f"{key}_next_page": paginator.page(number + 1) if number < last else None,
                }
            yield page.save_as, variables


def around(shared: Mapping[str, Any], name: str, *, relative_urls: bool) -> dict[str, Any]:
    """The variables that a page has by its place on the site."""
    if not relative_urls:
        return {"localsiteurl": shared.get("localsiteurl"), "output_file": name}
    siteurl = path_to_url(get_relative_path(name))
    return {"localsiteurl": siteurl, "SITEURL": siteurl, "output_file": name}
