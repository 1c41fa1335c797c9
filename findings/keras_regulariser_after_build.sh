#!/bin/sh
# Keras 3.15.1: another regulariser given to a built layer is shown by its configuration, and counts nowhere.
#
# One would expect `layer.kernel_regularizer = L2(0.1)` to change the penalty from the next step on, or to be refused: the
# attribute can be set, `get_config` tells the new value, a saved and loaded model has it, and compiling again warns of nothing.
# But the penalty is computed from what the variable was given when the layer was built; only there does a change count.
# So a model goes on training with the old penalty and is saved with the new one.
# What helps: `layer.kernel.regularizer = …`, beside the attribute if the model is to be saved.
#
# Seen:
#   as built                       penalty 0.0000   in the configuration: 0.0
#   layer.kernel_regularizer set   penalty 0.0000   in the configuration: 0.1
#   compiled again                 penalty 0.0000   in the configuration: 0.1
#   a copy from configuration      penalty 1.2000   in the configuration: 0.1
#   layer.kernel.regularizer set   penalty 1.2000   in the configuration: 0.1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.9.0 numpy==2.4.6 scipy==1.17.1
KERAS_BACKEND=jax "$folder/venv/bin/python" - <<'PYTHON'
import keras
from keras.regularizers import L2

ones = keras.initializers.Constant(1.0)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, kernel_initializer=ones, kernel_regularizer=L2(0.0))])
layer = model.layers[0]


def tell(name, shown):
    dense = shown.layers[0]
    penalty = float(sum(shown.losses))
    configured = float(dense.get_config()["kernel_regularizer"]["config"]["l2"])
    print(f"{name:30} penalty {penalty:.4f}   in the configuration: {configured:.1f}")
    return round(penalty, 4), round(configured, 1)


found = [tell("as built", model)]
layer.kernel_regularizer = L2(0.1)
found.append(tell("layer.kernel_regularizer set", model))
model.compile("sgd", "mse")
found.append(tell("compiled again", model))
copy = keras.Sequential.from_config(model.get_config())
found.append(tell("a copy from configuration", copy))
layer.kernel.regularizer = L2(0.1)
found.append(tell("layer.kernel.regularizer set", model))
assert found == [(0.0, 0.0), (0.0, 0.1), (0.0, 0.1), (1.2, 0.1), (1.2, 0.1)], found
PYTHON
