/**
 * The browser's side of the dialogue: the server says "ready" with an id, and "next" to each message; only then the next one is sent. A
 * packet that is too long for one message goes in chunks between "bufferON" and "bufferOFF".
 *
 * Events: "connecting"; "ready"; "packet" with the packet; "wire" with {sent, kind, bytes, text} for each message either way; "closed" with
 * {code, reason, error, reconnectIn, wanted}. The connection is over after "closed"; connect() makes a new one.
 */
export class Dialogue extends EventTarget {

  static CHUNK = 4096; // characters
  static PATIENCE = 5000; // milliseconds for "ready"

  #url;
  #socket = null;
  #uuid = null;
  #queue = []; // of {pieces, resolve, reject}
  #nextIsDue = false;
  #error = '';
  #reconnectIn = null; // milliseconds, as the server asks for
  #wanted = false;

  constructor(url) {
    super();
    this.#url = url;
  }

  /** The id that the server gave; null while there is no connection. */
  get uuid() {
    return this.#uuid;
  }

  /** Whether packets can be sent. */
  get isReady() {
    return this.#uuid !== null;
  }

  /** Connects, unless there is a connection. */
  connect() {
    if (this.#socket) {
      return;
    }
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#error = '';
    this.#reconnectIn = null;
    this.#wanted = false;
    const greeting = setTimeout(() => socket.close(4000, 'no greeting'), Dialogue.PATIENCE);
    socket.onmessage = event => this.#onMessage(event.data);
    socket.onclose = event => {
      clearTimeout(greeting);
      this.#onClosed(event);
    };
    this.addEventListener('ready', () => clearTimeout(greeting), {once: true});
    this.#tell('connecting');
  }

  /** Closes the connection; "closed" follows. */
  close() {
    this.#wanted = true;
    this.#socket?.close(1000);
  }

  /** Sends a packet when its turn has come. Resolves when the server has taken it, and fails when it can no longer do so. */
  send(packet) {
    if (!this.isReady) {
      return Promise.reject(new Error('not connected'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({pieces: pieces(JSON.stringify(packet)), resolve, reject});
      this.#sendNext();
    });
  }

  #sendNext() {
    if (this.#nextIsDue || this.#queue.length === 0) {
      return;
    }
    const piece = this.#queue[0].pieces.shift();
    this.#nextIsDue = true;
    this.#socket.send(piece.text);
    this.#tellWire(true, piece.kind, piece.text);
  }

  #onMessage(text) {
    if (typeof text !== 'string') {
      return;
    }
    const packet = parsed(text);
    this.#tellWire(false, packet.opcode ?? 'text', text);
    switch (packet.opcode) {
      case 'ready':
        this.#uuid = typeof packet.uuid === 'string' ? packet.uuid : '';
        this.#tell('ready');
        break;
      case 'next':
        this.#onNext();
        break;
      case 'close':
        this.#error = typeof packet.error === 'string' ? packet.error : '';
        this.#reconnectIn = Number.isInteger(packet.reconnectIn) ? packet.reconnectIn : null;
        break;
      default:
        this.#tell('packet', packet);
    }
  }

  #onNext() {
    if (!this.#nextIsDue) {
      return;
    }
    this.#nextIsDue = false;
    if (this.#queue[0].pieces.length === 0) {
      this.#queue.shift().resolve();
    }
    this.#sendNext();
  }

  #onClosed({code, reason}) {
    const unsent = this.#queue;
    this.#socket = null;
    this.#uuid = null;
    this.#queue = [];
    this.#nextIsDue = false;
    this.#tell('closed', {code, reason, error: this.#error, reconnectIn: this.#reconnectIn, wanted: this.#wanted});
    unsent.forEach(({reject}) => reject(new Error('the connection was lost')));
  }

  #tellWire(sent, kind, text) {
    this.#tell('wire', {sent, kind, text, bytes: new TextEncoder().encode(text).length});
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}

/** The messages that carry a packet. */
function pieces(json) {
  if (json.length <= Dialogue.CHUNK) {
    return [{kind: opcode(json), text: json}];
  }
  const chunks = [];
  for (let start = 0, end; start < json.length; start = end) {
    end = Math.min(start + Dialogue.CHUNK, json.length);
    // a text message cannot hold one half of a surrogate pair
    if (end < json.length && isHighSurrogate(json.charCodeAt(end - 1))) {
      end--;
    }
    chunks.push({kind: 'chunk', text: json.slice(start, end)});
  }
  return [{kind: 'bufferON', text: 'bufferON'}, ...chunks, {kind: 'bufferOFF', text: 'bufferOFF'}];
}

function isHighSurrogate(unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

function opcode(json) {
  return parsed(json).opcode ?? 'text';
}

/** The packet in a text, or an empty one. */
function parsed(text) {
  try {
    const packet = JSON.parse(text);
    return packet !== null && typeof packet === 'object' ? packet : {};
  } catch {
    return {};
  }
}
