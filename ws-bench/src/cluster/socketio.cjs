// A node of Socket.IO: socketio.cjs PORT REDIS-URL ADAPTER, where the adapter is redis or streams.
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const { createClient } = require('redis');

const [, , port, url, adapter] = process.argv;

async function main() {
  const client = createClient({ url });
  await client.connect();
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'] });
  if (adapter === 'redis') {
    const subscriber = client.duplicate();
    await subscriber.connect();
    io.adapter(require('@socket.io/redis-adapter').createAdapter(client, subscriber));
  } else {
    io.adapter(require('@socket.io/redis-streams-adapter').createAdapter(client));
  }
  io.on('connection', socket => socket.on('m', text => socket.broadcast.emit('m', text)));
  http.listen(port, '127.0.0.1', () => console.log('listening'));
}

main();
