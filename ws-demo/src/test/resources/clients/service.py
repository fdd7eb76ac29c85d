"""Does what systemd does for services with Type=notify and StandardInput=socket, at a port that it opens.

Takes lines of JSON: {"run": NAME, "command": [...]}, {"stop": NAME} and {"block": true}.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading

PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None)
lock = threading.Lock()
services = {}
settings = {name: value for name, value in os.environ.items() if not name.startswith("HEXSOCKET_")}


def say(event, **more):
    with lock:
        print(json.dumps({"event": event, **more}), flush=True)


def hear(name, told):
    while True:
        message, descriptors, _, _ = socket.recv_fds(told, 4096, 4)
        for descriptor in descriptors:
            os.close(descriptor)
        if message.strip() == b"READY=1":
            say("ready " + name)


def await_end(name, service):
    say("ended " + name, status=service.wait())


def run(name, command):
    path = os.path.join(folder, name)
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(path)
    services[name] = subprocess.Popen(
        command,
        stdin=listening,
        stdout=sys.stderr,
        env={**settings, "NOTIFY_SOCKET": path},
        preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
    )
    threading.Thread(target=hear, args=(name, told), daemon=True).start()
    threading.Thread(target=await_end, args=(name, services[name]), daemon=True).start()


with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
    say("listening", port=listening.getsockname()[1])
    for line in sys.stdin:
        order = json.loads(line)
        if "run" in order:
            run(order["run"], order["command"])
        elif "block" in order:
            listening.setblocking(True)
            say("blocking")
        else:
            services[order["stop"]].send_signal(signal.SIGTERM)
