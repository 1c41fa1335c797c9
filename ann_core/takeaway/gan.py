"""A game as the cells of a notebook: what is imitated, both players, and their turns one by one in plain Keras."""

import inspect

from ann_core.data import gan, images
from ann_core.data.points import Points
from ann_core.specs import UPDATES_A_ROUND
from ann_core.specs.gan import Game
from ann_core.starts.base import seed_of
from ann_core.starts.gan import DISCRIMINATOR, GENERATOR
from ann_core.takeaway.cells import Cells
from ann_core.takeaway.pen import MODELS, source_of
from ann_core.training.examples.gan import REAL_POINTS
from ann_core.training.records import Run

OPTIMISERS = {
    "adam": "keras.optimizers.Adam({rate}, beta_1={beta_1!r}, beta_2={beta_2!r})",
    "rmsprop": "keras.optimizers.RMSprop({rate})",
    "sgd": "keras.optimizers.SGD({rate})",
}
PENALTIES = {
    "": "",
    "gradient": """
        shares = tf.random.stateless_uniform(({batch_size}, 1), seed(number, BETWEEN))
        loss += {penalty!r} * tf.reduce_mean((tf.norm(slopes(shares * x + (1 - shares) * fake), axis=-1) - 1) ** 2)""",
    "r1": """
        loss += {penalty!r} * tf.reduce_mean(tf.reduce_sum(slopes(x) ** 2, axis=-1)) / 2""",
}
DRAWN = {
    "normal": "tf.random.stateless_normal(({batch_size}, {noise_size}), seed(number, purpose))",
    "uniform": "tf.random.stateless_uniform(({batch_size}, {noise_size}), seed(number, purpose), -1, 1)",
}
UPDATE = "    of_{player}.apply(tape.gradient(loss, {player}.trainable_variables), {player}.trainable_variables)\n"
HISTORY = """REAL, GENERATED, BETWEEN, OWN = range(4)
history = {"discriminator_loss": [], "generator_loss": []}"""
PACE = """of_forger.learning_rate, of_judge.learning_rate = {generator_rate!r}, {discriminator_rate!r}"""
TURNS = """losses = LOSSES["{loss}"]


def seed(number, purpose):
    return tf.stack([{seed} * 4 + purpose, number])


def noise(number, purpose):
    return {drawn}


def slopes(points):
    with tf.GradientTape() as tape:
        tape.watch(points)
        scores = judge(points, training=True)
    return tape.gradient(scores, points)


@tf.function(jit_compile=True, autograph=False)  # XLA draws other noise of the same seed than the rest of TensorFlow
def discriminator_turn(number):
    rows = tf.random.stateless_uniform(({batch_size},), seed(number, REAL), 0, len(x_train), tf.int32)
    x, fake = tf.gather(x_train, rows), forger(noise(number, GENERATED), training=True)
    with tf.GradientTape() as tape:
        loss = losses.discriminator(judge(x, training=True), judge(fake, training=True)){steepness}
{of_judge}    return loss


@tf.function(jit_compile=True, autograph=False)
def generator_turn(number):
    with tf.GradientTape() as tape:
        loss = losses.generator(judge(forger(noise(number, OWN), training=True), training=True))
{of_forger}    return loss


for epoch in range({first}, {last}):
    sums = np.zeros(2)
    for turn in range(epoch * {turns}, (epoch + 1) * {turns}):
        for step in range({discriminator_steps}):
            loss = discriminator_turn(tf.constant(turn * {discriminator_steps} + step))
        sums += float(loss), float(generator_turn(tf.constant(turn)))
    for name, total in zip(history, sums):
        history[name].append(total / {turns})"""


def cells(run: Run, own: Points | None) -> Cells:
    """What is imitated, both players, their turns."""
    return Cells(_imitated(run, own), _both_players(run.spec), _turns(run.spec, run.epochs))


def _imitated(run: Run, own: Points | None) -> str:
    """What is imitated, as it was drawn."""
    start = "import keras\nimport numpy as np\nimport tensorflow as tf\n\n"
    if run.spec.pictures:
        return f"{start}{_digits()}"
    if run.spec.target == "own":
        return f"{start}x_train = np.array({own.x.tolist()}, np.float32)"
    return f"{start}{inspect.getsource(gan)}\n\nx_train = target_points({run.spec.target!r}, {REAL_POINTS}, {run.spec.seed})"


def _digits() -> str:
    return f"""from sklearn.datasets import load_digits

DIGITS_WHITE = {images.DIGITS_WHITE}


{inspect.getsource(images.centred)}

digits = load_digits()
x_train = centred(digits.data[np.random.default_rng(0).permutation({images.DIGITS_TRAINING})])"""


def _both_players(spec: Game) -> str:
    """The file that builds them, as it stands, both optimisers, and what the file asks of others."""
    source = (MODELS / "gan.py").read_text(encoding="utf-8")
    numbers = f"GENERATOR, DISCRIMINATOR = {GENERATOR}, {DISCRIMINATOR}"
    start = "\n\n\n".join((numbers, inspect.getsource(seed_of), source_of("feedforward", "initialiser")))
    kept = "\n".join(line for line in source.splitlines() if not line.startswith("from ann_core")).replace(": Game", "")
    settings = ", ".join(
        f"{name}={getattr(spec, name)!r}" for name in (*type(spec).model_fields, "outputs", "output_activation") if name != "legs"
    )
    lines = [kept, start, "from types import SimpleNamespace", ""]
    lines += [f"spec = SimpleNamespace({settings})", "forger, judge = generator(spec), discriminator(spec)"]
    for name, rate in (("of_forger", spec.generator_rate), ("of_judge", spec.discriminator_rate)):
        lines.append(f"{name} = {OPTIMISERS[spec.optimiser].format(rate=rate, beta_1=spec.beta_1, beta_2=spec.beta_2)}")
    return "\n".join([*lines, "of_forger.build(forger.trainable_variables)", "of_judge.build(judge.trainable_variables)"])


def _turns(spec: Game, epochs: int) -> str:
    """Every turn of so many rounds, with the noise and the real examples that it had here; of a game in legs, leg by leg."""
    legs, first, parts = spec.changed(epochs=epochs).in_legs(), 0, [HISTORY]
    for last, leg in legs:
        if len(legs) > 1:
            parts.append(PACE.format(**leg.model_dump()))
        if not spec.pictures and len({each.target for _, each in legs}) > 1:
            parts.append(f"x_train = target_points({leg.target!r}, {REAL_POINTS}, {leg.seed})")
        parts.append(_leg(leg, first, last))
        first = last
    return "\n\n".join(parts)


def _leg(leg: Game, first: int, last: int) -> str:
    values = leg.model_dump() | {"first": first, "last": last, "turns": UPDATES_A_ROUND}
    drawn, steepness = DRAWN[leg.noise_kind].format(**values), PENALTIES[leg.steepness].format(**values)
    resting = {"generator": "judge", "discriminator": "forger"}.get(leg.playing)
    updates = {f"of_{player}": "" if player == resting else UPDATE.format(player=player) for player in ("forger", "judge")}
    return TURNS.format(**values, drawn=drawn, steepness=steepness, **updates)
