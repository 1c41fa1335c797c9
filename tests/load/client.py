"""A learner without a browser: speaks Streamlit's WebSocket protocol in the installed version's protobuf messages.

Loopback only: it is for measuring a server on this machine.
"""

import base64
import json
import time
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.patience import PATIENCE

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
FAILED = (ForwardMsg.FINISHED_WITH_COMPILE_ERROR,)


class Learner:
    """One session: opens a page, moves widgets, and counts the seconds until the rerun's end."""

    def __init__(self, address: str) -> None:
        host = urlsplit(address).hostname
        if host not in LOOPBACK:
            raise ValueError(f"expected an address of this machine, got {host}")
        self.address, self.query, self.page = address.replace("http", "ws", 1), "", ""
        self.page_hash = ""  # what the server calls the page: without it, a rerun that the page asks for would lead home
        self.forget()
        self.exceptions: list[str] = []
        self.session = ""  # by which the server knows this learner again

    def forget(self) -> None:
        """As a browser does on the way to another page: its widgets and timers are gone."""
        self.widgets: dict[str, tuple[str, str]] = {}
        self.sliders: dict[str, tuple[float, float, float]] = {}  # least, greatest, step
        self.options: dict[str, list[str]] = {}
        self.disabled: set[str] = set()
        self.containers: set[str] = set()
        self.states: dict[str, BackMsg] = {}
        self.timers: dict[str, float] = {}  # the seconds after which a fragment wants to be run again, and again
        self.due: dict[str, float] = {}

    def __enter__(self) -> "Learner":
        subprotocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([self.session] if self.session else [])]
        self.connection = connect(f"{self.address}/_stcore/stream", subprotocols=subprotocols, max_size=None)
        self.socket = self.connection.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.__exit__(*error)

    def drop(self) -> None:
        """Lose the connection without a word, as a phone does that falls asleep; entering again leads to the same session."""
        self.connection.socket.close()

    def shows(self, key: str) -> bool:
        """Whether a container whose key begins so was drawn by the last rerun of what it belongs to."""
        return any(name.startswith(key) for name in self.containers)

    def open(self, page: str = "", query: str = "") -> float:
        """Open a page by its name in the address; returns the seconds until it was drawn."""
        self.page, self.query, self.page_hash = page, query, ""
        return self._rerun("")

    def slide(self, key: str, value: float) -> float:
        """Move the slider with this key; returns the seconds of the rerun."""
        identity, fragment = self.widgets[key]
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add(id=identity)
        if options := self.options.get(key):  # a slider over listed values is asked for one of them by its words
            state.string_array_value.data.append(options[round(value)])
        else:
            state.double_array_value.data.append(value)
        self.states[identity] = state
        return self._rerun(fragment)

    def draw(self, key: str, picture: bytes) -> float:
        """Leave a PNG on the canvas whose key begins so; returns the seconds until all that depends on it was drawn."""
        identity, fragment = next(self.widgets[name] for name in self.widgets if name.startswith(key))
        url = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add(id=identity)
        state.json_value = json.dumps({"drawing": {"raw": {"objects": []}, "data": url}})
        self.states[identity] = state
        return self._rerun(fragment)

    def choose(self, key: str, label: str) -> float:
        """Open the tab with this label, of the tabs with this key; returns the seconds of the rerun."""
        identity, fragment = self.widgets[key]
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add(id=identity)
        state.string_value = label
        self.states[identity] = state
        return self._rerun(fragment)

    def visit(self, page: str, query: str = "") -> float:
        """Go to another page, as by its link in the navigation."""
        self.forget()
        return self.open(page, query)

    def wait(self, seconds: float) -> list[float]:
        """Look at the page for so long, and run again what wants it; the seconds that each of these reruns took."""
        taken, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            fragment = min(self.due, key=self.due.get, default="")
            if fragment and (until := self.due[fragment] - time.monotonic()) < left:
                time.sleep(max(until, 0))
                self.due[fragment] = time.monotonic() + self.timers[fragment]
                taken.append(self._rerun(fragment, of_itself=True))
            else:
                time.sleep(left)
        return taken

    def press(self, key: str) -> float:
        """Press the button with this key."""
        identity, fragment = self.widgets[key]
        return self._rerun(fragment, pressed=identity)

    def _rerun(self, fragment: str, pressed: str = "", of_itself: bool = False) -> float:
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_name, request.fragment_id = self.query, self.page, fragment
        request.page_script_hash, request.is_auto_rerun = self.page_hash, of_itself
        for state in self.states.values():
            request.widget_states.widgets.append(state)
        if pressed:
            request.widget_states.widgets.add(id=pressed, trigger_value=True)
        begun = time.perf_counter()
        self.socket.send(message.SerializeToString())
        self._listen(fragment)
        return time.perf_counter() - begun

    def _listen(self, fragment: str) -> None:
        while True:
            message = ForwardMsg.FromString(self.socket.recv(timeout=PATIENCE))
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._note(message)
            elif kind == "new_session":
                self._begun(message, whole=not fragment)
                fragment = ""  # what follows a fragment's run in the same breath is the whole page, at its own request
            elif kind == "auto_rerun":
                timer = message.auto_rerun
                self.timers[timer.fragment_id] = timer.interval
                self.due[timer.fragment_id] = time.monotonic() + timer.interval
            elif kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            elif kind == "script_finished" and message.script_finished in FAILED:
                raise RuntimeError("the script did not compile")
            elif kind == "script_finished" and message.script_finished in FINISHED:
                return

    def _begun(self, message: ForwardMsg, whole: bool) -> None:
        self.session = message.new_session.initialize.session_id
        self.containers.clear()
        if whole:
            for known in (self.timers, self.due, self.widgets, self.sliders):
                known.clear()  # what is still there is drawn again

    def _note(self, message: ForwardMsg) -> None:
        delta = message.delta
        element = delta.add_block if delta.WhichOneof("type") == "add_block" else delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.exceptions.append(element.exception.message)
        if delta.WhichOneof("type") == "add_block" and element.id:
            self.containers.add(element.id.split("-", 2)[-1])
        identity = getattr(getattr(element, kind), "id", "") if kind else ""
        if isinstance(identity, str) and identity.startswith("$$ID-"):
            key = identity.split("-", 2)[2]
            self.widgets[key] = (identity, message.delta.fragment_id)
            widget = getattr(element, kind)
            self.disabled.discard(key)
            if getattr(widget, "disabled", False):
                self.disabled.add(key)
            elif kind == "slider" and len(widget.default) == 1:
                self.options[key] = list(widget.options)
                self.sliders[key] = (widget.min, widget.max, widget.step)
