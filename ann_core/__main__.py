"""Command line: `python -m ann_core train <experiment>`, `python -m ann_core bench`."""

import json
import math
import os
import sys
from dataclasses import asdict

import click
from pydantic import ValidationError

from ann_core.data import download, images
from ann_core.data.problem import DataProblem
from ann_core.experiments import SPECS
from ann_core.spec import Spec


@click.group()
def main() -> None:
    """Neural Networks You Can See, without the pages."""


@main.command()
@click.argument("experiment", type=click.Choice(tuple(SPECS)))
@click.option("--preset", default="default", show_default=True, help="Where the settings start from.")
@click.option("--set", "changes", multiple=True, metavar="FIELD=VALUE", help="Change a setting; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
def train(experiment: str, preset: str, changes: tuple[str, ...], as_json: bool) -> None:
    """Train an experiment and print its history."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    spec = _spec(experiment, preset, changes)
    if getattr(spec, "dataset", None) in download.ADDRESSES:
        _find_images(spec.dataset)
    from ann_core.training.train import train as train_spec

    def show(progress) -> None:
        if not as_json and progress.rows is not None:
            click.echo(f"\repoch {int(progress.epochs)} of {spec.epochs}", nl=False, err=True)

    run = train_spec(spec, show)
    if not as_json:
        click.echo(err=True)
        click.echo(f"{run.data.name} ({run.data.source}, {run.data.training} examples), {run.seconds:.1f} s")
        click.echo(run.history.to_string(float_format="{:.4f}".format))
        return
    content = {
        "experiment": experiment,
        "spec": spec.model_dump(),
        "data": {name: getattr(run.data, name) for name in run.data.__dataclass_fields__},
        "history": [{"epoch": epoch, **_finite(row)} for epoch, row in run.history.to_dict("index").items()],
        "seconds": round(run.seconds, 3),
        "seconds_before": round(run.seconds_before, 3),
    }
    click.echo(json.dumps(content, indent=2))


@main.command()
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]…")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def bench(experiments: tuple[str, ...], as_json: bool) -> None:
    """Time plain model.fit against the compiled loop: the article's examples, and the spiral.

    Images are those on this machine if they are there in full, else synthetic ones of the same shape and number.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from ann_core.bench import bench as benches

    if unknown := set(experiments) - set(benches.CASES):
        raise click.BadParameter(f"expected some of {', '.join(benches.CASES)}, got {', '.join(sorted(unknown))}")

    def show(experiment: str, number: int) -> None:
        click.echo(f"{experiment}: round {number + 1} of {benches.ROUNDS}", err=True)

    results = list(benches.bench(experiments or tuple(benches.CASES), show))
    click.echo(json.dumps([asdict(result) for result in results], indent=2) if as_json else benches.table(results))


@main.command()
@click.argument("lessons", nargs=-1, metavar="[LESSON]…")
def record(lessons: tuple[str, ...]) -> None:
    """Train anew what the first page shows as it goes, and keep it in assets/recordings."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from ann_core.probing import recordings
    from ann_core.training.train import train as train_spec

    if unknown := set(lessons) - set(recordings.RECORDINGS):
        raise click.BadParameter(f"expected some of {', '.join(recordings.RECORDINGS)}, got {', '.join(sorted(unknown))}")
    for lesson in lessons or recordings.RECORDINGS:
        run = train_spec(recordings.RECORDINGS[lesson].spec)
        recordings.save(lesson, recordings.recorded_of(lesson, run))
        scores = ", ".join(f"{name} {value:.3g}" for name, value in run.history.iloc[-1].items())
        click.echo(f"{lesson}: {run.epochs} epochs, {len(run.checkpoints)} moments; {scores}")


def _spec(experiment: str, preset: str, changes: tuple[str, ...]) -> Spec:
    cls = SPECS[experiment]
    if preset not in cls.presets:
        raise click.BadParameter(f"expected one of {', '.join(cls.presets)}, got {preset}", param_hint="--preset")
    fields = dict(change.partition("=")[::2] for change in changes)
    if unknown := set(fields) - set(cls.model_fields):
        raise click.BadParameter(f"{experiment} has no {', '.join(sorted(unknown))}", param_hint="--set")
    try:
        values = {name: cls.read_token(name, token) for name, token in fields.items()}
    except ValidationError as error:
        first = error.errors()[0]
        raise click.BadParameter(f"{first['msg']}, got {first['input']!r}", param_hint="--set") from error
    return cls.preset(preset).changed(**values)


def _find_images(name: str) -> None:
    """Download what is absent; without a network say what is used instead. Damaged files end the command."""
    try:
        try:
            images.load(name)
        except DataProblem as problem:
            if problem.code != "absent":
                raise
            download.fetch(name)
    except DataProblem as problem:
        if problem.code in ("damaged", "wrong_shape"):
            raise click.ClickException(f"{name}: {problem}") from problem
        click.echo(f"{name} is not here and could not be downloaded ({problem.code}): using scikit-learn's digits.", err=True)


def _finite(row: dict[str, float]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in row.items()}


if __name__ == "__main__":
    sys.exit(main())
