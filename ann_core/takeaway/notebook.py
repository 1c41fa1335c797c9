"""A run as a notebook: the same network in plain Keras, the same data, the same order of examples."""

import json
from collections.abc import Mapping

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ann_core.experiments import experiment_of
from ann_core.training.examples import OwnData
from ann_core.training.records import Run

TOLERANCE = 1e-3
CHECKED_EPOCHS = 10


def notebook(run: Run, words: Mapping[str, str], own: OwnData = None) -> str:
    """The notebook of a run, as the text of an .ipynb file.

    `words` are the headings in the learner's language: title, data, model, training, check. `own` are the learner's
    own data, where the run was made on them.
    """
    code = experiment_of(run.spec).notebook(run, own)
    cells = [
        new_markdown_cell(f"# {words['title']}\n\n`pip install tensorflow keras numpy {code.package}`"),
        new_markdown_cell(f"## {words['data']}"),
        new_code_cell(code.data),
        new_markdown_cell(f"## {words['model']}"),
        new_code_cell(code.network),
        new_markdown_cell(f"## {words['training']}"),
        new_code_cell(code.training),
        new_markdown_cell(f"## {words['check']}"),
        new_code_cell(_check(run)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.writes(new_notebook(cells=cells, metadata=kernel))


def exact(run: Run) -> bool:
    """Whether the notebook gives the run's figures again; with dropout and with raw pixels they may go another way."""
    return not getattr(run.spec, "dropout", 0) and getattr(run.spec, "scale_pixels", True)


def _check(run: Run) -> str:
    recorded = {name: [float(value) for value in column] for name, column in zip(run.metrics, run.rows.T, strict=True)}
    text = json.dumps(recorded).replace("NaN", "float('nan')").replace("Infinity", "float('inf')")
    expectation = f"assert difference < {TOLERANCE}, difference" if exact(run) else "# raw pixels or dropout: figures may go another way"
    return f"""recorded = {text}
difference = max(
    abs(here - there) / max(abs(there), 1e-12)
    for name in recorded
    for here, there in zip(history[name][:{CHECKED_EPOCHS}], recorded[name][:{CHECKED_EPOCHS}])
)
print(f"largest relative difference from the run on the page, first epochs: {{difference:.1e}}")
{expectation}"""
