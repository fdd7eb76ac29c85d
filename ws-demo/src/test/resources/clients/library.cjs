// One client of ws after the other. library.cjs URI-OF-THE-DEMO, which pings often, and sends no message without compressing it

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

// Messages for one client and broadcasts in turn: whatever refers to earlier messages has to refer to the right ones.
const mixed = async () => {
    const listener = await open('/web', { perMessageDeflate: true })
    const speaker = await open('/web', { perMessageDeflate: true })
    const wrong = []
    const expected = []
    const done = new Promise(resolve => {
        listener.on('message', data => {
            const packet = JSON.parse(data)
            if (packet.opcode === 'echo' || packet.opcode === 'broadcast') {
                const { opcode, message } = expected.shift()
                if (packet.opcode !== opcode || packet.message !== message) {
                    wrong.push(`${packet.opcode} ${packet.message.slice(0, 50)}, not ${opcode} ${message.slice(0, 50)}`)
                }
                say()
            }
        })
        let round = 0
        const say = () => {
            if (round === 60) {
                return resolve()
            }
            const opcode = round % 3 === 0 ? 'broadcast' : 'echo'
            const message = `round ${round++} `.repeat(1 + round * 11)
            expected.push({ opcode, message })
            const sender = opcode === 'echo' ? listener : speaker
            sender.send(JSON.stringify({ opcode, message }))
        }
        say()
    })
    await done
    listener.close()
    speaker.close()
    await Promise.all([once(listener, 'close'), once(speaker, 'close')])
    return wrong
}

const main = async () => {
    const saw = { event: 'saw', closes: [] }
    const offers = [true, false, { serverMaxWindowBits: 9, clientNoContextTakeover: true }]
    saw.deflate = await Promise.all(offers.map(async perMessageDeflate => {
        const socket = await open('/echo', { perMessageDeflate })
        const pinged = new Promise(resolve => {
            let pings = 0
            // ws answers by itself; a server that did not get the first answer would close and not ping again
            socket.on('ping', () => ++pings === 2 && resolve())
        })
        const answered = new Promise(resolve => {
            const back = []
            socket.on('message', (data, isBinary) => back.push([data, isBinary]) === 4 && resolve(back))
        })
        for (let i = 0; i < 2; i++) {
            socket.send(text, { compress: true })
            socket.send(Buffer.from(text), { compress: true })
        }
        const same = (await answered).map(([data, isBinary]) => [data.toString() === text, isBinary])
        const closed = once(socket, 'close')
        await Promise.race([pinged, closed])
        const facts = {
            agreed: socket.extensions,
            header: socket.head['sec-websocket-extensions'] ?? null,
            same,
            open: socket.readyState === WebSocket.OPEN,
            // ws counts what came over the wire in the socket alone
            small: socket._socket.bytesRead < text.length,
        }
        socket.close(1000)
        await closed
        return facts
    }))
    saw.wrong = await mixed()
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
