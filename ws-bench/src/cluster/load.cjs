// One client of the first node sends, all others, of the second one, receive; prints one line of figures.
// load.cjs KIND FROM-PORT TO-PORT RECEIVERS PER-SECOND SECONDS NODE-PID,NODE-PID REDIS-PID, where the kind is hexsocket or socketio.
// 0 PER-SECOND sends 100,000 messages as fast as they are taken.
const fs = require('node:fs');
const { WebSocket } = require('ws');

const [, , kind, from, to, receivers, perSecond, seconds, nodes, redis] = process.argv;
const WARM_SECONDS = Number(process.env.WARM_SECONDS ?? 8);
const PAYLOAD_BYTES = 100;
const BURST = 100_000;
const isPlain = kind === 'hexsocket';

function connect(port, onText) {
  return new Promise((resolve, reject) => {
    const path = isPlain ? '/broadcast' : '/socket.io/?EIO=4&transport=websocket';
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false, skipUTF8Validation: true });
    socket.on('error', reject);
    if (isPlain) {
      socket.on('open', () => resolve(socket));
      socket.on('message', onText);
      return;
    }
    // Engine.IO 4: 0 open, 2 ping, 3 pong; Socket.IO: 40 connect, 42 event
    socket.on('message', data => {
      const text = data.toString('latin1', 0, 2);
      if (text[0] === '0') {
        socket.send('40');
      } else if (text[0] === '2') {
        socket.send('3');
      } else if (text === '40') {
        resolve(socket);
      } else {
        onText(data);
      }
    });
  });
}

function processorMillis(pids) {
  return pids.split(',').reduce((sum, pid) => {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
    return { user: sum.user + 10 * Number(fields[11]), system: sum.system + 10 * Number(fields[12]) };
  }, { user: 0, system: 0 });
}

const wait = millis => new Promise(resolve => setTimeout(resolve, millis));

async function main() {
  let received = 0;
  let delays = [];
  let lastSentAt = 0;
  let disorder = 0;
  const onText = data => {
    received++;
    const at = data.indexOf('@') + 1;
    const sentAt = Number(data.latin1Slice(at, data.indexOf('#', at)));
    delays.push(performance.now() - sentAt);
    disorder += sentAt < lastSentAt;
    lastSentAt = sentAt;
  };
  for (let i = 0; i < Number(receivers); i++) {
    await connect(to, onText);
  }
  const sender = await connect(from, () => {});
  let sent = 0;
  const send = () => {
    sent++;
    const text = `@${performance.now()}#`.padEnd(PAYLOAD_BYTES, 'x');
    sender.send(isPlain ? text : `42["m","${text}"]`);
  };
  if (Number(perSecond) === 0) {
    const start = performance.now();
    while (sent < BURST) {
      for (let i = 0; i < 100; i++) {
        send();
      }
      while (sender.bufferedAmount > 1024 * 1024) {
        await wait(1);
      }
      await new Promise(setImmediate);
    }
    while (received < sent * Number(receivers) && performance.now() - start < 30_000) {
      await wait(1);
    }
    console.log(`${received} of ${sent} messages in ${((performance.now() - start) / 1000).toFixed(2)} s, ${disorder} out of order`);
    process.exit(0);
  }
  // in steps of 10 ms at least: timers are no finer
  const step = Math.max(10, 1000 / Number(perSecond));
  const timer = setInterval(() => {
    for (let i = 0; i < Number(perSecond) * step / 1000; i++) {
      send();
    }
  }, step);
  await wait(1000 * WARM_SECONDS);
  const before = { sent, received, nodes: processorMillis(nodes), redis: processorMillis(redis) };
  delays = [];
  await wait(1000 * Number(seconds));
  const deliveries = received - before.received;
  const after = { nodes: processorMillis(nodes), redis: processorMillis(redis) };
  clearInterval(timer);
  for (let i = 0; i < 50 && received < sent * Number(receivers); i++) {
    await wait(100);
  }
  const missing = sent * Number(receivers) - received;
  delays.sort((a, b) => a - b);
  const quantile = q => delays[Math.floor(q * (delays.length - 1))].toFixed(2);
  const each = part => (1000 * (after.nodes[part] - before.nodes[part]) / deliveries).toFixed(1);
  const redisMillis = after.redis.user + after.redis.system - before.redis.user - before.redis.system;
  console.log(`${deliveries} deliveries; processor time of the nodes for each: ${each('user')} us of the program, `
    + `${each('system')} us of the kernel; Redis ${(redisMillis / seconds).toFixed(0)} ms a second; `
    + `p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms; ${missing} missing`);
  process.exit(missing === 0 ? 0 : 1);
}

main();
