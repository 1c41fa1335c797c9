"""The cells of a notebook: data, network, training; what all experiments but games have in common."""

from textwrap import indent
from typing import NamedTuple

from ann_core.experiments import Part, experiment_of
from ann_core.spec import Spec
from ann_core.takeaway.pen import Written, made, written

OPTIMISER = Part("models.optimisers:build")


class Cells(NamedTuple):
    """The code of a notebook in three cells, and the package that its data come with."""

    data: str
    network: str
    training: str
    package: str = "scikit-learn"


def sequential(spec: Spec) -> str:
    """The network of a spec, whose layers follow one another, as `models/` builds it from Keras' own layers."""
    record, penalties = experiment_of(spec), (getattr(spec, "l1", 0.0), getattr(spec, "l2", 0.0))
    penalty = {"kernel_regularizer": Written("keras.regularizers.L1L2")(*penalties)}
    *classes, network = written(
        record.portable or record.network, spec, more={"keras.layers.Dense": penalty} if any(penalties) else {}
    ).rpartition("keras.Sequential(")
    return f"{classes[0]}model = {classes[1]}{network}"


def compiled(spec: Spec, metric: str = "") -> str:
    """How the network of a spec is compiled: its optimiser, its loss and a metric, the spec's own unless another is given."""
    clipping = {"global_clipnorm": spec.clip_norm} if getattr(spec, "clip_norm", 0) else {}
    kinds = ("SGD", "RMSprop", "Adam")
    optimiser = written(OPTIMISER, spec, more={f"keras.optimizers.{kind}": clipping for kind in kinds})
    before, call, settings = optimiser.rpartition("keras.optimizers.")
    loss = made(experiment_of(spec).objective, spec).name
    return f"""{before}model.compile(optimizer={call}{settings}, loss="{loss}", metrics=[{metric or f'"{spec.measures[1]}"'}])
model.summary()"""


def fitted(spec: Spec, epochs: int, metric: str = "") -> str:
    """So many epochs, each with the order of examples that it had here; where the pace changed on the way, in legs."""
    legs = spec.changed(epochs=epochs).in_legs()
    if len(legs) == 1:
        return f"history = {{}}\n{_epochs(legs[0][1], f'range({epochs})', legs[0][1].batch_size)}"
    penalised = hasattr(spec, "l2")
    names = ", ".join(("last", "rate", "batch_size", *(("l1", "l2") if penalised else ())))
    paces = [(last, leg.learning_rate, leg.batch_size, *((getattr(leg, "l1", 0.0), leg.l2) if penalised else ())) for last, leg in legs]
    regularised = """
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.regularizer = keras.regularizers.L1L2(l1, l2)"""
    warming = getattr(spec, "warm_up", 0)
    return f"""history, first = {{}}, 0
for {names} in {paces}:
    model.optimizer.{"_learning_rate.rate.assign(rate)" if warming else "learning_rate = rate"}{regularised if penalised else ""}
    model.compile(optimizer=model.optimizer, loss=model.loss, metrics=[{metric or f'"{spec.measures[1]}"'}])
{indent(_epochs(spec, "range(first, last)", "batch_size"), " " * 4)}
    first = last"""


def _epochs(spec: Spec, epochs: str, batch_size: int | str) -> str:
    return f"""for epoch in {epochs}:
    order = np.random.default_rng([{spec.seed}, epoch]).permutation(len(x_train))
    step = model.fit(
        x_train[order], y_train[order], batch_size={batch_size}, shuffle=False,
        validation_data=(x_test, y_test) if len(x_test) else None, verbose=2,
    )
    for name, values in step.history.items():
        history.setdefault(name, []).extend(values)"""
