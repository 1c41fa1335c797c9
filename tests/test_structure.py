"""The rules of the house, read off the code."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from ann_core.catalogue import LESSONS
from ann_core.charts import palette
from ann_core.ui.language import LANGUAGES
from ann_core.ui.page import code

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ann_core"
HEAVY = {"tensorflow", "keras", "sklearn"}
HEAVY_PLACES = ("models", "training/loop.py", "training/duel.py", "training/epochs.py", "training/train.py", "bench/bench.py")
MAY_IMPORT = {
    "catalogue": set(),
    "spec": set(),
    "specs": {"spec"},
    "exhibits": {"spec", "specs"},
    "maths": set(),
    "data": set(),
    "models": {"spec", "specs", "data", "maths"},
    "training": {"spec", "specs", "maths", "data", "models"},
    "charts": set(),
    "ui": {"catalogue", "spec", "specs", "exhibits", "data", "maths", "training", "charts"},
    "lessons": {"catalogue", "spec", "specs", "exhibits", "data", "maths", "training", "charts", "ui"},
    "__main__": {"spec", "specs", "data", "training"},
}


def imported(file):
    """Names of all modules that a file imports, at its top or inside its functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(file):
    place = file.relative_to(PACKAGE)
    part = place.parts[0].removesuffix(".py")
    own = {name.split(".")[1] for name in imported(file) if name.startswith("ann_core.")}
    assert own - {part} <= MAY_IMPORT[part]
    outside = {name.split(".")[0] for name in imported(file)}
    if not place.as_posix().startswith(HEAVY_PLACES):
        assert not outside & HEAVY
    if part not in ("ui", "lessons"):
        assert "streamlit" not in outside


def test_app_imports_only_the_standard_library_at_its_top():
    top = [node for node in ast.parse((ROOT / "app.py").read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert top == []


@pytest.mark.parametrize("entry", LESSONS, ids=lambda entry: entry.key)
def test_every_lesson_has_its_page_its_sections_and_its_words(entry):
    page = ROOT / entry.page
    assert page.stem == entry.key
    assert len(page.read_text(encoding="utf-8").splitlines()) < 60
    assert (PACKAGE / "lessons" / entry.key / "__init__.py").exists()
    for language in LANGUAGES:
        assert (ROOT / "assets" / "text" / language / f"{entry.key}.md").exists()
    for readme in ("README.md", "README.zh-CN.md"):
        assert f"`{entry.key}`" in (ROOT / readme).read_text(encoding="utf-8")


def test_no_file_grows_beyond_reading():
    assert [str(file) for file in FILES if len(file.read_text(encoding="utf-8").splitlines()) > 400] == []
    assert [str(file) for file in FILES if file.stem in ("utils", "helpers", "common")] == []


def test_only_the_address_touches_the_query_and_only_the_session_the_state():
    for file in [*FILES, *(ROOT / "pages").glob("*.py")]:
        text = file.read_text(encoding="utf-8")
        assert "query_params" not in text or file.name == "address.py", file
        assert "session_state" not in text or file.name in ("session.py", "language.py"), file


def test_only_figure_draws_charts():
    for file in FILES:
        if file.name != "figure.py":
            text = file.read_text(encoding="utf-8")
            assert "vega_lite_chart" not in text, file
            assert "altair_chart" not in text, file


def test_the_theme_and_the_charts_share_one_palette():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert tuple(config["theme"]["chartCategoricalColors"]) == palette.CATEGORIES


def test_direct_dependencies_have_both_bounds():
    lines = [line.split(";")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines() if line.strip()]
    assert [line for line in lines if ">=" not in line or ",<" not in line] == []


@pytest.mark.parametrize("entry", [entry for entry in LESSONS if entry.key != "home"], ids=lambda entry: entry.key)
def test_the_code_panel_finds_what_it_shows(entry):
    shown = import_module(f"ann_core.lessons.{entry.key}.take_home").CODE
    assert shown
    for file, names in shown.items():
        for name in names:
            assert re.search(rf"^(def|class) {name.split('.')[-1]}\b", code.source_of(file, name), re.MULTILINE)
    with pytest.raises(LookupError):
        code.source_of("models/feedforward.py", "nothing")


PAGES = """
import sys
from streamlit.testing.v1 import AppTest

if __name__ == "__main__":
    for language in {languages!r}:
        for page in {pages!r}:
            at = AppTest.from_file({app!r}, default_timeout=60)
            at.query_params["lang"] = language
            at.run()
            if page != "pages/home.py":
                at.switch_page(page).run()
            assert not at.exception, (page, language, at.exception)
    print([name for name in ("tensorflow", "keras", "sklearn") if name in sys.modules])
"""


def test_the_streamlit_process_imports_no_heavy_library():
    program = PAGES.format(app=str(ROOT / "app.py"), languages=("zh",), pages=[entry.page for entry in LESSONS])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1] == "[]"
