"""The app as a real server, for browsers and for clients of its protocol."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]
REFUSED = "http://127.0.0.1:9"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """The app on a port of its own, with data folders of its own and no way out: all other hosts are refused."""

    def __init__(self, folder, port=None, root=ROOT, **settings):
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        self.data.mkdir(exist_ok=True)
        folders = {"ANN_DATA_DIR": str(self.data), "ANN_CACHE_DIR": str(folder / "cache")}
        refused = {f"{kind}_proxy": REFUSED for kind in ("http", "https", "all")} | {"no_proxy": "127.0.0.1,localhost"}
        environment = os.environ | folders | refused | {"PYTHONDONTWRITEBYTECODE": ""} | settings
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port), "--server.address", "127.0.0.1"]
        self.log = (folder / "server.log").open("w+")
        self.process = subprocess.Popen(command, cwd=root, env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        self._wait()

    def _wait(self):
        for _ in range(int(10 * PATIENCE)):
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.text())

    def text(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    def workers(self):
        """Worker processes, the one with TensorFlow (the largest) last."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        spawned = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        return sorted(spawned, key=lambda child: child.memory_info().rss)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
