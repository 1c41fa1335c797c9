"""Fetches the published image files once, each checked against its publisher's hash."""

import os
from collections.abc import Callable
from pathlib import Path

from ann_core.data.images import downloaded_files
from ann_core.data.problem import DataProblem

CONNECT_SECONDS = 5
SILENCE_SECONDS = 15
"""How long a server may send nothing."""

KERAS_FILES = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
ADDRESSES = {
    "fashion_mnist": (KERAS_FILES, "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
    "mnist": (KERAS_FILES, "https://s3.amazonaws.com/img-datasets/"),
}
HASHES = {
    "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
    "mnist.npz": "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
}

OnProgress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes that have come and the bytes there are (0: unknown)."""


def addresses(name: str) -> tuple[str, ...]:
    """Folders to try in turn: those in `ANN_DATA_URLS` (separated by blanks) instead of the usual ones."""
    chosen = tuple(f"{url.rstrip('/')}/" for url in os.environ.get("ANN_DATA_URLS", "").split())
    return chosen or ADDRESSES[name]


def fetch(name: str, on_progress: OnProgress | None = None) -> None:
    """Download what is missing of this name into the cache folder, from the first address that answers well.

    Raises `DataProblem`: "offline", "silent", "wrong_hash", "cut_off" or "refused", of the last address tried.
    """
    for address in addresses(name):
        try:
            for file in downloaded_files(name):
                _fetch_file(address, file, on_progress)
            return
        except DataProblem as problem:
            last = problem
    raise last


def _fetch_file(address: str, file: Path, on_progress: OnProgress | None) -> None:
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    download = pooch.HTTPDownloader(timeout=(CONNECT_SECONDS, SILENCE_SECONDS), progressbar=_Progress(file.name, on_progress))
    described = {"file": file.name, "address": address}
    try:
        pooch.retrieve(address + file.name, HASHES[file.name], file.name, file.parent, downloader=download)
    except ValueError as error:
        raise DataProblem("wrong_hash", **described) from error
    except requests.exceptions.HTTPError as error:
        raise DataProblem("refused", status=error.response.status_code, **described) from error
    except requests.exceptions.ReadTimeout as error:
        raise DataProblem("silent", seconds=SILENCE_SECONDS, **described) from error
    except requests.exceptions.ChunkedEncodingError as error:
        raise DataProblem("cut_off", **described) from error
    except requests.exceptions.ConnectionError as error:
        silent = "Read timed out" in str(error)
        raise DataProblem("silent" if silent else "offline", seconds=SILENCE_SECONDS, **described) from error
    except OSError as error:
        raise DataProblem("unwritable", file=file.name, detail=str(error)) from error


class _Progress:
    """The progress bar that pooch asks for, passing its numbers on."""

    def __init__(self, file: str, on_progress: OnProgress | None) -> None:
        self.file, self.on_progress = file, on_progress
        self.total = self.done = 0

    def update(self, amount: int) -> None:
        self.done += amount
        if self.on_progress:
            self.on_progress(self.file, min(self.done, self.total or self.done), self.total)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass
