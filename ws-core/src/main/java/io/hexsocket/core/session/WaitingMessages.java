package io.hexsocket.core.session;

import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.core.connection.LoopState;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages for a client that is behind, in the order in which they were sent. The transport has no byte of them and they are not compressed, so
 * that each may still be dropped without harm to the others. What may be dropped has the limit for itself, with what the network has not
 * taken; and so has what may not. On the event loop, unless it says otherwise.
 */
final class WaitingMessages {

    // However short they are, or looking through them would take its time
    private static final int MAX_MESSAGES = 1024;

    private final LoopState loop;
    private final SlowReaders policy;
    private final int limit;
    private @Nullable WaitingMessage first;
    private @Nullable WaitingMessage last;
    /** By key; null unless the latest of each is kept. */
    private final @Nullable Map<String, WaitingMessage> keyed;

    private volatile int bytes;
    private volatile int droppableWeight;
    private volatile int keptWeight;
    private volatile long dropped;
    private int untold;

    /**
     * None.
     *
     * @param limit of bytes, where no message counts for less than a {@value #MAX_MESSAGES}th of it
     */
    WaitingMessages(LoopState loop, SlowReaders policy, int limit) {
        this.loop = loop;
        this.policy = policy;
        this.limit = limit;
        this.keyed = policy == SlowReaders.KEEP_LATEST ? new HashMap<>() : null;
    }

    // ---- any thread

    /** How many bytes they take on the wire, uncompressed. Any thread. */
    int bytes() {
        return bytes;
    }

    /**
     * Whether the limit leaves no room. Any thread; a moment old.
     *
     * @param queued what waits besides, in bytes
     * @param droppable for a message that may be dropped
     */
    boolean isFull(long queued, boolean droppable) {
        return queued + (droppable ? droppableWeight : keptWeight) >= limit;
    }

    /** What those weigh that must not be dropped. Any thread. */
    int keptWeight() {
        return keptWeight;
    }

    /** How many messages were dropped so far. Any thread. */
    long dropped() {
        return dropped;
    }

    // ---- on the loop

    boolean isEmpty() {
        return first == null;
    }

    /** Whether there is one that must not be dropped. */
    boolean hasKept() {
        return keptWeight > 0;
    }

    /**
     * Takes a message behind the others, if the policy does, and drops what it drops for it.
     *
     * @param queued what waits besides, in bytes
     * @param promised whether the sender has found room for a message that is not to be dropped, and knows that it is taken
     * @return QUEUEING, DROPPED, or FULL if it has not been taken and is not for this policy to drop
     */
    SendResult add(WaitingMessage message, long queued, boolean promised) {
        WaitingMessage older =
                keyed == null || message.key == null || !message.droppable ? null : keyed.get(message.key);
        if (older != null) {
            drop(older);
        } else if (isFull(queued, message.droppable)) {
            if (message.droppable && policy == SlowReaders.DROP_NEW) {
                countDropped(1);
                return refuse(message, SendResult.DROPPED);
            }
            if (message.droppable && policy == SlowReaders.DROP_OLDEST) {
                dropOldest(queued);
            } else if (message.droppable || !promised) {
                return refuse(message, SendResult.FULL);
            }
        }
        append(message);
        return SendResult.QUEUEING;
    }

    private SendResult refuse(WaitingMessage message, SendResult why) {
        message.release();
        tell(message, why);
        return why;
    }

    /** Drops the oldest ones until there is room, or none is left that may be dropped. */
    private void dropOldest(long queued) {
        WaitingMessage one = first;
        while (one != null && isFull(queued, true)) {
            WaitingMessage next = one.next;
            if (one.droppable) {
                drop(one);
            }
            one = next;
        }
    }

    private void drop(WaitingMessage message) {
        remove(message);
        countDropped(1);
        tell(message, SendResult.DROPPED);
    }

    /** Messages were dropped before they came here. */
    void countDropped(int messages) {
        dropped += messages;
        untold += messages;
    }

    /** How many were dropped since the last call. */
    int takeUntold() {
        int taken = untold;
        untold = 0;
        return taken;
    }

    /** Takes the oldest one, to be written. There is one. */
    WaitingMessage poll() {
        WaitingMessage oldest = Objects.requireNonNull(first);
        remove(oldest);
        return oldest;
    }

    /** Forgets all: they go nowhere, since the session is over. */
    void clear() {
        while (first != null) {
            tell(poll(), SendResult.CLOSED);
        }
    }

    /** What they take of the memory, in bytes. */
    int heldBytes() {
        int held = 0;
        for (WaitingMessage one = first; one != null; one = one.next) {
            held += one.heldBytes();
        }
        return held;
    }

    private void append(WaitingMessage message) {
        WaitingMessage end = last;
        if (end == null) {
            first = message;
        } else {
            end.next = message;
            message.before = end;
        }
        last = message;
        if (keyed != null && message.key != null && message.droppable) {
            keyed.put(message.key, message);
        }
        count(message, 1);
    }

    private void remove(WaitingMessage message) {
        if (message.before == null) {
            first = message.next;
        } else {
            message.before.next = message.next;
        }
        if (message.next == null) {
            last = message.before;
        } else {
            message.next.before = message.before;
        }
        if (keyed != null && message.key != null && message.droppable) {
            keyed.remove(message.key);
        }
        count(message, -1);
        message.release();
    }

    private void count(WaitingMessage message, int sign) {
        bytes += sign * message.wireBytes;
        int weight = sign * Math.max(message.wireBytes, limit / MAX_MESSAGES);
        if (message.droppable) {
            droppableWeight += weight;
        } else {
            keptWeight += weight;
        }
    }

    private void tell(WaitingMessage message, SendResult result) {
        if (message.told != null) {
            AwaitedSends.answer(loop, message.told, result);
        }
    }
}
