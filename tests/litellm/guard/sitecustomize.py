"""Refuses and writes down every connection that leaves this machine.

Python imports a module of this name by itself, so commands that the tests start, with this folder
on `PYTHONPATH`, are guarded from their first line on.
"""

import os
import sys
from pathlib import Path

_LOOPBACK = ("127.0.0.1", "::1", "localhost", b"localhost", b"127.0.0.1", "", b"", None)


def _refuse(event: str, arguments: tuple) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    refused = os.environ.get("VALUEGAUGE_HOSTS_REFUSED")
    if refused and host not in _LOOPBACK:
        with Path(refused).open("a", encoding="utf-8") as file:
            file.write(f"{host}\n")
        raise ConnectionRefusedError(f"the tests speak to this machine only, not to {host}")


sys.addaudithook(_refuse)
