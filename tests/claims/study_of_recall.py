"""Measures the study on memory tasks anew: `python -m tests.claims.study_of_recall` writes assets/studies."""

import json
import subprocess

import numpy as np

from ann_core.lessons.lstm.racers import KINDS
from ann_core.probing.recall_study import KEPT, RACERS, Part
from ann_core.specs import RecallSpec
from ann_core.training.train import train

GAPS = (10, 25, 50, 100)
SEEDS = range(1, 11)
ADDING_SEEDS = range(1, 6)
LONG = 20


def plan():
    """The cells, settings and seeds of all parts."""
    for gap in GAPS:
        for racer in RACERS:
            yield racer, RecallSpec(gap=gap), SEEDS
    for racer in RACERS:
        yield racer, RecallSpec.preset("adding"), ADDING_SEEDS
    for racer in ("usual_lstm", "simple"):
        yield racer, RecallSpec(epochs=LONG), SEEDS


def course(racer, spec, seed):
    """The accuracy on sequences held out after every epoch."""
    return tuple(round(float(value), 4) for value in train(spec.changed(seed=seed, **KINDS[racer])).history["val_accuracy"])


def write():
    adder = train(RecallSpec.preset("adding"))
    np.savez(KEPT / "adding.npz", **{f"weight_{place}": weight for place, weight in enumerate(adder.final.weights)})
    commit = subprocess.run(("git", "rev-parse", "--short", "HEAD"), capture_output=True, text=True, check=True).stdout.strip()
    head, kept = f'{{"commit": "{commit}", "parts": [\n', []
    for racer, spec, seeds in plan():
        part = Part(racer, spec, {seed: course(racer, spec, seed) for seed in seeds})
        settings = spec.model_dump(exclude={"seed", *KINDS["usual_lstm"]})
        kept.append(json.dumps({"racer": racer, "spec": settings, "courses": part.courses}))
        (KEPT / "recall.json").write_text(head + ",\n".join(kept) + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
