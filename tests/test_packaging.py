"""The wheel, and the name under which Pelican finds the plugin once it is installed."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.site import ROOT, Site


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a wheel, built without asking anybody for anything."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_plugins_their_templates_and_the_shim(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "afterword/cli/queue.py",
        "afterword/templates/moderate/queue.html",
        "afterword/static/moderate.css",
        "afterword/templates/comments/thread.html",
        "afterword/py.typed",
        "categories/plugin.py",
        "feeds/atom.py",
        "related/score.py",
        "pelican/plugins/afterword/__init__.py",
    } <= names
    # A regular package of that name would hide Pelican itself.
    assert not {"pelican/__init__.py", "pelican/plugins/__init__.py"} & names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "afterword",
        "categories",
        "feeds",
        "pelican",
        "incremental",
        "related",
    }


def test_a_blog_elsewhere_uses_the_installed_wheel_by_its_name(wheel: Path, site: Site) -> None:
    installed = site.root / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    site.post("first")
    site.response("first", "17", "From afar.")
    site.write({"overrides/article.html": "{{ comments(article) }}"})
    build = site.build(
        "PLUGIN_PATHS = []\nPLUGINS = ['afterword']\nTHEME = 'simple'\n"
        "THEME_TEMPLATES_OVERRIDES = ['overrides']\n",
        environment={"PYTHONPATH": str(installed)},
    )
    assert build.status == 0, build.log
    assert "From afar." in build.read("first/index.html")


def test_the_plugin_finds_its_sister_package_through_plugin_paths(site: Site) -> None:
    site.post("first")
    code = (
        "import sys; sys.path = [p for p in sys.path if not p.endswith(('/plugins', '/shim'))];"
        "import pelican; pelican.main(['content', '-s', 'settings.py', '-o', 'output'])"
    )
    site.build()  # writes settings.py
    result = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", code], cwd=site.root, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert (site.root / "output/first/comments.atom.xml").is_file()
