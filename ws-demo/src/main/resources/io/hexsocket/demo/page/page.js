import {Dialogue} from './dialogue.js';

const MOST_ON_WIRE = 200;
const MOST_MESSAGES = 100;
const LONGEST_SHOWN = 160; // characters
const RECONNECT_WITHIN = [2, 4, 8, 16, 30]; // seconds
const BACKEND_PATIENCE = 15_000; // milliseconds between two reports

const SHORT_MESSAGES = [
  'Hello, everyone.',
  'This is the second of four short messages.',
  'The third: none of them overtakes another.',
  'And the fourth. A long one comes next.',
];
const LONG_MESSAGE_BYTES = 16 * 1024;

const byId = id => document.getElementById(id);

const address = (location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/web';
const dialogue = new Dialogue(address);
byId('address').textContent = address;

// --- Connection: off -> connecting -> ready -> off, or waiting -> connecting when it was lost

const PILLS = {off: 'Not connected', connecting: 'Connecting…', ready: 'Connected', waiting: 'Reconnecting…'};

let attempts = 0;
let reconnect = 0;

function enter(state, sentence) {
  document.body.dataset.state = state;
  byId('pill').textContent = PILLS[state];
  byId('status').textContent = sentence;
  byId('countdown').textContent = '';
  byId('connect').disabled = state === 'connecting' || state === 'ready';
  byId('close').disabled = state === 'off';
  document.querySelectorAll('.needs-server').forEach(button => button.disabled = state !== 'ready');
}

function connect() {
  clearTimeout(reconnect);
  dialogue.connect();
}

function close() {
  clearTimeout(reconnect);
  if (document.body.dataset.state === 'waiting') {
    enter('off', 'Not connected.');
  }
  dialogue.close();
}

function waitAndConnect(why, reconnectIn) {
  // full jitter: a thousand pages that were cut at one moment do not all come back at another
  const within = RECONNECT_WITHIN[Math.min(attempts, RECONNECT_WITHIN.length - 1)];
  const seconds = reconnectIn !== null && attempts === 0
    ? Math.ceil(reconnectIn / 1000)
    : 1 + Math.floor(Math.random() * within);
  attempts++;
  enter('waiting', `${why} Trying again`);
  countDown(seconds);
}

function countDown(seconds) {
  if (seconds === 0) {
    connect();
    return;
  }
  byId('countdown').textContent = `in ${seconds} s.`;
  reconnect = setTimeout(() => countDown(seconds - 1), 1000);
}

dialogue.addEventListener('connecting', () => enter('connecting', 'Connecting…'));

dialogue.addEventListener('ready', () => {
  attempts = 0;
  enter('ready', 'Connected.');
  byId('uuid').textContent = short(dialogue.uuid, 13);
  byId('uuid').title = dialogue.uuid;
  byId('copy').hidden = !navigator.clipboard;
});

dialogue.addEventListener('closed', ({detail}) => {
  byId('uuid').textContent = 'none yet';
  byId('uuid').title = '';
  byId('copy').hidden = true;
  if (backendSilence !== 0) {
    report('The connection was lost before the job was done; its reports go nowhere now.', 'wrong');
  }
  endBackend();
  if (detail.wanted) {
    enter('off', 'Closed.');
  } else {
    waitAndConnect(explained(detail), detail.reconnectIn);
  }
});

function explained({code, reason, error}) {
  const why = error || reason;
  switch (code) {
    case 1001:
      return 'The server is going down.';
    case 1012:
      return 'The server restarts.';
    case 1006:
      return attempts === 0 ? 'The connection was lost.' : 'No server answers.';
    default:
      return `The server closed the connection: ${code}${why ? ', ' + why : ''}.`;
  }
}

byId('connect').addEventListener('click', connect);
byId('close').addEventListener('click', close);
byId('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(dialogue.uuid);
    byId('copy').textContent = 'Copied';
  } catch {
    byId('copy').textContent = 'Not allowed';
  }
  setTimeout(() => byId('copy').textContent = 'Copy', 1500);
});

// --- Echo

const echoes = [];

byId('echo-form').addEventListener('submit', event => {
  event.preventDefault();
  const message = byId('echo-text').value;
  if (!dialogue.isReady || message === '') {
    return;
  }
  echoes.push(performance.now());
  dialogue.send({opcode: 'echo', message}).catch(() => echoes.length = 0);
});

function onEcho(packet) {
  const sentAt = echoes.shift();
  const time = sentAt === undefined ? '' : `${(performance.now() - sentAt).toFixed(1)} ms`;
  byId('echo-answer').replaceChildren(element('span', 'said', short(packet.message)), element('span', 'aside', time));
}

// --- Others

byId('talk').addEventListener('click', async () => {
  const button = byId('talk');
  const steps = [...byId('talk-steps').children];
  steps.forEach(step => step.className = '');
  button.disabled = true;
  try {
    const messages = [...SHORT_MESSAGES, longMessage()];
    await Promise.all(messages.map((message, i) => {
      steps[i].className = 'sent';
      const packet = {opcode: 'broadcast', message, from: dialogue.uuid.slice(0, 8), n: i + 1, of: messages.length, length: message.length};
      return dialogue.send(packet).then(() => steps[i].className = 'taken');
    }));
  } catch {
    steps.filter(step => step.className === 'sent').forEach(step => step.className = 'lost');
  } finally {
    button.disabled = !dialogue.isReady;
  }
});

/** Text of 16 KiB in UTF-8, with characters of one to four bytes, so that a chunk may end in the midst of each. */
function longMessage() {
  const encoder = new TextEncoder();
  let text = '';
  let bytes = 0;
  for (let i = 1; ; i++) {
    const word = `${i} Grüße, 5 € 🌍 `;
    const length = encoder.encode(word).length;
    if (bytes + length > LONG_MESSAGE_BYTES) {
      return text + '.'.repeat(LONG_MESSAGE_BYTES - bytes);
    }
    text += word;
    bytes += length;
  }
}

