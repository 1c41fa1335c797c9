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
from ann_core.experiments import EXPERIMENTS, Part
from ann_core.ui.language import LANGUAGES
from ann_core.ui.page import code

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ann_core"
HEAVY = {"tensorflow", "keras", "sklearn"}
HEAVY_PLACES = ("models", "bench", *(f"training/{name}.py" for name in ("loop", "duel", "epochs", "forgetting", "train")))
UI_BENEATH = {"ui", "ui/inputs", "ui/figures", "ui/page"}
BASE = {"spec", "specs", "experiments"}
MAY_USE = {
    "catalogue": set(),
    "spec": set(),
    "specs": {"spec"},
    "experiments": {"spec", "specs"},
    "exhibits": BASE,
    "maths/inputs": set(),
    "maths/learning": {"maths/networks"},
    "maths/measures": set(),
    "maths/networks": {"maths/inputs", "maths/learning"},
    "data": set(),
    "data/own": {"data"},
    "starts": BASE | {"data", "maths/learning", "maths/networks"},
    "models": BASE | {"data", "maths/measures", "maths/networks", "starts"},
    "training": BASE | {"data", "maths/inputs", "maths/measures", "maths/networks", "models", "starts"},
    "training/engine": {"spec", "data", "models", "training"},
    "probing": BASE | {"data", "maths/inputs", "maths/measures", "maths/networks", "models", "starts", "training"},
    "coaching": BASE | {"maths/learning", "maths/measures", "maths/networks", "probing", "training"},
    "takeaway": BASE | {"data", "maths/inputs", "maths/networks", "starts", "training"},
    "bench": BASE | {"data", "maths/networks", "models", "starts", "training"},
    "charts": set(),
    "ui": BASE | {"catalogue", "exhibits", "data", "data/own", "training", "training/engine"},
    "ui/inputs": BASE | {"exhibits", "data", "ui"},
    "ui/figures": {"spec", "data", "maths/measures", "charts", "training", "training/engine", "ui"},
    "ui/page": {"spec", "catalogue", "exhibits", "training/engine", "ui", "ui/figures", "ui/inputs"},
    "ui/workbench": BASE | {"catalogue", "data", "charts", "coaching", "takeaway", "training", "training/engine"} | UI_BENEATH,
    "lessons": BASE
    | {"catalogue", "exhibits", "charts", "coaching", "probing", "starts", "training", "training/engine", "ui/workbench"}
    | UI_BENEATH,
    "__main__": {"spec", "experiments", "data", "probing", "training", "bench"},
}
"""Every room, and the rooms that it may use; lessons also use all of `maths` and `data`."""
MAY_USE["lessons"] |= {room for room in MAY_USE if room.startswith(("maths", "data"))}
MOST_FILES, MOST_LINES = 13, 300


