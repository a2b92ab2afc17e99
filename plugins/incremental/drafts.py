"""Pages to be written: a template, and the variables to render it with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import Template
from jinja2.utils import missing
from pelican.paginator import Page, Paginator
from pelican.utils import get_relative_path, path_to_url


class Paging:
    """How lists of one length are paged through: so many on a page."""

    def __init__(
        self,
        name: str,
        url: str | None,
        per_page: int,
        settings: Mapping[str, Any],
        lists: Mapping[str, Sequence[Any]],
    ) -> None:
        self._paginators = {
            key: Paginator(name, url, each, settings, per_page) for key, each in lists.items()
        }
        self._pages: dict[tuple[str, int], Page] = {}

    def names(self) -> Iterator[tuple[int, str]]:
        """Yield number and name of each page."""
        first = next(iter(self._paginators))
        for number in range(1, self._paginators[first].num_pages + 1):
            yield number, self._page(first, number).save_as

    def variables(self, number: int) -> dict[str, Any]:
        """The variables that a page has by its number."""
        found: dict[str, Any] = {}
        for key, paginator in self._paginators.items():
            last = paginator.num_pages
            found |= {
                f"{key}_paginator": paginator,
                f"{key}_page": self._page(key, number),
                f"{key}_previous_page": self._page(key, number - 1) if number > 1 else None,
                f"{key}_next_page": self._page(key, number + 1) if number < last else None,
            }
        return found

    def _page(self, key: str, number: int) -> Page:
        if (key, number) not in self._pages:
            self._pages[key, number] = self._paginators[key].page(number)
        return self._pages[key, number]


@dataclass(frozen=True, eq=False)
class Draft:
    """One page. ``shared`` are the variables that all pages have.

    Of its own it has those of its place, those that it was ``given``, and those of its number
    where it is one of several. ``whole`` tells it from the page that had this name before, if
    it is not empty.
    """

    name: str
    template: Template
    shared: dict[str, Any]
    given: Mapping[str, Any]
    relative_urls: bool = False
    paging: Paging | None = None
    number: int = 0
    whole: bytes = b""

    @cached_property
    def own(self) -> Mapping[str, Any]:
        """The variables of its own."""
        paging = self.paging.variables(self.number) if self.paging else {}
        return {**self._place, **self.given, **paging}

    @cached_property
    def siteurl(self) -> str:
        """The site's address as the page sees it."""
        if self.relative_urls:
            return str(path_to_url(get_relative_path(self.name)))
        return str(self.shared.get("localsiteurl") or "")

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

    @property
    def _place(self) -> dict[str, Any]:
        place = {"localsiteurl": self.siteurl or self.shared.get("localsiteurl")}
        return {
            **place,
            **({"SITEURL": self.siteurl} if self.relative_urls else {}),
            "output_file": self.name,
        }
