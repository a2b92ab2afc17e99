"""Documentation cannot drift: what is not written down is a red test."""

import dataclasses
import inspect
import json
import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from afterword import environment
from afterword.antispam.rules import RULES
from afterword.entries import Entry
from afterword.render import Form, View
from afterword.settings import declarations
from categories.category import Category
from feeds.settings import PREFIX, Settings
from incremental import settings as builds
from tests.command_line import page
from tests.site import ROOT

DOCS = ROOT / "docs"
AUTHOR = (DOCS / "author.md").read_text(encoding="utf-8")
MODERATOR = (DOCS / "moderator.md").read_text(encoding="utf-8")
OPERATE = (DOCS / "operate.md").read_text(encoding="utf-8")
THEME = (DOCS / "theme.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS.glob("*.md")]


def names_of(kind: type) -> list[str]:
    """The public attributes of a class: fields and properties."""
    fields = (
        [each.name for each in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else []
    )
    properties = [name for name, value in vars(kind).items() if hasattr(value, "__get__")]
    return sorted({name for name in [*fields, *properties] if not name.startswith("_")})


@pytest.mark.parametrize("declaration", list(declarations()), ids=lambda each: each.name)
def test_every_setting_of_responses_is_documented(declaration: object) -> None:
    (each,) = [one for one in declarations() if one == declaration]
    default = f'"{each.default}"' if isinstance(each.default, str) else str(each.default)
    row = next(line for line in AUTHOR.splitlines() if line.startswith(f"| `{each.name}` "))
    assert f"| `{default}` |" in row
    assert each.help.split(".", maxsplit=1)[0] in row.replace("`", "")


@pytest.mark.parametrize("variable", list(environment.declarations()), ids=lambda each: each.name)
def test_every_variable_of_the_environment_is_documented(variable: environment.Variable) -> None:
    row = next(line for line in OPERATE.splitlines() if line.startswith(f"| `{variable.name}` "))
    assert variable.help in row
    assert f"`{variable.default}`" in row or not variable.default


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.__name__)
def test_every_rule_is_documented(rule: object) -> None:
    (name,) = re.findall(r'Reason\(\s*"([a-z-]+)"', inspect.getsource(rule))[:1]  # type: ignore[arg-type]  # a function
    assert f"| `{name}` |" in MODERATOR


def test_every_metric_is_documented() -> None:
    source = (ROOT / "plugins/afterword/health.py").read_text(encoding="utf-8")
    for name in re.findall(r"# TYPE (afterword_\w+) ", source):
        assert f"`{name}" in OPERATE


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda each: each.name)
def test_every_setting_of_feeds_is_documented(field: "dataclasses.Field[object]") -> None:
    row = f"| `{PREFIX}{field.name.upper()}` "
    assert any(line.startswith(row) for line in AUTHOR.splitlines())


@pytest.mark.parametrize("field", dataclasses.fields(builds.Settings))
def test_every_setting_of_builds_is_documented(field: "dataclasses.Field[object]") -> None:
    name = f"{builds.PREFIX}{field.name.upper()}"
    default = json.dumps(field.default) if isinstance(field.default, str) else repr(field.default)
    assert f"| `{name}` | `{default}` | {field.metadata['help']} |" in AUTHOR


@pytest.mark.parametrize("setting", ["CATEGORIES_PATH", "TAGS_PATH", "RELATED_POSTS"])
def test_every_other_setting_is_documented(setting: str) -> None:
    assert f"| `{setting}` " in AUTHOR


@pytest.mark.parametrize("name", names_of(View))
def test_everything_a_response_offers_is_documented(name: str) -> None:
    section = THEME.partition("## A response")[2].partition("\n## ")[0]
    assert f"`{name}" in section


@pytest.mark.parametrize("name", [*names_of(Form), "key", "title", "url"])
def test_everything_the_form_and_the_entry_offer_is_documented(name: str) -> None:
    assert f"`{name}`" in THEME
    assert name in names_of(Form) or name in names_of(Entry)


@pytest.mark.parametrize(
    "name",
    ["full_name", "parent", "ancestors", "children", "depth", "articles", "count", "description"],
)
def test_everything_a_category_offers_is_documented(name: str) -> None:
    assert hasattr(Category, name) or name in Category.__init__.__code__.co_names
    assert f"`{name}`" in THEME


def test_every_variable_of_the_comment_templates_is_documented() -> None:
    folder = ROOT / "plugins/afterword/templates/comments"
    for template in folder.glob("*.html"):
        used = meta.find_undeclared_variables(
            Environment(autoescape=True).parse(template.read_text(encoding="utf-8"))
        )
        row = next(
            line for line in THEME.splitlines() if line.startswith(f"| `comments/{template.name}`")
        )
        assert [name for name in sorted(used) if f"`{name}`" not in row] == []


def test_the_page_on_the_command_line_is_what_the_commands_say() -> None:
    assert (DOCS / "command-line.md").read_text(encoding="utf-8") == page()


def test_every_make_target_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"^([a-z-]+):.*##", makefile, flags=re.MULTILINE):
        assert f"make {target}" in readme


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith(("{", "javascript")):
            assert (path.parent / target).exists(), target
