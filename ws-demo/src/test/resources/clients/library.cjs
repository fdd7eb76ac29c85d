// One client of ws after the other. library.cjs URI-OF-THE-DEMO, which pings often

const { once } = require('events')
const WebSocket = require('ws')

const uri = process.argv[2]
const text = 'Grüße, 5 €, 日本, 🌍. '.repeat(5000)

const open = async (path, options) => {
    const socket = new WebSocket(uri + path, options)
    const upgraded = once(socket, 'upgrade')
    await once(socket, 'open')
    socket.head = (await upgraded)[0].headers
    return socket
}

const main = async () => {
    const saw = { event: 'saw', closes: [] }
    const offers = [true, false, { serverMaxWindowBits: 10, clientNoContextTakeover: true }]
    saw.deflate = await Promise.all(offers.map(async perMessageDeflate => {
        const socket = await open('/echo', { perMessageDeflate })
        const pinged = new Promise(resolve => {
            let pings = 0
            // ws answers by itself; a server that did not get the first answer would close and not ping again
            socket.on('ping', () => ++pings === 2 && resolve())
        })
        const answered = new Promise(resolve => {
            const back = []
            socket.on('message', (data, isBinary) => back.push([data, isBinary]) === 2 && resolve(back))
        })
        socket.send(text, { compress: true })
        socket.send(Buffer.from(text), { compress: true })
        const same = (await answered).map(([data, isBinary]) => [data.toString() === text, isBinary])
        const closed = once(socket, 'close')
        await Promise.race([pinged, closed])
        const facts = {
            agreed: socket.extensions,
            header: socket.head['sec-websocket-extensions'] ?? null,
            same,
            open: socket.readyState === WebSocket.OPEN,
        }
        socket.close(1000)
        await closed
        return facts
    }))
    for (const code of [1000, 1011, 4001]) {
        const socket = await open('/chat/lobby?name=Ada')
        socket.close(code, 'bye')
        const [answer] = await once(socket, 'close')
        saw.closes.push(answer)
    }
    const socket = await open('/echo')
    socket.close()
    saw.closes.push((await once(socket, 'close'))[0])
    console.log(JSON.stringify(saw))
}

main().catch(error => {
    console.error(error)
    process.exit(1)
})
