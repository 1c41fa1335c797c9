"""Shows the code that runs: the source itself, found by name without being imported."""

import ast
from functools import cache
from pathlib import Path

import streamlit as st

from ann_core.ui.language import tr

PACKAGE = Path(__file__).parents[2]


@cache
def source_of(file: str, *names: str) -> str:
    """The source of functions, classes or methods ("Loop._train_step") in a file of this package, one after the other.

    Raises `LookupError` for a name that the file does not define.
    """
    text = (PACKAGE / file).read_text(encoding="utf-8")
    tree = ast.parse(text)
    return "\n\n".join(_definition(text, tree, name) for name in names)


def _definition(text: str, tree: ast.Module, name: str) -> str:
    node: ast.AST = tree
    for part in name.split("."):
        inside = [child for child in ast.iter_child_nodes(node) if getattr(child, "name", None) == part]
        if not inside:
            raise LookupError(f"expected a definition of {name}, found none")
        node = inside[0]
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)


def code_panel(parts: dict[str, tuple[str, ...]]) -> None:
    """An expander with the source of these definitions, by file; filled when it is opened."""
    panel = st.expander(tr("code.title"), icon=":material/code:", on_change="rerun", key="code_panel")
    if not panel.open:
        return
    with panel:
        for file, names in parts.items():
            st.caption(f"`ann_core/{file}`")
            st.code(source_of(file, *names), language="python")
