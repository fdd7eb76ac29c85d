// Many clients of ws, the library of npm, at once. Does what crowd.py does; see there.

const { createHash } = require('crypto')
const { once } = require('events')
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const WebSocket = require('ws')

const uri = process.argv[2]
const [ECHO, BROADCAST, WEB, ALL_BROADCAST, ALL_WEB] = process.argv.slice(3).map(Number)
const ROUNDS = 20
const HELLOS = 3
const PACKETS = 5
const PIECE = 'Grüße, 5 €, 日本, 🌍. '

const wrong = []
const seen = new Map()
const large = Array.from({ length: BROADCAST }, () => [])
let ending = false

const tell = (event, facts) => console.log(JSON.stringify({ event, ...facts }))
const sha256 = bytes => createHash('sha256').update(bytes).digest('hex')

// half of them offer compression, as browsers do
const connect = (path, number) => new Promise((resolve, reject) => {
    const socket = new WebSocket(uri + path, { perMessageDeflate: number % 2 === 0 })
    socket.on('error', reject)
    socket.closed = new Promise(ended => socket.on('close', (code, reason) => {
        if (!ending) {
            throw new Error(`${path} ${number} was closed: ${code} ${reason}`)
        }
        ended(code)
    }))
    // the others may begin before these are told to
    const early = []
    const keep = (...message) => early.push(message)
    socket.on('message', keep)
    socket.hear = listener => {
        socket.off('message', keep)
        early.forEach(message => listener(...message))
        socket.on('message', listener)
    }
    socket.greeting = path === '/web' ? once(socket, 'message') : null
    socket.on('open', () => resolve(socket))
})

const connectAll = (path, count) => Promise.all(Array.from({ length: count }, (_, i) => connect(path, i)))

const echo = (socket, number) => new Promise(resolve => {
    const sent = Array.from({ length: ROUNDS }, (_, i) => {
        const text = `${number} ${i} ` + PIECE.repeat(i * 100)
        return i % 2 === 0 ? text : Buffer.from(text)
    })
    let back = 0
    socket.hear((data, isBinary) => {
        const expected = sent[back]
        if (isBinary !== (typeof expected !== 'string') || !data.equals(Buffer.from(expected))) {
            wrong.push(`echo ${number} ${back}`)
        }
        if (++back === ROUNDS) {
            resolve()
        }
    })
    sent.forEach(message => socket.send(message))
})

const hear = (socket, number) => new Promise(resolve => {
    const last = new Map()
    let hellos = 0
    socket.hear((data, isBinary) => {
        if (isBinary) {
            const index = data.readUInt32BE(0)
            if (index !== large[number].length) {
                wrong.push(`large message ${index} after ${large[number].length}`)
            }
            large[number].push(sha256(data))
            seen.set(index, (seen.get(index) ?? 0) + 1)
            if (seen.get(index) === BROADCAST) {
                tell('seen', { number: index })
            }
            return
        }
        const [, who, count] = /^(.*) (\d+)$/.exec(data.toString())
        if (Number(count) !== (last.get(who) ?? -1) + 1) {
            wrong.push(`${data} after ${last.get(who)}`)
        }
        last.set(who, Number(count))
        hellos++
        if (hellos === HELLOS * (ALL_BROADCAST - 1)) {
            resolve()
        } else if (hellos > HELLOS * (ALL_BROADCAST - 1)) {
            wrong.push(`one hello too many: ${data}`)
        }
    })
    for (let i = 0; i < HELLOS; i++) {
        socket.send(`node ${number} ${i}`)
    }
})

const talk = (socket, number) => new Promise(resolve => {
    const packets = Array.from({ length: PACKETS }, (_, i) =>
        JSON.stringify({ opcode: 'broadcast', from: `node ${number}`, number: i, message: PIECE }))
    packets.push(JSON.stringify({ opcode: 'echo', message: PIECE }))
    const last = new Map()
    let heard = 0
    let answered = 0
    let echoed = 0
    socket.hear(data => {
        const text = data.toString()
        const packet = JSON.parse(text)
        if (packet.opcode === 'ready') {
            return
        }
        if (packet.opcode === 'next') {
            answered++
            if (answered < packets.length) {
                socket.send(packets[answered])
            }
        } else if (packet.opcode === 'echo') {
            echoed++
            if (text !== packets.at(-1) || answered < packets.length) {
                wrong.push(`${text} after ${answered} answers`)
            }
        } else if (packet.opcode === 'broadcast' && packet.message === PIECE) {
            heard++
            if (packet.number !== (last.get(packet.from) ?? -1) + 1) {
                wrong.push(`${text} after ${last.get(packet.from)}`)
            }
            last.set(packet.from, packet.number)
        } else {
            wrong.push(text)
        }
        if (answered === packets.length && heard === PACKETS * (ALL_WEB - 1) && echoed === 1) {
            resolve()
        }
    })
    socket.send(packets[0])
})

const main = async () => {
    const echoes = await connectAll('/echo', ECHO)
    const hearers = await connectAll('/broadcast', BROADCAST)
    const talkers = await connectAll('/web', WEB)
    for (const socket of talkers) {
        const [data] = await socket.greeting
        if (JSON.parse(data).opcode !== 'ready') {
            wrong.push(`no greeting: ${data}`)
        }
    }
    tell('open')
    await lines.next()

    await Promise.all([...echoes.map(echo), ...hearers.map(hear), ...talkers.map(talk)])
    tell('done')
    await lines.next()

    const sockets = [...echoes, ...hearers, ...talkers]
    ending = true
    sockets.forEach(socket => socket.close(1000))
    tell('closed', {
        wrong,
        codes: await Promise.all(sockets.map(socket => socket.closed)),
        digests: large.map(mine => sha256(mine.join(''))),
    })
    process.exit(0)
}

main().catch(error => {
    console.error(error)
    process.exit(1)
})
