"""A client of the Python library over TLS. secure.py URI FILE-OF-THE-AUTHORITY"""

import asyncio
import json
import ssl
import sys

import websockets


async def main():
    context = ssl.create_default_context(cafile=sys.argv[2])
    saw = {}
    async with websockets.connect(sys.argv[1], ssl=context, open_timeout=60, close_timeout=60, max_size=None) as socket:
        text = "Grüße " * 100_000
        await socket.send(text)
        saw["same"] = await socket.recv() == text
        saw["version"] = socket.transport.get_extra_info("ssl_object").version()
        await socket.close(4001, "")
        saw["code"] = socket.close_code
    print(json.dumps({"event": "saw", **saw}), flush=True)


asyncio.run(main())
