package io.hexsocket.cluster.redis;

import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gets what comes over the connection. On the engine's thread. */
abstract class Frames {

    private static final Logger LOG = LoggerFactory.getLogger(Frames.class);

    private static final int CHANNELS_PER_RESYNC = 500;

    private final EngineLoop loop;
    private final Wires wires;
    private final Keyspace keys;
    private final String id;
    private final Publisher publisher;
    private final Subscriptions subscriptions;
    private final Peers peers;
    private final Calls calls;
    private final Leases leases;
    private final SparseLog foreign = new SparseLog(LOG);

    Frames(
            EngineLoop loop,
            Wires wires,
            Keyspace keys,
            String id,
            Publisher publisher,
            Subscriptions subscriptions,
            Peers peers,
            Calls calls,
            Leases leases) {
        this.loop = loop;
        this.wires = wires;
        this.keys = keys;
        this.id = id;
        this.publisher = publisher;
        this.subscriptions = subscriptions;
        this.peers = peers;
        this.calls = calls;
        this.leases = leases;
    }

    /** This node has heard itself. */
    abstract void onPulse();

    /** A peer has said that it is there. */
    abstract void onPeer();

    /** This node was away, and wants to know how far the streams of the others are. */
    void askForMarks() {
        List<String> channels = subscriptions.heardOf();
        for (int i = 0; i < channels.size(); i += CHANNELS_PER_RESYNC) {
            byte[] payload = Frame.list(channels.subList(i, Math.min(channels.size(), i + CHANNELS_PER_RESYNC)));
            wires.tell(keys.all(), new Frame(Frame.Type.RESYNC, id, 0, 0, "", 0, payload));
        }
    }

    void onFrame(String channel, Frame frame) {
        try {
            take(channel, frame);
        } catch (RuntimeException unexpected) {
            LOG.debug("a frame over {} cannot be taken", channel, unexpected);
            complain(channel);
        }
    }

    private void take(String channel, Frame frame) {
        long now = System.nanoTime();
        switch (frame.type()) {
            case MESSAGE -> {
                if (wires.isUp() && isOfNode(channel, frame, now)) {
                    subscriptions.onMessage(channel, frame);
                }
            }
            case MARK -> {
                if (wires.isUp()) {
                    subscriptions.onMark(frame.text().isEmpty() ? channel : frame.text(), frame);
                }
            }
            case DIRECT -> {
                if (wires.isUp() && !calls.onDirect(frame)) {
                    complain(channel);
                }
            }
            case ASK -> {
                if (wires.isUp() && !frame.origin().equals(id)) {
                    calls.onAsk(frame);
                }
            }
            case RECEIPT, ANSWER -> calls.onAnswer(frame);
            case HELLO -> {
                if (isOfNode(channel, frame, now) && !frame.origin().equals(id)) {
                    loop.post(() -> wires.tell(keys.node(frame.origin()), Frame.of(Frame.Type.HERE, id)));
                }
            }
            case HERE -> {
                if (isOfNode(channel, frame, now)) {
                    onPeer();
                }
            }
            case LEAVE -> peers.left(frame.origin());
            case NAME_TAKEN -> loop.post(() -> leases.onNameTaken(frame.text()));
            case RESYNC -> {
                if (!frame.origin().equals(id)) {
                    loop.post(() -> Set.copyOf(frame.list()).forEach(wire -> publisher.markTo(frame.origin(), wire)));
                }
            }
            case PULSE -> loop.post(this::onPulse);
            case UNREADABLE -> complain(channel);
        }
    }

    /** Whether the origin is a node, as this frame shows or an earlier one has shown; false if there are too many that say so. */
    private boolean isOfNode(String channel, Frame frame, long now) {
        boolean isMessage = frame.type() == Frame.Type.MESSAGE;
        if (isMessage && peers.isRemembered(frame.origin()) || peers.heard(frame.origin(), now)) {
            return true;
        }
        complain(channel);
        return false;
    }

    private void complain(String channel) {
        foreign.warn("what came over " + channel + " is no frame of this version; who else writes into this Redis?");
    }

    void tick(long now) {
        foreign.tick(now);
    }
}
