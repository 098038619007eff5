"""How gunicorn serves Waymark: a few processes of a few threads each, on this machine's own address only.

A team puts a web server with TLS before it and sets HTTPS=true. PORT and WEB_CONCURRENCY change the numbers.
"""

import gc
import logging
import os
import signal
import sys

from config.logs import Cleaned

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
worker_class = "config.worker.WholeRequests"
# Linux shares one port among the workers' own sockets; else kept-alive connections pile up on one worker.
reuse_port = sys.platform == "linux"
preload_app = True
timeout = 60
loglevel = "warning"
accesslog = (
    None  # who read what is in the audit trail, by reference; a log of addresses would hold what was searched for
)
logging.getLogger("gunicorn.error").addFilter(Cleaned())
control_socket_disable = True  # nobody steers the server from outside
# Heartbeat files in memory: on a busy disk a worker would look hung.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108


def when_ready(server) -> None:
    """Say where to go, and keep the collector from visiting what was loaded before the workers split off."""
    gc.freeze()
    print(
        f"\nWaymark is at http://{bind}/    staff work at http://{bind}/admin/    stop with Ctrl-C",
        flush=True,
    )


def post_worker_init(worker) -> None:
    """Leave Ctrl-C to the parent. A worker that is told to stop twice, by it and by the terminal, can hang."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
