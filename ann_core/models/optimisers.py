"""From a spec to a Keras optimiser, and the pace of a training."""

import keras
from keras import ops

from ann_core.spec import Spec

OPTIMISERS = {
    "sgd": lambda spec, rate: keras.optimizers.SGD(rate),
    "momentum": lambda spec, rate: keras.optimizers.SGD(rate, momentum=spec.momentum),
    "rmsprop": lambda spec, rate: keras.optimizers.RMSprop(rate),
    "adam": lambda spec, rate: keras.optimizers.Adam(rate),
}


@keras.saving.register_keras_serializable("neural-networks-you-can-see")
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that grows evenly for so many steps, then falls with the square root of the step. Vaswani et al. (2017)."""

    def __init__(self, rate, steps):
        self.rate, self.steps = (keras.Variable(float(number), trainable=False) for number in (rate, steps))

    def __call__(self, step):
        step = ops.cast(step, "float32") + 1
        return self.rate * ops.minimum(step / self.steps, ops.sqrt(self.steps / step))

    def get_config(self):
        return {"rate": float(self.rate), "steps": float(self.steps)}


def build(spec: Spec) -> keras.optimizers.Optimizer:
    """The optimiser that a spec names."""
    warm_up = getattr(spec, "warm_up", 0)
    return OPTIMISERS[spec.optimiser](spec, WarmUp(spec.learning_rate, warm_up) if warm_up else spec.learning_rate)


def set_pace(optimiser: keras.optimizers.Optimizer, spec: Spec) -> None:
    """Give an optimiser, built for a spec of the same kind, the learning rate of this one."""
    schedule = optimiser._learning_rate
    if isinstance(schedule, WarmUp):
        schedule.rate.assign(spec.learning_rate)
        schedule.steps.assign(spec.warm_up)
    else:
        optimiser.learning_rate = spec.learning_rate
