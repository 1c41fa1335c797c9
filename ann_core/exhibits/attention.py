"""Exhibits of the attention lesson: attention in the hand, positions as waves, what is knocked out."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ann_core.exhibits.base import Exhibit, StrongWeight, Weight, padded
from ann_core.spec import Rounded

MOST_WORDS, VECTOR, MOST_HEADS, HEAD_SIZE = 10, 4, 4, 2
VECTORS = (
    (1.6, 0.3, -0.5, 0.4),
    (0.9, -0.8, 0.6, -1.0),
    (-1.2, 1.0, 0.8, 0.5),
    (0.4, 1.4, -1.1, 0.9),
    (-0.6, -1.3, 1.2, 0.3),
    (1.0, 0.9, 0.7, -0.7),
    (-1.4, 0.2, -0.9, 1.1),
    (0.8, -1.0, 0.1, 1.3),
    (-0.3, 1.2, 1.0, -1.2),
    (0.6, 0.5, -1.4, -0.4),
)


def _same(strength: float) -> tuple[float, ...]:
    """W_Q or W_K, for all heads side by side: head 1 sees numbers 1 and 2 of a vector, head 2 the others; 3 and 4 both crosswise."""
    rows = ((1, 0, 0, 0, 0, 1, 0, 0), (0, 1, 0, 0, 0, 0, 1, 0), (0, 0, 1, 0, 1, 0, 0, 0), (0, 0, 0, 1, 0, 0, 0, 1))
    return tuple(strength * entry for row in rows for entry in row)


class AttendExhibit(Exhibit):
    """Attention in the learner's hand: a text, a vector for each different word of it, and the weights of the heads.

    Without a text, an example in the learner's language takes its place.
    `vectors` has a row of four numbers for each different word, in the order of their first use. The weights of all four heads
    stand side by side, two columns a head; `output_weights` has two rows a head.
    """

    experiment = "attend"
    presets: ClassVar = {
        "default": {},
        "previous": {
            "places_added": True,
            "vectors": tuple(part for row in range(MOST_WORDS) for part in (0.0, 0.0, (-1.0) ** row, 0.2 * row)),
            "query_weights": (1.62091, 2.52441) + (0.0,) * 6 + (-2.52441, 1.62091) + (0.0,) * 22,  # turned back by one place
            "key_weights": (3.0,) + (0.0,) * 8 + (3.0,) + (0.0,) * 22,
        },
        "look_back": {"mask": "causal"},
        "filled_up": {"blanks": 4},
    }

    text: str = Field("", max_length=200)
    heads: int = Field(1, ge=1, le=MOST_HEADS)
    head: int = Field(1, ge=1, le=MOST_HEADS)
    places_added: bool = False
    scaled: bool = True
    mask: Literal["nothing_masked", "causal", "blanks", "both"] = "nothing_masked"
    blanks: int = Field(0, ge=0, le=6)
    sharpness: Rounded = Field(1.0, ge=0.1, le=5.0)
    vectors: Annotated[tuple[Weight, ...], padded(MOST_WORDS * VECTOR)] = Field(
        tuple(part for vector in VECTORS for part in vector), max_length=MOST_WORDS * VECTOR
    )
    query_weights: Annotated[tuple[StrongWeight, ...], padded(VECTOR * MOST_HEADS * HEAD_SIZE)] = Field(_same(1.5), max_length=32)
    key_weights: Annotated[tuple[StrongWeight, ...], padded(VECTOR * MOST_HEADS * HEAD_SIZE)] = Field(_same(1.5), max_length=32)
    value_weights: Annotated[tuple[StrongWeight, ...], padded(VECTOR * MOST_HEADS * HEAD_SIZE)] = Field(_same(1.0), max_length=32)
    output_weights: Annotated[tuple[StrongWeight, ...], padded(VECTOR * MOST_HEADS * HEAD_SIZE)] = Field(
        tuple(float(row % VECTOR == column) for row in range(MOST_HEADS * HEAD_SIZE) for column in range(VECTOR)), max_length=32
    )

    @classmethod
    def inapplicable(cls, values):
        if values["head"] > values["heads"]:
            yield "head"


class WavesExhibit(Exhibit):
    """Sinusoidal positions: of how many places, and how many numbers each."""

    experiment = "waves"

    places: int = Field(50, ge=10, le=100)
    wave_width: int = Field(32, ge=4, le=64)


class KnockExhibit(Exhibit):
    """What is knocked out of a trained network of attention; places, layers and heads are counted from 1, 0 stands for none."""

    experiment = "knock"

    token: int = Field(0, ge=0, le=24)
    link_from: int = Field(0, ge=0, le=24)
    link_to: int = Field(0, ge=0, le=24)
    layer: int = Field(1, ge=1, le=3)
    knocked_head: int = Field(0, ge=0, le=4)
    no_places: bool = False
