// Clients of ws that keep the server busy until it closes them. load.cjs URI HOW-MANY

const WebSocket = require('ws')

const [, , uri, count] = process.argv
const text = 'Grüße, 5 €, 日本, 🌍. '.repeat(100)
const codes = []
let busy = 0

const tell = (event, facts) => console.log(JSON.stringify({ event, ...facts }))

for (let i = 0; i < Number(count); i++) {
    const socket = new WebSocket(uri + '/echo')
    let back = 0
    // two on their way at any time
    socket.on('open', () => [text, text].forEach(message => socket.send(message)))
    socket.on('message', data => {
        if (data.toString() !== text) {
            throw new Error(`not the same: ${data}`)
        }
        if (++back === 10 && ++busy === Number(count)) {
            tell('busy')
        }
        socket.send(text)
    })
    socket.on('error', error => {
        throw error
    })
    socket.on('close', code => {
        if (codes.push(code) === Number(count)) {
            tell('closed', { codes })
        }
    })
}
