package io.hexsocket.core.raw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes the arrivals of a raw TCP client into the messages that a WebSocket client would have sent: JSON objects, the
 * words {@code bufferON} and {@code bufferOFF}, and, between these two, chunks.
 *
 * <ul>
 *   <li>An object may be cut anywhere, and several may come in one arrival. White space between them is nothing, so the
 *       empty line that the clients of autumn 2019 sent behind their hello is nothing either.
 *   <li>A word may be cut anywhere, but nothing but white space may follow it in its arrival: the client has to wait
 *       for its acknowledgement, and whether what came glued to {@code bufferON} is a chunk, could not be told.
 *   <li>After {@code bufferON}, one arrival is one chunk, whatever is in it, until {@code bufferOFF} is all that is in
 *       one. A code point that a chunk's end cuts in two goes with the next chunk, so that each chunk is text by
 *       itself; joined, they are what the client sent.
 *   <li>Anything else is a violation, with code 1002.
 * </ul>
 *
 * Whether a message is UTF-8 and JSON is for the handler to find out. One for each connection, used by one thread at a
 * time; after a violation it is used no more. It holds memory for an object that is still coming, never for one that
 * was announced.
 */
public final class RawReader {

    /** Takes the messages of one client. */
    @FunctionalInterface
    public interface Handler {
        /**
         * A message is complete. Not called from within itself.
         *
         * @param message valid during the call
         * @return false to get no further message from this arrival
         */
        boolean onMessage(ByteBuffer message);
    }

    private static final byte[] BUFFER_ON = "bufferON".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BUFFER_OFF = "bufferOFF".getBytes(StandardCharsets.US_ASCII);

    private final RawLimits limits;
    private final Handler handler;
    private final JsonScanner scanner;

    private boolean buffering;

    // the beginning of an object or a word, or the beginning of a code point that ended a chunk
    private final HeldBytes held = new HeldBytes();

    public RawReader(RawLimits limits, Handler handler) {
        this.limits = limits;
        this.handler = handler;
        this.scanner = new JsonScanner(limits.depth());
    }

    /**
     * Takes one arrival.
     *
     * @param in what one read gave; valid during the call; consumed whole, unless the handler said that it wants no
     *     more: the rest is then to be brought again later, as an arrival of its own
     * @throws RawViolation as soon as it is certain; messages before it have been handed over
     */
    public void read(ByteBuffer in) throws RawViolation {
        boolean goOn = true;
        while (goOn && in.hasRemaining()) {
            if (buffering) {
                goOn = readChunk(in);
            } else if (scanner.isInside()) {
                goOn = readObject(in);
            } else if (held.length() > 0) {
                goOn = readWord(in);
            } else {
                goOn = readFirstByte(in);
            }
        }
    }

    /** Whether a message has begun and not ended: a client that stops here is slow, not idle. */
    public boolean isInsideMessage() {
        return held.length() > 0 && !buffering;
    }

    /** Whether what comes next is read as the first message of a client would be. */
    public boolean isBetweenMessages() {
        return held.length() == 0 && !buffering;
    }

    /** The bytes of memory that the reader holds for the client. */
    public int heldBytes() {
        return held.capacity();
    }

    /** Gives up what it holds. It is used no more. */
    public void release() {
        held.drop();
    }

    private boolean readFirstByte(ByteBuffer in) throws RawViolation {
        byte b = in.get(in.position());
        // RFC 8259, 2: ws = *( %x20 / %x09 / %x0A / %x0D )
        if (b == ' ' || b == '\t' || b == '\n' || b == '\r') {
            in.get();
            return true;
        }
        return switch (b) {
            case '{' -> readObject(in);
            case 'b' -> readWord(in);
            default -> throw new RawViolation(1002, "a message is neither a JSON object nor bufferON or bufferOFF");
        };
    }

    private boolean readObject(ByteBuffer in) throws RawViolation {
        int start = in.position();
        int end = in.limit();
        // one byte more than the limit is enough to know that the limit is passed
        int room = limits.messageBytes() - held.length() + 1;
        if (in.remaining() > room) {
            in.limit(start + room);
        }
        boolean ended;
        try {
            ended = scanner.scan(in);
        } finally {
            in.limit(end);
        }
        int scanned = in.position() - start;
        if (held.length() + scanned > limits.messageBytes()) {
            throw new RawViolation(1009, "a message is longer than " + limits.messageBytes() + " bytes");
        }
        ByteBuffer piece = in.slice(start, scanned);
        if (!ended) {
            held.append(piece);
            return true;
        }
        if (held.length() == 0) {
            return handler.onMessage(piece);
        }
        held.append(piece);
        return handler.onMessage(held.release());
    }

    private boolean readWord(ByteBuffer in) throws RawViolation {
        while (true) {
            held.append(in.slice(in.position(), 1));
            in.get();
            if (isHeld(BUFFER_ON) || isHeld(BUFFER_OFF)) {
                break;
            }
            if (!held.begin(BUFFER_ON) && !held.begin(BUFFER_OFF)) {
                throw new RawViolation(1002, "a message is neither a JSON object nor bufferON or bufferOFF");
            }
            if (!in.hasRemaining()) {
                return true;
            }
        }
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
                throw new RawViolation(1002, "something follows bufferON or bufferOFF without waiting for its answer");
            }
        }
        buffering = isHeld(BUFFER_ON);
        return handler.onMessage(held.release());
    }

    private boolean readChunk(ByteBuffer in) throws RawViolation {
        if (in.equals(ByteBuffer.wrap(BUFFER_OFF))) {
            if (held.length() > 0) {
                throw new RawViolation(1007, "the last chunk ends within a code point");
            }
            buffering = false;
            in.position(in.limit());
            return handler.onMessage(ByteBuffer.wrap(BUFFER_OFF));
        }
        if (in.remaining() > limits.messageBytes()) {
            throw new RawViolation(1009, "a chunk is longer than " + limits.messageBytes() + " bytes");
        }
        ByteBuffer chunk = in.slice();
        in.position(in.limit());
        if (held.length() > 0) {
            held.append(chunk);
            chunk = held.release();
        }
        int cut = beginningOfCutCodePoint(chunk);
        ByteBuffer rest = chunk.slice(cut, chunk.remaining() - cut);
        held.append(rest);
        return handler.onMessage(chunk.limit(cut));
    }

    /** Where the last code point begins, if more bytes belong to it than are there; otherwise the end. */
    private static int beginningOfCutCodePoint(ByteBuffer text) {
        int end = text.limit();
        for (int back = 1; back <= 3 && back <= end; back++) {
            int b = text.get(end - back) & 0xFF;
            // RFC 3629, 3: 110xxxxx begins two bytes, 1110xxxx three, 11110xxx four, 10xxxxxx goes on
            if (b < 0x80) {
                return end;
            }
            if (b >= 0xC0) {
                int wanted = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return back < wanted ? end - back : end;
            }
        }
        return end;
    }

    private boolean isHeld(byte[] word) {
        return held.length() == word.length && held.begin(word);
    }
}
