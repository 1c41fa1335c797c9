"""Images of ten classes: Fashion-MNIST, MNIST, and the small digits that are always there."""

import gzip
import os
import zipfile
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np

from ann_core.data.fingerprint import fingerprint
from ann_core.data.problem import DataProblem

SIDE = 28
CLASSES = 10
FASHION_FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
ARRAYS = tuple(FASHION_FILES)
DIGITS_FILE = "datasets/data/digits.csv.gz"
DIGITS_SHEETS = (0, 130, 256, 386, 516, 646, 776, 906, 1_029, 1_157, 1_287, 1_415, 1_545, 1_667)
"""The rows at which the small digits' sheets begin: see `sheets`."""
SHEETS_HELD_OUT = 3
DIGITS_TRAINING = DIGITS_SHEETS[-SHEETS_HELD_OUT]
DIGITS_SIDE = 8
DIGITS_WHITE = 16
DIGITS_BOX = 20


@dataclass(frozen=True)
class ImageSet:
    """Grey images, uint8 (n, 28, 28), and labels, uint8 (n,); which they are and where they come from.

    `source` is "folder" (ANN_DATA_DIR), "download" or "package"; `problem` says why the images asked for
    are not these.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    source: str
    fingerprint: str
    problem: DataProblem | None = None


def cache_folder() -> Path:
    """Where downloads are kept; `ANN_CACHE_DIR` moves it."""
    if chosen := os.environ.get("ANN_CACHE_DIR"):
        return Path(chosen)
    import pooch

    return Path(pooch.os_cache("neural-networks-you-can-see"))


def load(name: str) -> ImageSet:
    """The images of this name that are on this machine: in ANN_DATA_DIR, downloaded, or in a package.

    Raises `DataProblem`: "absent" where there are none, else what is wrong with the file.
    """
    if name == "digits":
        return _digits()
    if folder := os.environ.get("ANN_DATA_DIR"):
        file = Path(folder) / f"{name}.npz"
        if file.exists():
            return _cached(name, "folder", (file,))
    files = downloaded_files(name)
    if all(file.exists() for file in files):
        return _cached(name, "download", files)
    raise DataProblem("absent", dataset=name)


def load_or_digits(name: str) -> ImageSet:
    """The images of this name, or else the small digits, with the reason."""
    try:
        return load(name)
    except DataProblem as problem:
        return replace(_digits(), problem=problem)


def downloaded_files(name: str) -> tuple[Path, ...]:
    """The files that a complete download of this name leaves in the cache folder."""
    names = FASHION_FILES.values() if name == "fashion_mnist" else ("mnist.npz",)
    return tuple(cache_folder() / name / file for file in names)


def _cached(name: str, source: str, files: tuple[Path, ...]) -> ImageSet:
    try:
        stamps = tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files)
        return _read(name, source, files, stamps)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, gzip.zlib.error) as error:
        raise DataProblem("damaged", dataset=name, file=files[0].name, detail=str(error)) from error


@lru_cache(maxsize=2)
def _read(name: str, source: str, files: tuple[Path, ...], stamps: tuple) -> ImageSet:
    arrays = _read_npz(files[0]) if files[0].suffix == ".npz" else _read_idx(files)
    _check(name, files[0].name, arrays)
    return ImageSet(name, **arrays, source=source, fingerprint=fingerprint(arrays[key] for key in ARRAYS))


def _read_npz(file: Path) -> dict[str, np.ndarray]:
    with np.load(file, allow_pickle=False) as archive:
        return {key: archive[key] for key in ARRAYS}


def _read_idx(files: tuple[Path, ...]) -> dict[str, np.ndarray]:
    return dict(zip(ARRAYS, map(_idx, files), strict=True))


def _idx(file: Path) -> np.ndarray:
    content = gzip.decompress(file.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">i4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def _check(name: str, file: str, arrays: dict[str, np.ndarray]) -> None:
    for part in ("train", "test"):
        images, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (SIDE, SIDE) or not len(images):
            expected, found = f"uint8 (n, {SIDE}, {SIDE})", f"{images.dtype} {images.shape}"
            raise DataProblem("wrong_shape", dataset=name, file=file, array=f"x_{part}", expected=expected, found=found)
        if labels.shape != (len(images),) or labels.dtype.kind not in "ui" or labels.min() < 0 or labels.max() >= CLASSES:
            expected, found = f"({len(images)},), 0 … {CLASSES - 1}", f"{labels.dtype} {labels.shape}"
            raise DataProblem("wrong_shape", dataset=name, file=file, array=f"y_{part}", expected=expected, found=found)
        arrays[f"y_{part}"] = labels.astype(np.uint8)
    for array in arrays.values():
        array.setflags(write=False)


@lru_cache(maxsize=1)
def small_digits() -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's 1,797 handwritten digits, 0…16 (n, 64), and labels, uint8 (n,): `DIGITS_TRAINING` to train on first.

    The others are whole sheets, written by hands that are not among those before. Both parts are shuffled.
    Read from scikit-learn's folder: importing it would cost seconds.
    """
    package = PathFinder.find_spec("sklearn").submodule_search_locations[0]  # by path: it may be hidden from imports
    table = np.loadtxt(Path(package) / DIGITS_FILE, delimiter=",")
    order = digits_order(len(table))
    images, labels = table[order, :-1], table[order, -1].astype(np.uint8)
    for array in (images, labels):
        array.setflags(write=False)
    return images, labels


