"""Runs Microsoft's inference server for an entry script, on a free port of loopback. Prints the port first."""

import os
import socket

from azureml_inference_server_http import amlserver

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
# The server would listen on all addresses of the machine, and on a port of its own: it is handed a socket as systemd does.
if listener.fileno() != 3:
    os.dup2(listener.fileno(), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
amlserver.run()
