package io.hexsocket.core.hub;

import io.hexsocket.apps.Session;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.SharedMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast on one event loop: the frames that its sessions there share, and how far it has come. Made for this broadcast, posted to
 * the loop or begun there, and dropped. On that loop, once it is.
 *
 * <p>Members are visited from the last to the first of each list. Who leaves on the way has the last one take its place, who joins comes
 * at the end, and each remembers what it has got: so nobody gets it twice, and nobody who was there goes without.
 */
final class FanOut implements SharedMessage, Runnable {

    // Transports copy what is not larger; from where a larger one lies, they write it to each receiver
    private static final int MAX_HEAP_BYTES = 16 * 1024;
    private static final int MAX_LEVEL = 9;
    private static final int BEFORE_FIRST = -1;
    private static final int ENDED = -2;
    private static final SharedBytes NOT_SHORTER = new SharedBytes(ByteBuffer.allocate(0));

    private final LoopHub loop;
    private final Spread<LoopHub> audience;
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
    /** Which list of members it is at; all before it are done. */
    private int list;
    /** The place in that list behind the one that is next; {@link #BEFORE_FIRST}, or {@link #ENDED} when all deliveries are made. */
    private int place = BEFORE_FIRST;

    /**
     * Not begun.
     *
     * @param deliveries how many it makes here, as far as that is known
     */
    FanOut(LoopHub loop, Spread<LoopHub> audience, Broadcast message, @Nullable Session except, int deliveries) {
        this.loop = loop;
        this.audience = audience;
        this.message = message;
        this.except = except;
        this.weight = payloadBytes() + (long) deliveries * cost() * Backlog.DELIVERY;
    }

    /** What it weighs in the backlog of its loop. */
    long weight() {
        return weight;
    }

    /** Begins, where it was posted to. */
    @Override
    public void run() {
        loop.begin(this);
    }

    void begin(long as) {
        number = as;
        int members = 0;
        for (int i = audience.lists(loop) - 1; i >= 0; i--) {
            members += audience.list(loop, i).size();
        }
        long actual = payloadBytes() + (long) members * cost() * Backlog.DELIVERY;
        loop.backlog().add(actual - weight);
        weight = actual;
    }

    /** Makes so many deliveries, and gives how many were not needed; may be below 0 by one delivery. */
    int deliver(int allowed) {
        int left = allowed;
        while (left > 0 && !isDone()) {
            Members<? extends Member> members = audience.list(loop, list);
            place = Math.min(place < 0 ? members.size() : place, members.size()) - 1;
            if (place < 0) {
                list++;
                continue;
            }
            Member member = members.at(place);
            if (place == 0) {
                place = BEFORE_FIRST;
                list++;
            }
            left--;
            Recipient session = member instanceof Subscription subscription ? subscription.session : (Recipient) member;
            if (session.serve(number) && session.session() != except) {
                left -= cost() - 1;
                session.receive(this);
            }
        }
        return left;
    }

    boolean isDone() {
        return list >= audience.lists(loop);
    }

    /** All deliveries are made. */
    void end() {
        place = ENDED;
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
        if (place == ENDED) {
            return new SharedBytes(bytes);
        }
        MessageBuffers buffers = loop.loop().buffers();
        ByteBuffer direct = bytes.limit() > MAX_HEAP_BYTES ? buffers.keepDirect(bytes.duplicate()) : null;
        SharedBytes shared = direct == null ? new SharedBytes(bytes) : new SharedBytes(direct, () -> free(direct));
        shared.retain();
        return shared;
    }

    private void free(ByteBuffer direct) {
        if (frame != null && !frame.isHeld()) {
            frame = null;
        }
        loop.loop().buffers().giveBack(direct);
    }

    /** Delivers to one session before its turn, if it is a member and has not got it. */
    void deliverEarly(Recipient session) {
        if (session.serve(number) && session.session() != except && audience.has(session)) {
            session.receive(this);
        }
    }

    /** How much work it is here, in deliveries of a few bytes. */
    long deliveries() {
        return (weight - payloadBytes()) / Backlog.DELIVERY;
    }

    private int cost() {
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
            ByteBuffer bytes = message.deflatedFrame(loop.loop().deflateStreams(), level);
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