def digits_order(count: int) -> np.ndarray:
    """The rows of the small digits, (n,), in the order in which `small_digits` has them."""
    random = np.random.default_rng(0)
    return np.concatenate([random.permutation(DIGITS_TRAINING), DIGITS_TRAINING + random.permutation(count - DIGITS_TRAINING)])


def sheets() -> np.ndarray:
    """The sheet of paper, 0 … 13, that each of `small_digits` was written on, (n,).

    The rows of the file follow the sheets on which they were collected, and all sheets ask for the same 130 digits in the same
    order: where that sequence of labels begins anew, another sheet does. Some sheets lack a few digits, so that the boundaries
    are those at which the labels differ least from the sequence (in insertions, deletions and substitutions); a test finds them again.
    The test set of Alpaydin and Kaynak, which this is, has 13 writers: with 14 sheets, at least one hand wrote two. The two sheets
    that are most alike begin at the rows 1,157 and 1,287, and both are for training.
    """
    rows = digits_order(len(small_digits()[1]))
    return np.searchsorted(DIGITS_SHEETS, rows, side="right") - 1


@lru_cache(maxsize=1)
def _digits() -> ImageSet:
    """The small digits as large as MNIST's."""
    small, labels = small_digits()
    images = enlarged(small)
    arrays = {
        "x_train": images[:DIGITS_TRAINING],
        "y_train": labels[:DIGITS_TRAINING],
        "x_test": images[DIGITS_TRAINING:],
        "y_test": labels[DIGITS_TRAINING:],
    }
    _check("digits", DIGITS_FILE, arrays)
    return ImageSet("digits", **arrays, source="package", fingerprint=fingerprint(arrays[key] for key in ARRAYS))


def enlarged(rows: np.ndarray) -> np.ndarray:
    """8×8 images of 0…16 as MNIST shows its digits: 20×20 by linear interpolation, in the middle of 28×28."""
    places = (np.arange(DIGITS_BOX) + 0.5) * DIGITS_SIDE / DIGITS_BOX - 0.5
    weights = np.stack([np.interp(places, np.arange(DIGITS_SIDE), row) for row in np.eye(DIGITS_SIDE)], axis=1)  # (20, 8)
    large = weights @ rows.reshape(-1, DIGITS_SIDE, DIGITS_SIDE) @ weights.T
    margin = (SIDE - DIGITS_BOX) // 2
    framed = np.pad(large * 255 / DIGITS_WHITE, ((0, 0), (margin, margin), (margin, margin)))
    return np.rint(framed).astype(np.uint8)


def centred(rows: np.ndarray) -> np.ndarray:
    """Small digits of 0…16 as players see them: float32 of -1 … 1."""
    return (rows / (DIGITS_WHITE / 2) - 1).astype(np.float32)


def brightness(pictures: np.ndarray) -> np.ndarray:
    """Pictures of -1 … 1, (n, 64), as uint8 (n, 8, 8)."""
    whole = np.rint((np.nan_to_num(pictures) + 1) * 127.5)
    return np.clip(whole, 0, 255).astype(np.uint8).reshape(-1, DIGITS_SIDE, DIGITS_SIDE)


def rows_of(pictures: np.ndarray) -> np.ndarray:
    """Pictures, uint8 (n, 8, 8), as rows of 0…16, (n, 64): what `brightness` and `centred` have done, undone."""
    return pictures.reshape(len(pictures), -1) * (DIGITS_WHITE / 255)