def imported(file):
    """Names of all modules that a file imports, at its top or inside its functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py")


def room_of(path):
    """The innermost room that a module, as a path within the package, lies in; None for the package itself."""
    parts = path.split("/")
    places = ("/".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((place for place in places if place in MAY_USE), None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(file):
    place = file.relative_to(PACKAGE)
    room = room_of(place.with_suffix("").as_posix())
    if place.as_posix() == "maths/__init__.py":
        return
    own = {room_of(name.removeprefix("ann_core.").replace(".", "/")) for name in imported(file) if name.startswith("ann_core.")}
    assert own - {room, None} <= MAY_USE[room]
    outside = {name.split(".")[0] for name in imported(file)}
    if not place.as_posix().startswith(HEAVY_PLACES):
        assert not outside & HEAVY
    if room.split("/")[0] not in ("ui", "lessons"):
        assert "streamlit" not in outside


def test_rooms_have_no_way_round():
    """Nobody uses, through others, what uses it."""
    left = {room: set(used) for room, used in MAY_USE.items() if not room.startswith("maths/")}
    left["maths"] = set()
    left = {room: {name.split("/")[0] if name.startswith("maths") else name for name in used} - {room} for room, used in left.items()}
    while free := {room for room, used in left.items() if not used & left.keys()}:
        left = {room: used for room, used in left.items() if room not in free}
    assert left == {}


def test_a_room_is_no_hall_and_a_file_is_short():
    folders = {file.parent for file in FILES}
    assert {folder.name: len(list(folder.glob("*.py"))) for folder in folders if len(list(folder.glob("*.py"))) > MOST_FILES} == {}
    assert [str(file) for file in FILES if len(file.read_text(encoding="utf-8").splitlines()) > MOST_LINES] == []
    assert [str(file) for file in FILES if file.stem in ("utils", "helpers", "common")] == []


@pytest.mark.parametrize("record", EXPERIMENTS.values(), ids=EXPERIMENTS.keys())
def test_all_parts_of_an_experiment_are_there(record):
    parts = [part for part in vars(record).values() if isinstance(part, Part)]
    parts += [record.timed.fit] if record.timed else []
    assert len(parts) >= 4
    for part in parts:
        assert part.found is not None


def test_only_the_record_and_its_own_files_know_an_experiment():
    """To add one, no chain and no table elsewhere has to be touched."""
    for name, record in EXPERIMENTS.items():
        knowing = {file.relative_to(PACKAGE).as_posix() for file in FILES if asks_for(file, record.spec.__name__)}
        assert knowing == set(), f"{name}: asked for by its class"
        listed = {
            file.relative_to(PACKAGE).as_posix()
            for file in FILES
            if re.search(rf"\b{record.spec.__name__}\b", file.read_text(encoding="utf-8")) and not own_place(file, name)
        }
        assert listed <= {"experiments.py", "specs/__init__.py"} | SHARED.get(name, set()), name


def asks_for(file, name):
    """Whether a file goes through types, or holds a table by types, in which this class is one."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        asked = []
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
            asked = ast.walk(node.args[1])
        elif isinstance(node, ast.Dict):
            asked = [key for key in node.keys if key is not None]
        if any(isinstance(part, ast.Name) and part.id == name for part in asked):
            return True
    return False


def own_place(file, name):
    """Whether a file belongs to an experiment by its name, or to a lesson about it."""
    place = file.relative_to(PACKAGE)
    lessons = [lesson.key for lesson in LESSONS if name in lesson.experiments]
    return file.stem.startswith(name) or (place.parts[0] == "lessons" and place.parts[1] in lessons)


SHARED = {
    "points": {"lessons/neuron/break_it.py", "lessons/learning/break_it.py"},
    "feedforward": {"lessons/convolutional/claim.py", "probing/gan_digits.py", "training/examples/images.py"},
    "convolutional": {"training/examples/images.py"},
}
"""Where an experiment serves another lesson: a dense network beside a convolution, a judge of digits, the images that both see."""


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


def test_streamlit_finds_no_pages_of_its_own():
    """It would show the names of their files, in English, until the navigation of ours has come."""
    assert not (ROOT / "pages").exists()


def test_only_the_address_touches_the_query_and_only_the_session_the_state():
    for file in [*FILES, *(ROOT / "screens").glob("*.py")]:
        text = file.read_text(encoding="utf-8")
        assert "query_params" not in text or file.name == "address.py", file
        assert "session_state" not in text or file.name in ("session.py", "language.py"), file


def test_all_parts_of_a_page_are_drawn_in_turn():
    for file in [*FILES, *(ROOT / "screens").glob("*.py")]:
        if file.name != "turns.py":
            assert "st.fragment(" not in file.read_text(encoding="utf-8"), file


def test_only_figure_draws_charts():
    for file in FILES:
        if file.name != "figure.py":
            text = file.read_text(encoding="utf-8")
            assert "vega_lite_chart" not in text, file
            assert "altair_chart" not in text, file


def test_the_theme_and_the_charts_share_one_palette():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    primary = [config["theme"][scheme]["primaryColor"] for scheme in ("light", "dark")]
    assert f"light-dark({', '.join(primary)})" in (PACKAGE / "ui" / "page" / "page.css").read_text(encoding="utf-8")
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
from tests.patience import PATIENCE

if __name__ == "__main__":
    for language in {languages!r}:
        for page in {pages!r}:
            at = AppTest.from_file({app!r}, default_timeout=PATIENCE)
            at.query_params["lang"] = language
            at.run()
            if page != "screens/home.py":
                at.switch_page(page).run()
            assert not at.exception, (page, language, at.exception)
    print([name for name in ("tensorflow", "keras", "sklearn") if name in sys.modules])
"""


def test_the_streamlit_process_imports_no_heavy_library():
    program = PAGES.format(app=str(ROOT / "app.py"), languages=("zh",), pages=[entry.page for entry in LESSONS])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1] == "[]"
