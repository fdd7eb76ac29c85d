package io.hexsocket.core.session;

import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.message.OwnedMessage;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message that waits in {@link WaitingMessages}: one to this client alone, or one that it shares with others. On the event loop. */
final class WaitingMessage {

    // This object, and a buffer or its part of a table
    private static final int OBJECT_BYTES = 112;

    final int opcode;
    /** Never changed by anybody; null if it is shared. */
    final @Nullable ByteBuffer payload;

    final @Nullable SharedMessage shared;
    /** What it is the latest value of; null if it is not to be replaced. */
    final @Nullable String key;
    /** How many bytes it takes on the wire, if it is not compressed. */
    final int wireBytes;
    /** Whether it is, or may be, the answer to what the client has sent. */
    final boolean answer;
    /** Whether it may be dropped. */
    final boolean droppable;
    /** Who awaits it; null if nobody does. */
    final @Nullable CompletableFuture<SendResult> told;

    @Nullable WaitingMessage before;

    @Nullable WaitingMessage next;

    /** A message to one client. */
    WaitingMessage(
            int opcode,
            ByteBuffer payload,
            @Nullable String key,
            FrameOut frames,
            boolean answer,
            boolean droppable,
            @Nullable CompletableFuture<SendResult> told) {
        this.opcode = opcode;
        this.payload = payload;
        this.shared = null;
        this.key = key;
        this.wireBytes = frames.wireBytes(payload.remaining());
        this.answer = answer;
        this.droppable = droppable;
        this.told = told;
    }

    /** A message to many, which is held by this object from now on. */
    WaitingMessage(SharedMessage shared, FrameOut frames, boolean droppable) {
        this.opcode = 0;
        this.payload = null;
        this.shared = shared;
        this.key = shared.key();
        this.wireBytes = frames.wireBytes(shared.payloadBytes());
        this.answer = false;
        this.droppable = droppable;
        this.told = null;
        shared.frame().retain();
    }

    /** What it takes of the memory, in bytes: of what is shared, a share. */
    int heldBytes() {
        if (shared != null) {
            return OBJECT_BYTES + shared.heldBytes() / shared.frame().holders();
        }
        return OBJECT_BYTES + (payload == null ? 0 : OwnedMessage.arrayBytes(payload.capacity()));
    }

    /** It waits no more. */
    void release() {
        if (shared != null) {
            shared.frame().release();
        }
    }
}
