import errno
import gzip
import hashlib
import os
import socket
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pooch
import pytest

from ann_core.data import download, images
from ann_core.data.problem import DataProblem
from ann_core.training.engine import jobs


def image_arrays(training=40, testing=20):
    generator = np.random.default_rng(0)
    return {
        "x_train": generator.integers(0, 256, (training, 28, 28), dtype=np.uint8),
        "y_train": generator.integers(0, 10, training, dtype=np.uint8),
        "x_test": generator.integers(0, 256, (testing, 28, 28), dtype=np.uint8),
        "y_test": generator.integers(0, 10, testing, dtype=np.uint8),
    }


def idx_bytes(array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
    return gzip.compress(header + array.tobytes())


@pytest.fixture
def published(monkeypatch):
    """Small files in place of the published Fashion-MNIST ones: name to content, with hashes to match."""
    files = {images.FASHION_FILES[key]: idx_bytes(array) for key, array in image_arrays().items()}
    monkeypatch.setattr(download, "HASHES", {name: f"md5:{hashlib.md5(content).hexdigest()}" for name, content in files.items()})
    return files


class Server(BaseHTTPRequestHandler):
    def __init__(self, files, manner, *args):
        self.files, self.manner = files, manner
        super().__init__(*args)

    def do_GET(self):
        content = self.files[self.path.rsplit("/", 1)[1]]
        if self.manner == "missing":
            self.send_error(404)
            return
        if self.manner == "wrong":
            content = content[:-1] + b"!"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.manner == "silent":
            time.sleep(2)
            return
        self.wfile.write(content[: len(content) // 2] if self.manner == "cut" else content)

    def log_message(self, *args):
        pass


@pytest.fixture
def serve(published, monkeypatch):
    """Starts a server that answers in some manner and makes it the only address."""
    servers = []

    def start(manner):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, published, manner))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    def only(*manners):
        monkeypatch.setenv("ANN_DATA_URLS", " ".join(map(start, manners)))

    yield only
    for server in servers:
        server.shutdown()


def test_the_digits_are_always_there():
    digits = images.load("digits")
    assert digits.x_train.shape == (1415, 28, 28)
    assert digits.x_test.shape == (382, 28, 28)
    assert digits.x_train.dtype == np.uint8
    assert digits.x_train.max() == 255
    assert set(digits.y_test) == set(range(10))
    assert not digits.x_train.flags.writeable
    assert not digits.x_train[:, :4].any(), "as in MNIST, a digit stands in the middle 20×20"


def test_a_complete_download_is_used(serve, published):
    serve("complete")
    heard = []
    found = jobs.prepare_images("fashion_mnist", heard.append, lambda: False)
    assert (found.data.name, found.data.source, found.problem) == ("fashion_mnist", "download", None)
    np.testing.assert_array_equal(found.x_test, image_arrays()["x_test"])
    assert heard
    assert heard[-1].done <= heard[-1].total


@pytest.mark.parametrize(("manner", "code"), [("wrong", "wrong_hash"), ("cut", "cut_off"), ("silent", "silent"), ("missing", "refused")])
def test_a_bad_download_is_told_and_replaced(serve, monkeypatch, manner, code):
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.5)
    serve(manner)
    found = jobs.prepare_images("fashion_mnist", lambda message: None, lambda: False)
    assert found.problem.code == code
    assert (found.data.name, found.data.asked) == ("digits", "fashion_mnist")
    with pytest.raises(DataProblem, match="absent"):
        images.load("fashion_mnist")


def test_the_next_address_is_tried(serve):
    serve("wrong", "complete")
    download.fetch("fashion_mnist")
    assert images.load("fashion_mnist").source == "download"


def test_nobody_at_the_address(monkeypatch, published):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ANN_DATA_URLS", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(DataProblem, match="offline"):
            download.fetch("fashion_mnist")


def test_addresses_can_be_chosen(monkeypatch):
    monkeypatch.setenv("ANN_DATA_URLS", "http://one.example/a http://two.example/b/")
    assert download.addresses("mnist") == ("http://one.example/a/", "http://two.example/b/")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ANN_DATA_DIR", str(tmp_path))
    return tmp_path


def test_the_folder_comes_first(folder):
    np.savez(folder / "mnist.npz", **image_arrays())
    found = images.load("mnist")
    assert found.source == "folder"
    np.testing.assert_array_equal(found.y_train, image_arrays()["y_train"])


def test_other_data_have_another_fingerprint(folder):
    np.savez(folder / "mnist.npz", **image_arrays())
    first = images.load("mnist").fingerprint
    np.savez(folder / "mnist.npz", **image_arrays(training=41))
    assert images.load("mnist").fingerprint != first


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_truncated_file_is_damaged(folder, keep):
    file = folder / "fashion_mnist.npz"
    np.savez_compressed(file, **image_arrays())
    content = file.read_bytes()
    file.write_bytes(content[: keep if isinstance(keep, int) else int(len(content) * keep)])
    with pytest.raises(DataProblem, match="damaged"):
        images.load("fashion_mnist")
    found = jobs.prepare_images("fashion_mnist", lambda message: None, lambda: False)
    assert (found.problem.code, found.data.name) == ("damaged", "digits")


@pytest.mark.parametrize(
    "change",
    [
        {"x_train": np.zeros((40, 32, 32), np.uint8)},
        {"x_test": np.zeros((20, 28, 28), float)},
        {"y_train": np.zeros(39, np.uint8)},
        {"y_test": np.full(20, 10, np.uint8)},
        {"x_train": np.zeros((0, 28, 28), np.uint8), "y_train": np.zeros(0, np.uint8)},
    ],
)
def test_arrays_of_the_wrong_kind_are_named(folder, change):
    np.savez(folder / "mnist.npz", **(image_arrays() | change))
    with pytest.raises(DataProblem, match="wrong_shape"):
        images.load("mnist")


def test_a_missing_array_or_a_pickle_is_damage(folder):
    arrays = image_arrays()
    del arrays["y_test"]
    np.savez(folder / "mnist.npz", **arrays)
    with pytest.raises(DataProblem, match="damaged"):
        images.load("mnist")
    np.savez(folder / "mnist.npz", **(image_arrays() | {"y_test": np.array([object()] * 20)}))
    with pytest.raises(DataProblem, match="damaged"):
        images.load("mnist")


def test_images_can_be_swapped_while_the_program_runs(folder):
    assert images.load_or_digits("mnist").problem.code == "absent"
    np.savez(folder / "mnist.npz", **image_arrays())
    assert images.load_or_digits("mnist").name == "mnist"


@pytest.mark.parametrize("cause", ["folder", "disk"])
def test_what_cannot_be_written_is_told_and_replaced(serve, monkeypatch, tmp_path, cause):
    serve("complete")
    if cause == "folder":
        (tmp_path / "file").write_text("where a folder should be")
        monkeypatch.setenv("ANN_CACHE_DIR", str(tmp_path / "file" / "cache"))
    else:
        monkeypatch.setattr(pooch, "retrieve", _no_space)
    found = jobs.prepare_images("fashion_mnist", lambda message: None, lambda: False)
    assert (found.problem.code, found.data.name) == ("unwritable", "digits")
    assert found.problem.values["detail"]


def _no_space(*arguments, **options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_damaged_while_in_use_is_noticed_at_the_next_look(folder):
    file = folder / "mnist.npz"
    np.savez(file, **image_arrays())
    first = images.load("mnist")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataProblem, match="damaged"):
        images.load("mnist")
    file.write_bytes(content)
    assert images.load("mnist").fingerprint == first.fingerprint
