"""Networks and optimisers as text: the source of `models/`, run with a pen in place of Keras.

So a notebook says what `models/` builds, and the server needs no TensorFlow to write it.
"""

import ast
import builtins
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from ann_core.experiments import Part

MODELS = Path(__file__).parents[1] / "models"
WRITTEN = ("keras", "tensorflow")
Arguments = Mapping[str, Mapping[str, Any]]


class Written:
    """An expression that is written down and not computed: a name of Keras, or a call of one."""

    def __init__(self, name: str, call: tuple[tuple, dict] | None = None, source: str = "") -> None:
        self.name, self.call, self.source = name, call, source

    def __getattr__(self, name: str) -> "Written":
        if name.startswith("__"):
            raise AttributeError(name)
        return Written(f"{self.name}.{name}")

    def __call__(self, *arguments: Any, **named: Any) -> "Written":
        return Written(self.name, (arguments, named), self.source)


def written(part: Part, *arguments: Any, more: Arguments | None = None) -> str:
    """What a function of `models/` makes of these arguments, as code, after the classes of ours that it needs.

    `more` are further arguments for calls, by the names of what is called.
    """
    sources: dict[str, None] = {}
    code = _text(made(part, *arguments), more or {}, sources)
    return "\n\n\n".join([*sources, code])


def made(part: Part, *arguments: Any) -> Any:
    """What a function of `models/` makes of these arguments where Keras is only written down."""
    module, name = part.place.split(":")
    return getattr(_module(module.split(".")[1]), name)(*arguments)


def source_of(file: str, name: str) -> str:
    """A function or class of a file of `models/`, without what decorates it."""
    text = (MODELS / f"{file}.py").read_text(encoding="utf-8")
    found = next(node for node in ast.parse(text).body if getattr(node, "name", "") == name)
    return ast.get_source_segment(text, found)


@cache
def _module(file: str) -> SimpleNamespace:
    tree = ast.parse((MODELS / f"{file}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Attribute) for base in node.bases):
            node.decorator_list = []  # registered with Keras: of no use where it is only written
    namespace: dict[str, Any] = {"__name__": f"ann_core.models.{file}"}

    def class_of(body: Any, name: str, *bases: Any, **named: Any) -> Any:
        if not any(isinstance(base, Written) for base in bases):
            return builtins.__build_class__(body, name, *bases, **named)
        return Written(name, source=_with_what_it_needs(source_of(file, name), namespace))

    namespace["__builtins__"] = vars(builtins) | {"__import__": _imported, "__build_class__": class_of}
    exec(compile(tree, f"models/{file}.py", "exec"), namespace)  # our own source, with a pen in place of Keras
    return SimpleNamespace(**namespace)


def _imported(name: str, *rest: Any) -> Any:
    asked = rest[2] if len(rest) > 2 else ()
    if name.split(".", maxsplit=1)[0] in WRITTEN:
        return Written(name if asked else name.split(".", maxsplit=1)[0])
    if name == "ann_core.models":
        return SimpleNamespace(**{file: _module(file) for file in asked})
    if name.startswith("ann_core.models."):
        return _module(name.split(".")[2])
    return builtins.__import__(name, *rest)


def _with_what_it_needs(source: str, namespace: Mapping[str, Any]) -> str:
    """A class behind the numbers and the names of Keras that it uses."""
    used = dict.fromkeys(node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))
    lines = [f"{name} = {namespace[name]!r}" for name in used if isinstance(namespace.get(name), int | float)]
    lines += [f"{name} = {value.name}" for name in used if isinstance(value := namespace.get(name), Written) and value.name != name]
    return "\n".join([*lines, "", "", source]) if lines else source


def _text(value: Any, more: Arguments, sources: dict[str, None]) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()}, np.{value.dtype})"
    if isinstance(value, list):
        lines = "".join(f"    {_text(each, more, sources)},\n" for each in value)
        return f"[\n{lines}]"
    if not isinstance(value, Written):
        return repr(value)
    if value.source:
        sources[value.source] = None
    if value.call is None:
        return value.name
    arguments, named = value.call
    told = [_text(each, more, sources) for each in arguments]
    told += [f"{name}={_text(each, more, sources)}" for name, each in (named | more.get(value.name, {})).items()]
    return f"{value.name}({', '.join(told)})"
