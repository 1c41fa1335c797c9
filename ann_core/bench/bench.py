"""Plain Keras, as the article writes it, against the compiled loop: the same work side by side."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

import numpy as np

from ann_core.bench import torch
from ann_core.bench.fit import Case, Timings
from ann_core.bench.processor import Processor, processor
from ann_core.bench.work import operations
from ann_core.data import images
from ann_core.experiments import EXPERIMENTS, experiment_of
from ann_core.spec import Spec
from ann_core.training import gan
from ann_core.training import train as training
from ann_core.training.examples import Examples, examples_of
from ann_core.training.recorder import Recorder
from ann_core.training.records import DataSource, Run

ROUNDS = 3

CASES = {
    name: Case(record.spec.preset(timed.preset), timed.epochs, timed.share, timed.fit)
    for name, record in EXPERIMENTS.items()
    if (timed := record.timed)
}
"""The article's examples, the spiral of Playground, and a game."""


@dataclass(frozen=True)
class Result:
    """Medians for a whole example; `loss` and `metric` on the training examples after the epochs that both trained.

    `seconds_cold` includes compiling, `seconds_warm` does not; `ratio_…` are `seconds_fit` divided by them.
    `measured` says what was really run where the seconds are scaled up to the whole. `seconds_torch` are those of PyTorch, where it
    is installed and has been tried, `ratio_torch` is they divided by ours, once compiled; `gflops` is what our loop computes a second, by
    formula, of what has one (`bench.work`).
    """

    experiment: str
    seconds_fit: float
    seconds_cold: float
    seconds_warm: float
    ratio_cold: float
    ratio_warm: float
    loss_fit: float
    loss_ours: float
    metric_fit: float
    metric_ours: float
    metric: str
    data: str
    measured: str
    seconds_torch: float | None
    ratio_torch: float | None
    gflops: float | None
    processor: Processor


def bench(experiments: Sequence[str], on_round: Callable[[str, int], None] = lambda experiment, number: None) -> Iterator[Result]:
    """Time these experiments, one after the other, both sides in turn; a result each."""
    here = processor()
    for experiment in experiments:
        case = CASES[experiment]
        examples, source = _part(*_whole(case.spec), case.share)
        timings = Timings()
        for number in range(ROUNDS):
            on_round(experiment, number)
            fitted = case.fit(case, examples, timings)
            run = _ours(case, examples, source, timings)
            if torch.can_train(case.spec):
                timings.epoch_torch.append(torch.epoch_seconds(case.spec, examples))
        yield _result(case, examples, source, timings, fitted, run, here)


def _whole(spec: Spec) -> tuple[Examples, DataSource]:
    """The examples of a spec, or of images that are not here in full, synthetic ones of the same shape and number."""
    examples, source = examples_of(spec)
    asked = getattr(spec, "training_images", len(examples.x))
    if source.name == source.asked and len(examples.x) == asked:
        return examples, source
    x, y, x_val, y_val = _synthetic_images(asked, asked // 6)
    return Examples(x, y, x_val, y_val, examples.divisor), DataSource(source.asked, "synthetic", "generated", "", asked, asked // 6)


@cache
def _synthetic_images(training: int, testing: int) -> tuple[np.ndarray, ...]:
    """Ten patterns in noise, as images uint8 (n, 28, 28), and which pattern each shows."""
    random = np.random.default_rng(0)
    patterns = random.integers(0, 64, (images.CLASSES, images.SIDE, images.SIDE), np.uint8)
    y = random.integers(0, images.CLASSES, training + testing).astype(np.uint8)
    x = random.integers(0, 192, (len(y), images.SIDE, images.SIDE), np.uint8) + patterns[y]
    return x[:training], y[:training], x[training:], y[training:]


def _part(examples: Examples, source: DataSource, share: float) -> tuple[Examples, DataSource]:
    training, testing = round(len(examples.x) * share), round(len(examples.x_val) * share)
    arrays = examples.x[:training], examples.y[:training], examples.x_val[:testing], examples.y_val[:testing]
    return Examples(*arrays, examples.divisor), source


def _ours(case: Case, examples: Examples, source: DataSource, timings: Timings) -> Run:
    """Train twice: with everything to be compiled, and with nothing."""
    for loops in (training.LOOPS, gan.DUELS):
        loops.kept.clear()
    for seconds in (timings.cold, timings.warm):
        began = time.perf_counter()
        recorder = Recorder(None)
        run = experiment_of(case.spec).training(examples, source, case.spec, recorder, lambda: False)
        start = time.perf_counter() - began - run.seconds
        seconds.append(start + run.seconds / case.share)  # of the examples there is a share, one start
    return run


def _result(
    case: Case, examples: Examples, source: DataSource, timings: Timings, fitted: Mapping[str, list[float]], run: Run, here: Processor
) -> Result:
    spec, (loss, score) = case.spec, case.spec.measures
    work = operations(spec, len(examples.x), len(examples.x_val))
    in_torch = median(timings.epoch_torch) * spec.epochs / case.share if timings.epoch_torch else None
    warm, cold = median(timings.warm), median(timings.cold)
    fit = median(timings.start_fit) + median(timings.epoch_fit) * spec.epochs / case.share
    return Result(
        experiment=spec.experiment,
        seconds_fit=fit,
        seconds_cold=cold,
        seconds_warm=warm,
        ratio_cold=fit / cold,
        ratio_warm=fit / warm,
        loss_fit=fitted[loss][-1],
        loss_ours=run.value(loss, case.epochs),
        metric_fit=fitted[score][-1],
        metric_ours=run.value(score, case.epochs),
        metric=score,
        data=source.name,
        measured=_measured(case),
        seconds_torch=in_torch,
        ratio_torch=in_torch and in_torch / warm,
        gflops=work and work / case.share / warm / 1e9,
        processor=here,
    )


def _measured(case: Case) -> str:
    parts = []
    if case.epochs < case.spec.epochs:
        parts.append(f"model.fit: {case.epochs} of {case.spec.epochs} epochs")
    if case.share < 1:
        parts.append(f"both: {case.share:.0%} of the examples")
    return ", ".join(parts) or "all of it"


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table, and beneath it the processor they are of."""
    lines = [
        "| example | `model.fit` | PyTorch | this loop, cold | warm | times faster, cold | warm | than PyTorch | loss, both | data |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        theirs = ("–", "–") if result.seconds_torch is None else (f"{result.seconds_torch:.1f} s", f"{result.ratio_torch:.1f}")
        seconds = f"{result.seconds_fit:.1f} s | {theirs[0]} | {result.seconds_cold:.1f} s | {result.seconds_warm:.2f} s"
        ratios = f"{result.ratio_cold:.1f} | **{result.ratio_warm:.1f}** | {theirs[1]}"
        lines.append(f"| {result.experiment} | {seconds} | {ratios} | {result.loss_fit:.3g}, {result.loss_ours:.3g} | {result.data} |")
    computed = [f"{result.experiment}: {result.gflops:.0f} GFLOP/s" for result in results if result.gflops]
    return "\n".join([*lines, "", "; ".join([results[0].processor.told(), *computed])])
