"""How much there is to compute in an example, by formula: the measure that is the same for every way to compute it."""

from ann_core.data.images import SIDE
from ann_core.maths.networks.convolution import output_size
from ann_core.spec import Spec
from ann_core.starts import starting_weights


def operations(spec: Spec, training: int, held_out: int) -> float | None:
    """Multiplications and additions of all epochs in the layers of a convolutional network, as plain convolutions.

    A layer takes as many for the slopes of its weights as forwards, and as many again for those of its inputs, which the first
    has no need of. None for other networks.
    """
    kernels = [weight for weight in starting_weights(spec) if weight.ndim > 1]
    if all(kernel.ndim < 4 for kernel in kernels):
        return None
    forwards, side = [], SIDE
    for kernel in kernels:
        places = 1
        if kernel.ndim == 4:
            side = output_size(side, spec.kernel_size)
            places = side**2
            side //= 1 if spec.pooling == "none" else 2
        forwards.append(2 * places * kernel.size)
    return spec.epochs * (training * (3 * sum(forwards) - forwards[0]) + held_out * sum(forwards))
