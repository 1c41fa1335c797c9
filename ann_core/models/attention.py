"""The network of attention: tokens and positions, blocks that attend, and a dense layer that answers at each place."""

import keras
from keras import initializers, layers, ops

from ann_core.data.attention import TASKS, longest, pair_count
from ann_core.maths.networks.attention import EPSILON, waves
from ann_core.models.feedforward import initialiser
from ann_core.models.objectives import SYMBOL_BY_SYMBOL, Objective
from ann_core.specs import AttentionSpec
from ann_core.starts.attention import BLOCK, DEVIATION, EMBEDDING, POSITIONS, QUERIES, READOUT
from ann_core.starts.base import seed_of


def build(spec: AttentionSpec) -> keras.Model:
    """A network from tokens (batch, length) to the probabilities of the symbols, (batch, answers, symbols)."""
    task, places = TASKS[spec.task], longest(spec.task, spec.length + spec.longer)
    tokens = keras.Input((None if spec.longer else places,))
    x = layers.Embedding(len(task.tokens(spec.letters)), spec.model_width, embeddings_initializer=_normal(spec, EMBEDDING))(tokens)
    if spec.positions != "none":
        x = Positions(places, spec.positions == "waves", _normal(spec, POSITIONS))(x)
    for depth in range(spec.blocks):
        x = _block(spec, x, None, depth)
    if spec.task == "dates":
        x = _block(spec, Queries(task.answers(places), _normal(spec, QUERIES))(x), x, spec.blocks)
    elif spec.task == "look_up":
        x = Last()(x)
    answers = layers.Dense(spec.classes, "softmax", kernel_initializer=initialiser(spec.seed, READOUT))(x)
    return keras.Model(tokens, answers)


def _normal(spec: AttentionSpec, part: int) -> initializers.Initializer:
    return initializers.RandomNormal(stddev=DEVIATION, seed=seed_of(spec.seed, part))


def _block(spec: AttentionSpec, x, memory, depth: int):
    """Attention of x, to itself or to a memory, then two dense layers at each place; a norm before either, a way around."""
    first = BLOCK * (depth + 1)
    start = {name: initialiser(spec.seed, first + number) for number, name in enumerate(("attention", "inner", "outer"))}
    ready = layers.LayerNormalization(epsilon=EPSILON)(x) if spec.norm else x
    attention = ATTENTION[spec.scaled](spec.heads, spec.model_width // spec.heads, use_bias=False, kernel_initializer=start["attention"])
    found = attention(ready, ready if memory is None else memory)
    x = x + found if spec.residual else found
    if not spec.feed_forward:
        return x
    ready = layers.LayerNormalization(epsilon=EPSILON)(x) if spec.norm else x
    found = layers.Dense(spec.feed_forward, "relu", kernel_initializer=start["inner"])(ready)
    found = layers.Dense(spec.model_width, kernel_initializer=start["outer"])(found)
    return x + found if spec.residual else found


@keras.saving.register_keras_serializable("neural-networks-you-can-see")
class Unscaled(layers.MultiHeadAttention):
    """Attention whose scores are not divided by √size."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self._inverse_sqrt_key_dim = 1.0


ATTENTION = {True: layers.MultiHeadAttention, False: Unscaled}


@keras.saving.register_keras_serializable("neural-networks-you-can-see")
class Positions(layers.Layer):
    """Adds a vector to each place: one that is learned, or the waves."""

    def __init__(self, length, waves, start=None, **named):
        super().__init__(**named)
        self.length, self.waves, self.start = length, waves, start

    def build(self, shape):
        start = initializers.Constant(waves(self.length, shape[-1])) if self.waves else self.start
        self.positions = self.add_weight((self.length, shape[-1]), start, trainable=not self.waves, name="positions")

    def call(self, x):
        return x + self.positions[: x.shape[1]]

    def get_config(self):
        return super().get_config() | {"length": self.length, "waves": self.waves}


@keras.saving.register_keras_serializable("neural-networks-you-can-see")
class Queries(layers.Layer):
    """Vectors that ask, the same for all sequences: (batch, answers, width)."""

    def __init__(self, answers, start=None, **named):
        super().__init__(**named)
        self.answers, self.start = answers, start

    def build(self, shape):
        self.queries = self.add_weight((self.answers, shape[-1]), self.start, name="queries")

    def call(self, x):
        return ops.broadcast_to(self.queries, (ops.shape(x)[0], *self.queries.shape))

    def compute_output_shape(self, shape):
        return (shape[0], self.answers, shape[-1])

    def get_config(self):
        return super().get_config() | {"answers": self.answers}


@keras.saving.register_keras_serializable("neural-networks-you-can-see")
class Last(layers.Layer):
    """The vectors of the last places, where the questions are."""

    def call(self, x):
        return x[:, pair_count(x.shape[1]) :]

    def compute_output_shape(self, shape):
        return (shape[0], None if shape[1] is None else shape[1] - pair_count(shape[1]), shape[2])


def objective(spec: AttentionSpec) -> Objective:
    """A symbol at each place of the answer."""
    return SYMBOL_BY_SYMBOL
