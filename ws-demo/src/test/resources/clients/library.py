"""One client of the Python library after the other. library.py URI-OF-THE-DEMO URI-OF-AN-APP-WITH-SUBPROTOCOLS"""

import asyncio
import json
import sys

import websockets

DEMO, NEGOTIATOR = sys.argv[1:3]
saw = {}


def connect(uri, **options):
    return websockets.connect(uri, max_size=None, open_timeout=60, close_timeout=60, ping_interval=None, **options)


async def subprotocols():
    chosen = {}
    for offer in (["v2", "v1"], ["v1", "v2"], ["v0", "v1"], ["v0"], None):
        async with connect(NEGOTIATOR, subprotocols=offer) as socket:
            chosen[",".join(offer or ["-"])] = socket.subprotocol
    async with connect(DEMO + "/echo", subprotocols=["v2"]) as socket:
        chosen["of no interest"] = socket.subprotocol
    saw["subprotocols"] = chosen


async def pings():
    async with connect(DEMO + "/echo") as socket:
        for payload in (b"", b"x", bytes(range(125))):
            await (await socket.ping(payload))
        first = await socket.ping(b"first")
        await socket.pong(b"nobody asked")
        second = await socket.ping(b"second")
        await socket.send("between")
        await asyncio.gather(first, second)
        saw["after pings"] = await socket.recv()


async def close_codes():
    codes = {}
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999):
        async with connect(DEMO + "/echo") as socket:
            await socket.close(code, "Grüße 🌍")
            codes[code] = socket.close_code
    saw["close codes"] = codes


async def fragments():
    back = []
    async with connect(DEMO + "/echo") as socket:
        for pieces in (["a", "ü", "🌍", "", "日本"], ["", "", ""], [b"\x00", b"\xff" * 70000, b"\x01"], ["x"] * 1000):
            await socket.send(pieces)
            back.append(await socket.recv() == type(pieces[0])().join(pieces))
    saw["fragments"] = back


async def mebibyte():
    text = "日本語, 한국어, Ελληνικά, Grüße, 🌍👩‍👩‍👧. "
    text *= 1024 * 1024 // len(text.encode()) + 1
    async with connect(DEMO + "/echo") as socket:
        await socket.send(text)
        saw["mebibyte"] = await socket.recv() == text


async def failures():
    closes = {}
    for name, message in (
        ("not JSON", "no packet"),
        ("binary", b"{}"),
        ("too long", '{"opcode":"' + "x" * (5 * 1024 * 1024) + '"}'),
        ("quit", '{"opcode":"quit"}'),
    ):
        async with connect(DEMO + "/web") as socket:
            greeting = json.loads(await socket.recv())
            assert greeting["opcode"] == "ready", greeting
            try:
                await socket.send(message)
                while True:
                    text = await socket.recv()
                    assert text == '{"opcode":"next"}', text
            except websockets.ConnectionClosed:
                closes[name] = socket.close_code
    saw["failures"] = closes


async def main():
    for scene in (subprotocols, pings, close_codes, fragments, mebibyte, failures):
        await asyncio.wait_for(scene(), 60)
    print(json.dumps({"event": "saw", **saw}), flush=True)


asyncio.run(main())
