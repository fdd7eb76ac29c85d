package io.hexsocket.apps.json;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.message.OwnedMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dialogue with one client, after its greeting. An idle one is a handful of words.
 *
 * <pre>
 *            bufferON
 *   packets ----------> chunks      a message is a packet, or a part of one
 *           <----------
 *            bufferOFF
 * </pre>
 */
final class Dialogue implements Listener {

    /** Why a session ends whose client does not read what it is sent. */
    static final CloseStatus SLOW = new CloseStatus(1008, "you read more slowly than you are sent to");

    private static final CloseStatus NOT_TEXT = new CloseStatus(1003, "this app takes text messages");
    private static final CloseStatus NOT_JSON = new CloseStatus(1007, "the message is not JSON");
    private static final CloseStatus BEYOND_LIMITS =
            new CloseStatus(1008, "the message is JSON with too many levels or values, or too long names or numbers");

    // A message and the headers of its array
    private static final int CHUNK_BYTES = 64;

    private static final Message NEXT = Message.text("{\"opcode\":\"next\"}");
    private static final ByteBuffer BUFFER_ON = StandardCharsets.US_ASCII.encode("bufferON");
    private static final ByteBuffer BUFFER_OFF = StandardCharsets.US_ASCII.encode("bufferOFF");

    private final JsonApp app;
    private final Listener rest;
    /** Null while messages are packets. */
    private @Nullable List<Message> chunks;

    private int chunkBytes;
    /** Of all chunks; the event loop looks at it. */
    private volatile int heldBytes;

    Dialogue(JsonApp app, Listener rest) {
        this.app = app;
        this.rest = rest;
    }

    @Override
    public void onMessage(Session session, Message message) throws Exception {
        List<Message> collected = chunks;
        if (!message.isText()) {
            fail(session, NOT_TEXT);
        } else if (message.bytes().equals(BUFFER_ON)) {
            onBufferOn(session);
        } else if (message.bytes().equals(BUFFER_OFF)) {
            onBufferOff(session, collected);
        } else if (collected != null) {
            onChunk(session, message, collected);
        } else {
            onPacket(session, message, true);
        }
    }

    private void onBufferOn(Session session) {
        if (acknowledge(session)) {
            chunks = new ArrayList<>();
            chunkBytes = 0;
            heldBytes = CHUNK_BYTES;
        }
    }

    private void onChunk(Session session, Message chunk, List<Message> collected) {
        if (collected.size() == app.maxChunks()) {
            fail(session, new CloseStatus(1009, "more than " + app.maxChunks() + " chunks after bufferON"));
        } else if (chunk.size() > app.maxChunkBytes() - chunkBytes) {
            fail(session, new CloseStatus(1009, "more than " + app.maxChunkBytes() + " bytes after bufferON"));
        } else if (acknowledge(session)) {
            collected.add(chunk.copy());
            chunkBytes += chunk.size();
            int before = heldBytes;
            heldBytes = before + CHUNK_BYTES + OwnedMessage.arrayBytes(chunk.size());
        }
    }

    private void onBufferOff(Session session, @Nullable List<Message> collected) throws Exception {
        forgetChunks();
        if (!acknowledge(session) || collected == null || chunkBytes == 0) {
            return;
        }
        ByteBuffer joined = ByteBuffer.allocate(chunkBytes);
        collected.forEach(chunk -> joined.put(chunk.bytes()));
        collected.clear();
        // text of text, each whole: no other copy to find out whether it is
        onPacket(session, OwnedMessage.of(true, joined.array()), false);
    }

    private void onPacket(Session session, Message message, boolean acknowledgementIsDue) throws Exception {
        String opcode;
        try {
            opcode = app.reader().opcode(message);
        } catch (StreamConstraintsException beyondLimits) {
            fail(session, BEYOND_LIMITS);
            return;
        } catch (IOException notJson) {
            fail(session, NOT_JSON);
            return;
        }
        PacketHandler handler = opcode == null ? null : app.handler(opcode);
        // whoever quits has stopped reading: the original clients get no acknowledgement for that
        if (acknowledgementIsDue && handler != StandardOpcodes.QUIT && !acknowledge(session)) {
            return;
        }
        if (opcode == null || handler == null) {
            rest.onMessage(session, message);
        } else {
            handler.onPacket(session, new Packet(opcode, message, app.reader()));
        }
    }

    /** Whether the client may be served: it is there, and an acknowledgement is on its way to it. */
    private static boolean acknowledge(Session session) {
        return switch (session.send(NEXT)) {
            case SENT, QUEUEING, PARTIAL -> true;
            case FULL, DROPPED -> {
                // without this acknowledgement it would wait for ever
                session.close(SLOW);
                yield false;
            }
            case CLOSED -> false;
        };
    }

    private void fail(Session session, CloseStatus why) {
        forgetChunks();
        session.close(why);
    }

    private void forgetChunks() {
        chunks = null;
        heldBytes = 0;
    }

    @Override
    public int heldBytes() {
        return heldBytes + rest.heldBytes();
    }

    @Override
    public void onDropped(Session session, int messages) throws Exception {
        rest.onDropped(session, messages);
    }

    @Override
    public void onDrained(Session session) throws Exception {
        rest.onDrained(session);
    }

    @Override
    public void onPong(Session session, ByteBuffer payload) throws Exception {
        rest.onPong(session, payload);
    }

    @Override
    public void onServiceRestart(Session session, Duration reconnectIn) throws Exception {
        // a raw client is told by a packet of the server's
        if (!session.request().isRawTcp()) {
            session.send("{\"opcode\":\"close\",\"reconnectIn\":" + reconnectIn.toMillis() + "}");
        }
        rest.onServiceRestart(session, reconnectIn);
    }

    @Override
    public void onError(Session session, Throwable cause) throws Exception {
        rest.onError(session, cause);
    }

    @Override
    public void onClose(Session session, CloseStatus status) throws Exception {
        forgetChunks();
        rest.onClose(session, status);
    }
}
