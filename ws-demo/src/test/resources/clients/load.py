"""Clients of the Python library that keep the server busy until it closes them. load.py URI HOW-MANY"""

import asyncio
import json
import sys

import websockets

URI, COUNT = sys.argv[1], int(sys.argv[2])
TEXT = "Grüße, 5 €, 日本, 🌍. " * 100
busy = 0


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


async def keep_busy(socket, answers):
    """Sends whenever everything has come that the last message caused, until the connection ends."""
    global busy
    rounds = 0
    try:
        while True:
            await socket.send(TEXT)
            for _ in range(answers):
                if await socket.recv() != TEXT:
                    return "not the same"
            rounds += 1
            if rounds == 10:
                busy += 1
                if busy == COUNT:
                    tell("busy")
    except websockets.ConnectionClosed:
        return socket.close_code


async def main():
    half = COUNT // 2
    sockets = await asyncio.gather(
        *[
            websockets.connect(URI + path, open_timeout=60, close_timeout=60, ping_interval=None)
            for path in ["/echo"] * half + ["/broadcast"] * half
        ]
    )
    # each at /broadcast hears all the others
    answers = [1] * half + [half - 1] * half
    tell("closed", codes=await asyncio.gather(*map(keep_busy, sockets, answers)))


asyncio.run(main())
