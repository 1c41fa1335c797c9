"""Times a stroke on the canvas: `python -m tests.load.drawing ADDRESS [--query …] [--train]`."""

import io
import statistics
import time

import click
import numpy as np
from PIL import Image, ImageDraw

from tests.load.client import Learner

SIDE, PEN = 280, 22
PAGE = "convolutional"


def seven(slant: int) -> bytes:
    """A seven as a canvas sends it: a PNG, white on black."""
    image = Image.new("RGBA", (SIDE, SIDE), "black")
    ImageDraw.Draw(image).line([(60, 60), (210, 60), (140 - slant, 230)], fill="white", width=PEN, joint="curve")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@click.command()
@click.argument("address")
@click.option("--times", default=20, show_default=True)
@click.option("--query", default="lang=en")
@click.option("--training", default=90.0, show_default=True, help="Seconds to wait for the training.")
def main(address: str, times: int, query: str, training: float) -> None:
    """Train, then draw again and again, and print the milliseconds until probabilities and maps are there."""
    with Learner(address) as learner:
        learner.open(PAGE, query)
        time.sleep(3)
        learner.open(PAGE, query)
        learner.press("convolutional_train")
        end = time.monotonic() + training
        while "draw_subject" not in learner.widgets and time.monotonic() < end:  # offered once there is a network
            time.sleep(1)
            learner.open(PAGE, query)
        seconds = [learner.draw("draw_canvas", seven(slant)) for slant in np.linspace(0, 60, times + 2).astype(int)][2:]
        shown = "with maps" if "draw_maps" in learner.widgets else "WITHOUT maps"
        click.echo(f"a stroke, {shown}: median {statistics.median(seconds) * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f} ms of {times}")
        if learner.exceptions:
            raise click.ClickException(learner.exceptions[0])


if __name__ == "__main__":
    main()
