"""Many clients of the Python library at once: some at /echo, some at /broadcast, some at /web.

crowd.py URI ECHO BROADCAST WEB ALL-AT-BROADCAST ALL-AT-WEB

Says "open" when all are connected; is told to go; says "seen" whenever all at /broadcast have got one more large message, and
"done" when everything else has arrived; is told to end; says "closed".
"""

import asyncio
import hashlib
import json
import sys

import websockets

URI = sys.argv[1]
ECHO, BROADCAST, WEB, ALL_BROADCAST, ALL_WEB = map(int, sys.argv[2:7])
ROUNDS = 20
HELLOS = 3
PACKETS = 5
PIECE = "Grüße, 5 €, 日本, 🌍. "

wrong = []
seen = {}
large = [[] for _ in range(BROADCAST)]


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


async def connect(path):
    return await websockets.connect(URI + path, max_size=None, open_timeout=60, close_timeout=60, ping_interval=None)


async def echo(socket, number):
    sent = []
    for i in range(ROUNDS):
        text = f"{number} {i} " + PIECE * (i * 100)
        sent.append(text if i % 2 == 0 else text.encode())
        await socket.send(sent[i])
    for i in range(ROUNDS):
        if await socket.recv() != sent[i]:
            wrong.append(f"echo {number} {i}")


async def hear(socket, number, done):
    """Until the connection ends: texts are hellos of others, binary messages are large."""
    last = {}
    hellos = 0
    try:
        async for message in socket:
            if isinstance(message, str):
                who, count = message.rsplit(" ", 1)
                if int(count) != last.get(who, -1) + 1:
                    wrong.append(f"{message} after {last.get(who)}")
                last[who] = int(count)
                hellos += 1
                if hellos == HELLOS * (ALL_BROADCAST - 1):
                    done.set_result(None)
                elif hellos > HELLOS * (ALL_BROADCAST - 1):
                    wrong.append(f"one hello too many: {message}")
            else:
                mine = large[number]
                index = int.from_bytes(message[:4], "big")
                if index != len(mine):
                    wrong.append(f"large message {index} after {len(mine)}")
                mine.append(hashlib.sha256(message).hexdigest())
                seen[index] = seen.get(index, 0) + 1
                if seen[index] == BROADCAST:
                    tell("seen", number=index)
    finally:
        if not done.done():
            done.set_exception(EOFError(f"hearer {number}: {socket.close_code} {socket.close_reason}"))


async def say_hello(socket, number):
    for i in range(HELLOS):
        await socket.send(f"python {number} {i}")


async def talk(socket, number):
    """In lockstep, and hears what the others say meanwhile."""
    last = {}
    heard = 0
    answered = 0
    echoed = 0
    packets = [
        json.dumps({"opcode": "broadcast", "from": f"python {number}", "number": i, "message": PIECE}, ensure_ascii=False)
        for i in range(PACKETS)
    ]
    packets.append(json.dumps({"opcode": "echo", "message": PIECE}))
    await socket.send(packets[0])
    while answered < len(packets) or heard < PACKETS * (ALL_WEB - 1) or echoed < 1:
        text = await socket.recv()
        packet = json.loads(text)
        if packet["opcode"] == "next":
            answered += 1
            if answered < len(packets):
                await socket.send(packets[answered])
        elif packet["opcode"] == "echo":
            echoed += 1
            if text != packets[-1] or answered < len(packets):
                wrong.append(f"{text} after {answered} answers")
        elif packet["opcode"] == "broadcast" and packet["message"] == PIECE:
            heard += 1
            if packet["number"] != last.get(packet["from"], -1) + 1:
                wrong.append(f"{text} after {last.get(packet['from'])}")
            last[packet["from"]] = packet["number"]
        else:
            wrong.append(text)


async def main():
    async def line():
        return await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)

    echoes = await asyncio.gather(*[connect("/echo") for _ in range(ECHO)])
    hearers = await asyncio.gather(*[connect("/broadcast") for _ in range(BROADCAST)])
    talkers = await asyncio.gather(*[connect("/web") for _ in range(WEB)])
    for socket in talkers:
        if json.loads(await socket.recv())["opcode"] != "ready":
            wrong.append("no greeting")
    tell("open")
    await line()

    loop = asyncio.get_running_loop()
    all_heard = [loop.create_future() for _ in hearers]
    hearing = [asyncio.create_task(hear(socket, i, all_heard[i])) for i, socket in enumerate(hearers)]
    await asyncio.gather(
        *[echo(socket, i) for i, socket in enumerate(echoes)],
        *[say_hello(socket, i) for i, socket in enumerate(hearers)],
        *[talk(socket, i) for i, socket in enumerate(talkers)],
        *all_heard,
    )
    tell("done")
    await line()

    sockets = echoes + hearers + talkers
    await asyncio.gather(*[socket.close() for socket in sockets])
    await asyncio.gather(*hearing)
    tell(
        "closed",
        wrong=wrong,
        codes=[socket.close_code for socket in sockets],
        digests=[hashlib.sha256("".join(mine).encode()).hexdigest() for mine in large],
    )


asyncio.run(main())
