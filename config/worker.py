"""The gunicorn worker that serves Waymark: nothing is done for a request before all of it is there.

One thread of the worker, waitress's, reads requests and sends answers, and waits for nobody. The threads that work get
whole requests and leave whole answers, so that whoever sends or reads slowly keeps no thread and no lock. A request
that takes longer than it may is given up.
"""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from sources.uploads import FORM_BYTES

log = logging.getLogger(__name__)
#: A request of up to so many bytes has so many seconds to arrive, and a larger one for the rest at least this rate.
SMALL, SECONDS, BYTES_PER_SECOND = 64 * 1024, 10, 32 * 1024
#: How long a connection is kept on which nothing moves, in seconds.
IDLE = 30
#: How many connections a worker holds at once, slow ones among them; a file is open for each.
CONNECTIONS = 500
#: How much of an answer is kept for a slow reader, in files beyond a megabyte, before the thread that makes it waits.
KEPT_FOR_READER = 256 * 1024 * 1024


class Channel(HTTPChannel):
    """One connection, and since when the request that is arriving on it has been arriving."""

    began = 0.0

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.began = time.monotonic()
        return super().received(data)

    def is_late(self) -> bool:
        """Whether the request that is arriving has taken longer than it may."""
        request = self.request
        if request is None:
            return False
        size = max(request.content_length, request.body_bytes_received)
        return time.monotonic() - self.began > SECONDS + max(size - SMALL, 0) / BYTES_PER_SECOND


class Server(TcpWSGIServer):
    """Waitress's server, which also gives up requests that arrive too slowly."""

    channel_class = Channel

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        late = [channel for channel in self.active_channels.values() if channel.is_late()]
        for channel in late:
            channel.will_close = True
        if late:
            log.warning("Requests that arrived too slowly and were given up: %s", len(late))


class WholeRequests(Worker):
    """A worker of gunicorn, which starts, watches and stops it; waitress serves on its sockets."""

    def run(self) -> None:
        connections: dict[int, Any] = {}
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        servers = [self.server(each.sock, connections, dispatcher) for each in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self.notify()
            wasyncore.loop(timeout=1, use_poll=True, map=connections, count=1)
        for server in servers:
            server.accepting = False
        self.finish(servers, connections)
        dispatcher.shutdown()
        wasyncore.close_all(connections)

    def server(self, socket: Any, connections: dict[int, Any], dispatcher: ThreadedTaskDispatcher) -> Server:
        return Server(
            self.wsgi,
            connections,
            True,
            socket,
            dispatcher=dispatcher,
            adj=adjustments(socket),
            sockinfo=(socket.family, socket.type, socket.proto, socket.getsockname()),
            bind_socket=False,
        )

    def finish(self, servers: list[Server], connections: dict[int, Any]) -> None:
        """Answer what was asked before the worker was told to stop, for as long as gunicorn allows."""
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until and any(
            channel.requests or channel.total_outbufs_len
            for server in servers
            for channel in server.active_channels.values()
        ):
            self.notify()
            wasyncore.loop(timeout=0.1, use_poll=True, map=connections, count=1)


def adjustments(socket: Any) -> Adjustments:
    """Return how waitress is set. Django itself judges what the web server in front says of its clients."""
    return Adjustments(
        sockets=[socket],
        ident=None,
        clear_untrusted_proxy_headers=False,
        channel_timeout=IDLE,
        cleanup_interval=1,
        connection_limit=CONNECTIONS,
        max_request_body_size=settings.CAPTURE_BYTES + FORM_BYTES,
        outbuf_high_watermark=KEPT_FOR_READER,
        log_socket_errors=False,
    )
