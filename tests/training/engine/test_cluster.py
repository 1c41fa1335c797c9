"""A cluster in earnest: a scheduler and two workers as processes of their own, by TLS, on this machine; as the README says."""

import os
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPException
from urllib.request import urlopen

import psutil
import pytest
from distributed.security import Security  # with this come the defaults that the environment changes

from ann_core.training.engine import Engine
from ann_core.training.records import TrainingFailed
from tests.patience import PATIENCE, wait_for
from tests.server import ROOT, free_port


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A certificate and its key as files, as an administrator would make them."""
    folder = tmp_path_factory.mktemp("keys")
    made = Security.temporary()
    for name, content in (("ca.pem", made.tls_ca_file), ("cert.pem", made.tls_worker_cert), ("key.pem", made.tls_worker_key)):
        (folder / name).write_text(content)
    return folder


def environment(keys):
    roles = ("CLIENT", "SCHEDULER", "WORKER")
    found = {f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT": str(keys / "cert.pem") for role in roles}
    found |= {f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY": str(keys / "key.pem") for role in roles}
    return found | {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(keys / "ca.pem"), "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}


@contextmanager
def process(keys, *command):
    settings = os.environ | environment(keys) | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    started = subprocess.Popen([sys.executable, "-m", "dask", *command], env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def scheduler(keys, port):
    return process(keys, "scheduler", "--protocol", "tls", "--host", f"tls://127.0.0.1:{port}", "--no-dashboard")


def worker(keys, address):
    return process(keys, "worker", address, "--host", "tls://127.0.0.1", "--nthreads", "1", "--no-dashboard", "--no-nanny")


@pytest.fixture
def trusted(keys, monkeypatch):
    """This process as one that has the certificate too."""
    import dask

    for name, value in environment(keys).items():
        monkeypatch.setenv(name, value)
    dask.config.refresh()
    yield
    monkeypatch.undo()
    dask.config.refresh()


def test_a_training_survives_the_loss_of_one_of_two_machines(keys, trusted, small_spec):
    port = free_port()
    address = f"tls://127.0.0.1:{port}"
    with scheduler(keys, port), worker(keys, address) as first, worker(keys, address) as second, Engine(address) as engine:
        engine.ready.wait(PATIENCE)
        wait_for(lambda: engine.client is not None and len(engine.client.scheduler_info(n_workers=-1)["workers"]) == 2)
        job = engine.submit([small_spec.changed(epochs=60, batch_size=1)])
        wait_for(lambda: job.snapshot().share > 0.05)
        busy = next(name for name, tasks in engine.client.processing().items() if tasks)
        pid = engine.client.run(os.getpid, workers=[busy])[busy]
        (first if first.pid == pid else second).kill()
        assert job.result(PATIENCE)[0].complete


def test_a_scheduler_that_was_lost_is_told_and_found_again(keys, trusted, small_spec):
    port = free_port()
    address = f"tls://127.0.0.1:{port}"
    with scheduler(keys, port) as lost, worker(keys, address), Engine(address) as engine:
        job = engine.submit([small_spec.changed(epochs=100, batch_size=1)])
        wait_for(lambda: job.snapshot().share > 0.01)
        lost.kill()
        with pytest.raises(TrainingFailed) as caught:
            job.result(PATIENCE)
        assert caught.value.code == "scheduler_lost"
        with pytest.raises(TrainingFailed) as caught:
            engine.submit([small_spec]).result(PATIENCE)
        assert caught.value.code == "no_engine"
        with scheduler(keys, port):
            again = engine.submit([small_spec])
            wait_for(engine.deserted)
            with worker(keys, address):
                assert again.result(PATIENCE)[0].complete
            assert again.snapshot().parts[0].checkpoints


def test_without_the_certificate_nobody_gets_in(keys, trusted):
    from distributed import Client

    port = free_port()
    with scheduler(keys, port):
        wait_for(lambda: _answers(f"tls://127.0.0.1:{port}"))
        with pytest.raises(OSError, match=r"certificate|TLS|SSL|Timed out"):
            Client(f"tls://127.0.0.1:{port}", security=Security.temporary(), timeout="3s", set_as_default=False)


def _answers(address):
    from distributed import Client

    try:
        Client(address, timeout="2s", set_as_default=False).close()
    except OSError:
        return False
    return True


def test_the_own_cluster_is_closed_to_others_on_this_machine():
    from distributed import Client

    before = listening()
    with Engine() as engine:
        assert engine.ready.wait(PATIENCE)
        assert listening() - before
        address = engine.cluster.scheduler_address
        assert address.startswith("tls://127.0.0.1:")
        for security in (None, Security.temporary()):
            plain = address.replace("tls://", "tcp://") if security is None else address
            with pytest.raises(OSError, match=r"."):
                Client(plain, security=security, timeout="3s", set_as_default=False)
        for place in listening() - before:
            assert place.ip == "127.0.0.1"
            for path in ("info/main/workers.html", "json/identity.json", "metrics", "health"):
                with pytest.raises((OSError, HTTPException)):  # refused, or 404
                    urlopen(f"http://127.0.0.1:{place.port}/{path}", timeout=3)


def listening():
    """The places where this process and its children wait for others."""
    mine = psutil.Process()
    found = (each for process in (mine, *mine.children(recursive=True)) for each in process.net_connections("tcp"))
    return {each.laddr for each in found if each.status == psutil.CONN_LISTEN}
