package io.hexsocket.core.hub;

import io.hexsocket.apps.Session;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.SharedMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast on one event loop, and the frames that its sessions there share. Made for this broadcast, posted to the loop or begun
 * there, and dropped. On that loop, once it is.
 *
 * @param <L> who knows the sessions of the loop
 */
final class FanOut<L> implements SharedMessage {

    // Transports copy what is not larger; from where a larger one lies, they write it to each receiver
    private static final int MAX_HEAP_BYTES = 16 * 1024;
    private static final int MAX_LEVEL = 9;
    private static final SharedBytes NOT_SHORTER = new SharedBytes(ByteBuffer.allocate(0));

    private final LoopState loop;
    private final L members;
    private final Spread<L> audience;
    private final Broadcast message;
    private final @Nullable Session except;
    /** Null until asked for. */
    private @Nullable SharedBytes frame;
    /** By level, as far as asked for. */
    private @Nullable SharedBytes @Nullable [] deflated;
    /** Of the frames, in bytes. */
    private int heldBytes;
    /** What it has in the backlog of the loop. */
    private long weight;
    /** Its number among the broadcasts of the loop. */
    private long number;
    /** Whether all deliveries are made. */
    private boolean ended;

    /**
     * Not begun.
     *
     * @param members who knows the sessions of the loop
     * @param deliveries how many it makes here, as far as that is known
     */
    FanOut(LoopState loop, L members, Spread<L> audience, Broadcast message, @Nullable Session except, int deliveries) {
        this.loop = loop;
        this.members = members;
        this.audience = audience;
        this.message = message;
        this.except = except;
        this.weight = payloadBytes() + (long) deliveries * cost() * Backlog.DELIVERY;
    }

    /** What it weighs in the backlog of its loop. */
    long weight() {
        return weight;
    }

    void begin(long as) {
        number = as;
        int deliveries = 0;
        for (int i = audience.lists(members) - 1; i >= 0; i--) {
            deliveries += audience.list(members, i).size();
        }
        long actual = payloadBytes() + (long) deliveries * cost() * Backlog.DELIVERY;
        loop.backlog().add(actual - weight);
        weight = actual;
    }

    /** Who gets it. */
    Spread<L> audience() {
        return audience;
    }

    /** Delivers it to a member that has not got it; false if that is not needed. */
    boolean deliver(Recipient member) {
        boolean isDue = member.serve(number) && member.session() != except;
        if (isDue) {
            member.receive(this);
        }
        return isDue;
    }

    /** Delivers it to one session before its turn, if it is a member and has not got it. */
    void deliverEarly(Recipient session) {
        if (session.serve(number) && session.session() != except && audience.has(session)) {
            session.receive(this);
        }
    }

    /** All deliveries are made. */
    void end() {
        ended = true;
        loop.backlog().done(weight);
        if (frame != null) {
            frame.release();
        }
        @Nullable SharedBytes[] shorter = deflated;
        if (shorter != null) {
            // whoever comes later finds none that may be used again
            deflated = null;
            for (SharedBytes one : shorter) {
                if (one != null && one != NOT_SHORTER) {
                    one.release();
                }
            }
        }
    }

    /**
     * Held until the end. A large one is copied, once for the loop, to where the loop's sockets can send it from as it is; not behind the
     * end, for the few who are late.
     */
    private SharedBytes share(ByteBuffer bytes) {
        heldBytes += bytes.limit();
        if (ended) {
            return new SharedBytes(bytes);
        }
        MessageBuffers buffers = loop.buffers();
        ByteBuffer direct = bytes.limit() > MAX_HEAP_BYTES ? buffers.keepDirect(bytes.duplicate()) : null;
        SharedBytes shared = direct == null ? new SharedBytes(bytes) : new SharedBytes(direct, () -> free(direct));
        shared.retain();
        return shared;
    }

    private void free(ByteBuffer direct) {
        if (frame != null && !frame.isHeld()) {
            frame = null;
        }
        loop.buffers().giveBack(direct);
    }

    /** How much work it is here, in deliveries of a few bytes. */
    long deliveries() {
        return (weight - payloadBytes()) / Backlog.DELIVERY;
    }

    /** How much work one delivery is, in deliveries of a few bytes. */
    int cost() {
        return LoopState.deliveriesFor(payloadBytes());
    }

    @Override
    public SharedBytes frame() {
        SharedBytes known = frame;
        if (known == null) {
            known = share(message.frame());
            frame = known;
        }
        return known;
    }

    @Override
    public @Nullable SharedBytes deflatedFrame(int level) {
        if (deflated == null) {
            deflated = new SharedBytes[MAX_LEVEL + 1];
        }
        SharedBytes known = deflated[level];
        if (known == null) {
            ByteBuffer bytes = message.deflatedFrame(loop.deflateStreams(), level);
            known = bytes == null ? NOT_SHORTER : share(bytes);
            deflated[level] = known;
        }
        return known == NOT_SHORTER ? null : known;
    }

    @Override
    public @Nullable String key() {
        return message.key();
    }

    @Override
    public int heldBytes() {
        return heldBytes;
    }

    @Override
    public int payloadBytes() {
        return message.payload().limit();
    }

    @Override
    public ByteBuffer payload() {
        return message.payload().duplicate();
    }
}