const lastNumbers = new Map(); // of the messages of one talk, by sender

function onBroadcast(packet) {
  // whoever sent it says who it is, or nothing
  const from = short(packet.from ?? 'unnamed', 12);
  const text = asText(packet.message ?? '');
  const item = element('li', '');
  item.append(element('span', 'from', from), element('span', 'said', short(text, 80)));
  const facts = [];
  if (text.length > LONGEST_SHOWN) {
    facts.push(size(new TextEncoder().encode(text).length));
  }
  if (Number.isInteger(packet.n) && Number.isInteger(packet.of)) {
    const inOrder = packet.n === 1 || packet.n === lastNumbers.get(from) + 1;
    const complete = text.length === packet.length;
    lastNumbers.set(from, packet.n);
    facts.push(`${packet.n} of ${packet.of}`);
    item.className = inOrder && complete ? 'fine' : 'wrong';
    if (!inOrder) {
      facts.push('out of order');
    }
    if (!complete) {
      facts.push('incomplete');
    }
    if (packet.n === packet.of && inOrder && complete) {
      facts.push('complete, in order');
    }
  }
  item.append(element('span', 'aside', facts.join(', ')));
  add('others', item);
}

// --- Backend

let backendSilence = 0;

byId('backend').addEventListener('click', async () => {
  byId('backend').disabled = true;
  byId('backend-lines').replaceChildren();
  byId('backend-none').hidden = false;
  showProgress(0);
  byId('backend').textContent = 'Working…';
  awaitReport();
  try {
    const answer = await fetch('backend?uuid=' + encodeURIComponent(dialogue.uuid), {method: 'POST', cache: 'no-store'});
    if (!answer.ok) {
      throw new Error((await answer.text()).trim());
    }
  } catch (error) {
    report(`The call failed: ${error.message}`, 'wrong');
    endBackend();
  }
});

function onFeedback(packet) {
  report(short(packet.message), '');
  if (!Number.isInteger(packet.percent)) {
    return;
  }
  showProgress(packet.percent);
  awaitReport();
  if (packet.percent >= 100) {
    endBackend();
  }
}

function report(text, kind) {
  add('backend-lines', element('li', kind, text));
}

function showProgress(percent) {
  const shown = Math.max(0, Math.min(100, percent));
  byId('backend-progress').value = shown;
  byId('backend-percent').textContent = `${shown} %`;
}

function awaitReport() {
  clearTimeout(backendSilence);
  backendSilence = setTimeout(() => {
    report('The backend has gone silent.', 'wrong');
    endBackend();
  }, BACKEND_PATIENCE);
}

function endBackend() {
  clearTimeout(backendSilence);
  backendSilence = 0;
  byId('backend').textContent = 'Call backend';
  byId('backend').disabled = !dialogue.isReady;
}

dialogue.addEventListener('packet', ({detail: packet}) => {
  switch (packet.opcode) {
    case 'echo':
      onEcho(packet);
      break;
    case 'broadcast':
      onBroadcast(packet);
      break;
    case 'feedback':
      onFeedback(packet);
      break;
  }
});

// --- On the wire

let wireCount = 0;
let wireWaiting = [];
let wireTimer = 0;

dialogue.addEventListener('wire', ({detail}) => {
  wireCount++;
  wireWaiting.push({...detail, text: short(detail.text), time: new Date()});
  if (wireWaiting.length > MOST_ON_WIRE) {
    wireWaiting.shift();
  }
  // what comes in a rush is shown at once: laying out the list for each message would cost more than the message
  wireTimer ||= setTimeout(showWire, 30);
});

function showWire() {
  const list = byId('wire');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(...wireWaiting.map(wireLine));
  wireWaiting = [];
  wireTimer = 0;
  while (list.childElementCount > MOST_ON_WIRE) {
    list.firstElementChild.remove();
  }
  showWireCount();
  byId('wire-none').hidden = true;
  if (atEnd) {
    list.scrollTop = list.scrollHeight;
  }
}

function showWireCount() {
  byId('wire-count').textContent = wireCount === 1 ? '1 message' : `${wireCount} messages`;
}

function wireLine({sent, kind, bytes, text, time}) {
  const line = element('li', sent ? 'sent' : 'received');
  const arrow = element('span', 'arrow', sent ? '↑' : '↓');
  arrow.setAttribute('role', 'img');
  arrow.setAttribute('aria-label', sent ? 'sent' : 'received');
  line.append(
    arrow,
    element('time', '', clock(time)),
    element('span', 'kind', short(kind, 20)),
    element('span', 'size', size(bytes)));
  // "next" needs no second line that says so
  if (text !== kind && text !== JSON.stringify({opcode: kind})) {
    line.append(element('code', '', text));
  }
  return line;
}

byId('wire-clear').addEventListener('click', () => {
  byId('wire').replaceChildren();
  wireCount = 0;
  showWireCount();
  byId('wire-none').hidden = false;
});

// --- Small things. Text from the server only ever becomes textContent.

function add(id, item) {
  const list = byId(id);
  list.append(item);
  while (list.childElementCount > MOST_MESSAGES) {
    list.firstElementChild.remove();
  }
  byId(id.split('-')[0] + '-none').hidden = true;
  list.scrollTop = list.scrollHeight;
}

function element(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** A value from a packet as text. String(value) would throw for some objects. */
function asText(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

function short(value, longest = LONGEST_SHOWN) {
  const text = asText(value);
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  return characters.length > longest ? characters.slice(0, longest).join('') + '…' : text;
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

function clock(time) {
  const two = number => String(number).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

connect();
