// The management port's page. Whatever comes from clients goes in as text, never as markup.

const KEY = 'hexsocket.key';
const SAMPLE_MILLIS = 2000;
const LISTS_EVERY = 3;
const SAMPLES = 150;
const SVG = 'http://www.w3.org/2000/svg';
const CODES = {
  1000: 'normal', 1001: 'going away', 1002: 'protocol', 1003: 'not accepted', 1005: 'no code', 1006: 'lost', 1007: 'not UTF-8', 1008: 'policy',
  1009: 'too long', 1011: 'error', 1012: 'restart', 1013: 'try later', 4401: 'expired',
};
const RECEIPTS = {
  delivered: 'Delivered: it is on its way to the client.',
  unknown: 'There is no such session any more.',
  slow: 'Not delivered: the client reads too slowly.',
  node_lost: 'Its node was lost before it answered; it may be delivered.',
  timeout: 'Its node has not answered in time; it may be delivered.',
  not_sent: 'Not sent: the other nodes cannot be reached.',
  expired: 'No answer in time; it may still happen.',
  queueing: 'Sent, but an event loop is behind.',
  full: 'Not sent: an event loop is far behind.',
};

const $ = id => document.getElementById(id);

function element(name, className = '', text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

/** A status that is set to what it is would be read out again. */
function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/* Calls */

let keyGiven = null;
let beats = 0;

async function call(path, body) {
  const key = sessionStorage.getItem(KEY);
  const headers = key === null ? {} : { Authorization: `Bearer ${key}` };
  if (body) {
    headers['Content-Type'] = 'application/json';
  }
  const answer = await fetch(path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
  if (answer.status === 401) {
    if (sessionStorage.getItem(KEY) === key) {
      await askForKey(key);
    }
    return call(path, body);
  }
  if (!answer.ok) {
    throw new Refused((await answer.json()).error);
  }
  return answer.json();
}

class Refused extends Error {}

function reason(error) {
  return error instanceof Refused ? error.message : 'The server does not answer';
}

/** Asks once, however many calls wait for it. */
function askForKey(refused) {
  if (keyGiven === null) {
    sessionStorage.removeItem(KEY);
    setText($('key-wrong'), refused === null ? '' : 'The server does not know this key.');
    document.querySelectorAll('dialog[open]').forEach(dialog => dialog.close());
    show('key', 'Key needed');
    $('key').focus();
    beats = 0;
    keyGiven = {};
    keyGiven.promise = new Promise(resolve => {
      keyGiven.resolve = resolve;
    });
  }
  return keyGiven.promise;
}

$('key-form').addEventListener('submit', event => {
  event.preventDefault();
  const key = $('key').value.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) {
    setText($('key-wrong'), 'A key has neither spaces nor characters beyond ASCII.');
    return;
  }
  sessionStorage.setItem(KEY, key);
  $('key').value = '';
  const waiting = keyGiven;
  keyGiven = null;
  waiting?.resolve();
});

function show(state, status) {
  document.body.dataset.state = state;
  $('key-form').hidden = state !== 'key';
  $('main').hidden = state === 'key' || state === 'start';
  setText($('status'), status);
}

/* Numbers */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

function count(value) {
  return value < 100_000 ? whole.format(value) : short.format(value);
}

function rate(value) {
  return value > 0 && value < 10 ? value.toFixed(1) : count(value);
}

function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function duration(seconds) {
  const units = [[172_800, 86_400, 'days'], [7200, 3600, 'h'], [120, 60, 'min'], [0, 1, 's']];
  const [, unit, name] = units.find(([from]) => seconds >= from);
  return `${Math.floor(seconds / unit)} ${name}`;
}

/* Counters and charts */

const samples = [];

function showCounters(counters) {
  $('counters').replaceChildren(...Object.entries(counters).map(([name, value]) => {
    const group = element('div');
    group.append(element('dt', '', name), element('dd', '', value));
    return group;
  }));
}

function chart(id, title, lines, format) {
  const figure = $(id);
  const caption = element('figcaption', '', title);
  const value = element('span', 'value');
  const drawing = svg('svg', { class: 'chart', viewBox: `0 0 ${SAMPLES} 100`, preserveAspectRatio: 'none', role: 'img' });
  const paths = lines.map(() => drawing.appendChild(svg('path', {})));
  const peak = element('p', 'soft');
  caption.append(value);
  figure.append(caption, drawing, peak);
  return () => {
    const values = lines.map(line => samples.map(line.of));
    const highest = Math.max(...values.flat().filter(Number.isFinite), 0);
    const scale = 94 / Math.max(highest, 1);
    paths.forEach((path, i) => {
      const points = values[i].map((y, x) => [SAMPLES - samples.length + x, 97 - y * scale]).filter(point => Number.isFinite(point[1]));
      path.setAttribute('d', points.length < 2 ? '' : 'M' + points.map(point => `${point[0]} ${point[1].toFixed(1)}`).join('L'));
    });
    value.replaceChildren(...lines.map((line, i) =>
      element('span', `key${i + 1}`, `${i > 0 ? ' · ' : ''}${format(values[i].at(-1) || 0)}${line.name ? ` ${line.name}` : ''}`)));
    setText(peak, `Highest in ${duration(Math.round((samples.at(-1).at - samples[0].at) / 1000))}: ${format(highest)}`);
    drawing.setAttribute('aria-label', `${title}: ${value.textContent}. ${peak.textContent}`);
  };
}

const charts = [
  chart('chart-connections', 'Connections', [{ name: '', of: sample => sample.connections }], count),
  chart('chart-messages', 'Messages/s', [{ name: 'in', of: sample => sample.received }, { name: 'out', of: sample => sample.sent }], rate),
  chart('chart-lag', 'Loop lag', [{ name: '', of: sample => sample.worstLagMillis }], millis => `${rate(millis)} ms`),
];

function drawCloses(closes) {
  const most = Math.max(...Object.values(closes), 1);
  const codes = Object.entries(closes).filter(([, times]) => times > 0).sort((a, b) => b[1] - a[1]).slice(0, 6);
  $('closes').replaceChildren(...codes.map(([code, times]) => {
    const item = element('li');
    const bar = svg('svg', { 'aria-hidden': 'true' });
    bar.append(svg('rect', { width: `${Math.max(1, 100 * times / most)}%`, height: '100%', rx: 2 }));
    item.append(element('span', '', CODES[code] ? `${code} ${CODES[code]}` : code), bar, element('span', 'value', count(times)));
    return item;
  }));
  $('closes-none').hidden = codes.length > 0;
}

function take(stats) {
  const last = samples.at(-1);
  const before = last && stats.opened >= last.opened ? last : null;
  if (before === null) {
    // the first, also of another run of the server
    samples.length = 0;
  }
  const at = performance.now();
  const perSecond = name => before ? (stats[name] - before[name]) * 1000 / (at - before.at) : NaN;
  samples.push({ ...stats, at, received: perSecond('messagesReceived'), sent: perSecond('messagesSent') });
  samples.splice(0, samples.length - SAMPLES);
  showCounters({
    Connections: count(stats.connections), Sessions: count(stats.sessions), Opened: count(stats.opened), Refused: count(stats.refused),
    Received: bytes(stats.bytesReceived), Sent: bytes(stats.bytesSent), 'Waiting output': bytes(stats.queuedBytes),
    'Memory budget': `${(100 * stats.memoryUsed / stats.memoryLimit).toFixed(1)} %`,
  });
  charts.forEach(draw => draw());
  drawCloses(stats.closes);
}

/* Lists */

/** Each node numbers its own sessions. */
const named = session => `session ${session.number}${session.node === '' ? '' : ` of ${session.node}`}`;
const nameOf = entry => 'number' in entry ? named(entry) : `topic ${entry.name}`;

/** A list that is asked for again and again. Rows that stay keep their place and their focus. */
function listing(what, query, about, actions) {
  const list = $(what);
  const rows = new Map();
  let after = '';
  let next = null;
  let asked = 0;

  function row(entry) {
    const item = element('li');
    const buttons = element('div', 'buttons');
    item.append(element('div', 'about'), buttons);
    for (const [name, action] of actions) {
      const button = element('button', '', name);
      button.type = 'button';
      button.append(element('span', 'unseen', ` ${nameOf(entry)}`));
      button.addEventListener('click', () => action(entry));
      buttons.append(button);
    }
    return item;
  }

  async function refresh() {
    const number = ++asked;
    const parameters = new URLSearchParams({ ...query(), limit: 50 });
    if (after !== '') {
      parameters.set('after', after);
    }
    const answer = await call(`/api/${what}?${parameters}`);
    if (number === asked) {
      fill(answer);
    }
  }

  function fill(answer) {
    next = answer.next;
    const there = new Set(answer[what].map(nameOf));
    for (const [key, item] of [...rows].filter(([old]) => !there.has(old))) {
      if (item.contains(document.activeElement)) {
        $(`${what}-title`).focus();
      }
      item.remove();
      rows.delete(key);
    }
    answer[what].forEach((entry, i) => {
      const key = nameOf(entry);
      if (!rows.has(key)) {
        rows.set(key, row(entry));
      }
      const item = rows.get(key);
      if (list.children[i] !== item) {
        list.insertBefore(item, list.children[i] ?? null);
      }
      item.firstChild.replaceChildren(...about(entry));
    });
    setText($(`${what}-none`), there.size > 0 ? '' : next !== null ? 'None up to here.' : Object.values(query()).join('') === '' ? 'None now.' : 'Nothing found.');
    setText($(`${what}-silent`), answer.silent.length === 0 ? '' : `No answer from ${answer.silent.join(', ')}: what is there is missing here.`);
    $(`${what}-first`).hidden = after === '';
    $(`${what}-next`).hidden = next === null;
  }

  function search(from) {
    after = from;
    return refresh().catch(error => setText($(`${what}-none`), reason(error)));
  }

  $(`${what}-form`).addEventListener('submit', event => {
    event.preventDefault();
    search('');
  });
  $(`${what}-first`).addEventListener('click', () => search(''));
  $(`${what}-next`).addEventListener('click', () => search(next));
  return { refresh, search };
}

const sessions = listing(
  'sessions',
  () => $('sessions-text').value === '' ? {} : { [$('sessions-by').value]: $('sessions-text').value },
  session => {
    const id = element('span', 'mono', session.id.length > 20 ? `${session.id.slice(0, 13)}…` : session.id);
    id.title = session.id;
    const more = [
      session.node === '' ? '' : ` · on ${session.node}`,
      ` · ${session.address} · number ${session.number}`,
      session.principal === null ? '' : ` · user ${session.principal}`,
      session.subprotocol === null ? '' : ` · ${session.subprotocol}`,
      session.secure ? ' · TLS' : '',
      session.raw ? ' · raw TCP' : '',
      session.queuedBytes > 0 ? ` · ${bytes(session.queuedBytes)} waiting` : '',
      session.expiresAt === null ? '' : ` · until ${new Date(session.expiresAt).toLocaleTimeString()}`,
    ].join('');
    const aside = element('div', 'soft');
    aside.append(id, more);
    return [element('div', 'name', session.path), aside];
  },
  [
    ['Send', session => openDialog('send', '/api/send', { id: session.id }, `${session.path}, ${named(session)}`)],
    ['Disconnect', session => openDialog('close', '/api/disconnect', { id: session.id }, `${session.path}, ${named(session)}`)],
  ]);

const topics = listing(
  'topics',
  () => $('topics-text').value === '' ? {} : { search: $('topics-text').value },
  topic => [element('div', 'name', topic.name), element('div', 'soft', topic.members === 1 ? '1 member' : `${count(topic.members)} members`)],
  [
    ['Members', topic => {
      $('sessions-by').value = 'topic';
      $('sessions-text').value = topic.name;
      sessions.search('');
      $('sessions-title').focus();
    }],
    ['Send', topic => openDialog('send', '/api/publish', { topic: topic.name }, `Everyone in the topic ${topic.name}`)],
    ['Disconnect', topic => openDialog('close', '/api/disconnect', { topic: topic.name }, `Everyone in the topic ${topic.name}`)],
  ]);

/* Dialogs */

let target = null;

function openDialog(name, path, whom, label) {
  target = { path, whom };
  setText($(`${name}-whom`), label);
  setText($(`${name}-result`), '');
  $(name).showModal();
}

document.querySelectorAll('.leave').forEach(button => button.addEventListener('click', () => button.closest('dialog').close()));

/** Sends a dialog's form, and says what came of it. */
function onSubmit(name, body, done) {
  $(`${name}-form`).addEventListener('submit', async event => {
    event.preventDefault();
    const result = $(`${name}-result`);
    setText(result, '');
    try {
      done(await call(target.path, { ...target.whom, ...body() }), result);
    } catch (error) {
      setText(result, reason(error));
    }
  });
}

onSubmit('send', () => ({ text: $('send-text').value }), (answer, result) => {
  setText(result, answer.result === 'sent' ? `Sent to ${count(answer.members)}.` : RECEIPTS[answer.result] ?? answer.result);
});

onSubmit('close', () => ({ code: Number($('close-code').value), reason: $('close-reason').value }), (answer, result) => {
  if (answer.result === 'closed') {
    $('close').close();
    sessions.search('');
    topics.search('');
  }
  setText(result, RECEIPTS[answer.result] ?? '');
});

/* The beat */

async function look() {
  take(await call('/api/stats'));
  if (beats++ % LISTS_EVERY === 0) {
    const info = await call('/api/info');
    setText($('what'), `Management of ${info.address} · ${info.version} · ${info.transport} · up ${duration(info.uptimeSeconds)}`);
    show(info.ready ? 'ready' : 'waiting', info.ready ? 'Ready' : `Not ready: ${info.objections.join(', ')}`);
    await Promise.all([sessions.refresh(), topics.refresh()]);
  }
}

async function beat() {
  if (!document.hidden) {
    try {
      await look();
    } catch (error) {
      beats = 0;
      show('lost', reason(error));
    }
  }
  setTimeout(beat, SAMPLE_MILLIS);
}

beat();
