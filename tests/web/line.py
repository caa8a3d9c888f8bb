"""A line between browser and bridge that can be cut, as a tunnel cuts a phone's."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import Enum, auto

_CHUNK = 64 * 1024
# Stands in the body of a message on its way to the bridge, and in nothing else that goes there.
_MESSAGE = b'"client_message_id"'


class Moment(Enum):
    """When in a message's life the line breaks."""

    BEFORE_IT_ARRIVES = auto()
    BEFORE_ITS_ANSWER = auto()
    IN_ITS_ANSWER = auto()
    AFTER_ITS_ANSWER = auto()


class Line:
    """Listens on a port of its own and passes on to `port`; while it is cut, nothing passes."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._moment: Moment | None = None
        # Connections on which a message has gone to the bridge and no answer has come back.
        self._asked: set[socket.socket] = set()
        self._broken = threading.Event()
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The bridge's address by way of the line."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Every connection breaks, and new ones are refused at once."""
        with self._lock:
            self._is_cut = True
            self.cuts += 1
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
            self._open.clear()

    def cut_at(self, moment: Moment) -> None:
        """Cut when the next message has come so far; `wait_cut` waits for it."""
        with self._lock:
            self._broken.clear()
            self._asked.clear()
            self._moment = moment

    def wait_cut(self, seconds: float = 20) -> None:
        """Until the moment of `cut_at` has come."""
        assert self._broken.wait(seconds), f"The line was not cut within {seconds} s."

    def mend(self) -> None:
        """Connections pass again."""
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        """No more connections."""
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target, timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        with self._lock:
            if self._is_cut:
                near.close()
                far.close()
                return
            self._open |= {near, far}
        for source, target in ((near, far), (far, near)):
            arguments = (source, target, source is far)
            threading.Thread(target=self._pass_on, args=arguments, daemon=True).start()

    def _until_cut(
        self, source: socket.socket, target: socket.socket, data: bytes, from_bridge: bool
    ) -> int | None:
        """How much of the data passes before the line is cut; None when it is not cut now."""
        with self._lock:
            moment = self._moment
            if moment is None:
                return None
            if not from_bridge:
                if _MESSAGE not in data:
                    return None
                self._asked.add(target)
                ends = {Moment.BEFORE_IT_ARRIVES: 0, Moment.BEFORE_ITS_ANSWER: len(data)}
            elif source in self._asked:
                ends = {Moment.IN_ITS_ANSWER: len(data) // 2, Moment.AFTER_ITS_ANSWER: len(data)}
            else:
                return None
            if moment not in ends:
                return None
            self._moment = None
            return ends[moment]

    def _pass_on(self, source: socket.socket, target: socket.socket, from_bridge: bool) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                passed = self._until_cut(source, target, data, from_bridge)
                target.sendall(data[:passed])
                if passed is not None:
                    self.cut()
                    self._broken.set()
        with self._lock:
            self._open -= {source, target}
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
