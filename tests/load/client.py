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

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
FAILED = (ForwardMsg.FINISHED_WITH_COMPILE_ERROR,)
PATIENCE = 60


class Learner:
    """One session: opens a page, moves widgets, and counts the seconds until the rerun's end."""

    def __init__(self, address: str) -> None:
        host = urlsplit(address).hostname
        if host not in LOOPBACK:
            raise ValueError(f"expected an address of this machine, got {host}")
        self.address, self.query, self.page = address.replace("http", "ws", 1), "", ""
        self.page_hash = ""  # what the server calls the page: without it, a rerun that the page asks for would lead home
        self.widgets: dict[str, tuple[str, str]] = {}
        self.states: dict[str, BackMsg] = {}
        self.exceptions: list[str] = []

    def __enter__(self) -> "Learner":
        subprotocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN"]
        self.connection = connect(f"{self.address}/_stcore/stream", subprotocols=subprotocols, max_size=None)
        self.socket = self.connection.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.__exit__(*error)

    def open(self, page: str = "", query: str = "") -> float:
        """Open a page by its name in the address; returns the seconds until it was drawn."""
        self.page, self.query, self.page_hash = page, query, ""
        return self._rerun("")

    def slide(self, key: str, value: float) -> float:
        """Move the slider with this key; returns the seconds of the rerun."""
        identity, fragment = self.widgets[key]
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add(id=identity)
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

    def press(self, key: str) -> float:
        """Press the button with this key."""
        identity, fragment = self.widgets[key]
        return self._rerun(fragment, pressed=identity)

    def _rerun(self, fragment: str, pressed: str = "") -> float:
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_name, request.fragment_id = self.query, self.page, fragment
        request.page_script_hash = self.page_hash
        for state in self.states.values():
            request.widget_states.widgets.append(state)
        if pressed:
            request.widget_states.widgets.add(id=pressed, trigger_value=True)
        begun = time.perf_counter()
        self.socket.send(message.SerializeToString())
        self._listen()
        return time.perf_counter() - begun

    def _listen(self) -> None:
        while True:
            message = ForwardMsg.FromString(self.socket.recv(timeout=PATIENCE))
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._note(message)
            elif kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            elif kind == "script_finished":
                if message.script_finished in FAILED:
                    raise RuntimeError("the script did not compile")
                if message.script_finished in FINISHED:
                    return

    def _note(self, message: ForwardMsg) -> None:
        delta = message.delta
        element = delta.add_block if delta.WhichOneof("type") == "add_block" else delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.exceptions.append(element.exception.message)
        identity = getattr(getattr(element, kind), "id", "") if kind else ""
        if isinstance(identity, str) and identity.startswith("$$ID-"):
            key = identity.split("-", 2)[2]
            self.widgets[key] = (identity, message.delta.fragment_id)
