package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Receipt;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Envelopes that wait for an answer, and the answers of this node. On the engine's thread. */
final class Calls {

    private static final Receipt[] RECEIPTS = Receipt.values();

    private abstract static class Call {
        @Nullable Future<?> expiry;

        abstract void answer(String from, Frame frame);

        abstract void lose(String peer);

        abstract void expire();
    }

    private final EngineLoop loop;
    private final Wires wires;
    private final Keyspace keys;
    private final String id;
    private final Peers peers;
    private final Map<Long, Call> open = new HashMap<>();
    private long numbers;

    Calls(EngineLoop loop, Wires wires, Keyspace keys, String id, Peers peers) {
        this.loop = loop;
        this.wires = wires;
        this.keys = keys;
        this.id = id;
        this.peers = peers;
    }

    private final class Direct extends Call {
        final CompletableFuture<Receipt> receipt;
        final long number;

        @Nullable String peer;

        Direct(CompletableFuture<Receipt> receipt, long number) {
            this.receipt = receipt;
            this.number = number;
        }

        void end(Receipt with) {
            close(number, this);
            receipt.complete(with);
        }

        @Override
        void answer(String from, Frame frame) {
            if (frame.kind() < RECEIPTS.length) {
                end(RECEIPTS[frame.kind()]);
            }
        }

        @Override
        void lose(String lost) {
            if (lost.equals(peer)) {
                end(Receipt.NODE_LOST);
            }
        }

        @Override
        void expire() {
            end(Receipt.EXPIRED);
        }
    }

    private final class Ask extends Call {
        final CompletableFuture<Answers> all;
        final long number;
        final Map<NodeId, Envelope> answers = new HashMap<>();
        final Set<NodeId> silent = new HashSet<>(peers.alive());
        final Set<NodeId> awaited = new HashSet<>(silent);

        Ask(CompletableFuture<Answers> all, long number) {
            this.all = all;
            this.number = number;
        }

        @Override
        void answer(String from, Frame frame) {
            NodeId node = new NodeId(from);
            answers.put(node, frame.envelope());
            silent.remove(node);
            lose(from);
        }

        @Override
        void lose(String peer) {
            if (awaited.remove(new NodeId(peer)) && awaited.isEmpty()) {
                expire();
            }
        }

        @Override
        void expire() {
            close(number, this);
            all.complete(new Answers(answers, silent));
        }
    }

    void direct(Address to, Envelope envelope, long deadline, CompletableFuture<Receipt> receipt) {
        if (!wires.isUp()) {
            receipt.complete(Receipt.NOT_SENT);
            return;
        }
        long number = ++numbers;
        Direct call = new Direct(receipt, number);
        open(number, call, deadline);
        Frame frame = Frame.of(Frame.Type.DIRECT, id, number, 0, text(to), envelope);
        if (to instanceof Address.OnNode on) {
            call.peer = on.node().value();
            wires.send(Reply.publish(
                    keys.node(call.peer),
                    frame,
                    receivers -> {
                        if (receivers == 0) {
                            call.end(Receipt.UNKNOWN);
                        }
                    },
                    interrupted -> {}));
        } else {
            String key = keys.name(((Address.Named) to).name());
            wires.send(Reply.text(
                    Scripts.direct(keys, key, frame),
                    holder -> {
                        if (holder.isEmpty()) {
                            call.end(Receipt.UNKNOWN);
                        } else {
                            call.peer = holder;
                        }
                    },
                    interrupted -> {}));
        }
    }

    void ask(Envelope question, long deadline, CompletableFuture<Answers> all) {
        long number = ++numbers;
        Ask call = new Ask(all, number);
        if (!wires.isUp() || call.awaited.isEmpty()) {
            call.expire();
            return;
        }
        open(number, call, deadline);
        wires.tell(keys.all(), Frame.of(Frame.Type.ASK, id, number, 0, "", question));
    }

    /**
     * Another node, or this one, has sent something to an address here.
     *
     * @return false if it is no address
     */
    boolean onDirect(Frame frame) {
        Address to = address(frame.text());
        if (to == null) {
            return false;
        }
        wires.call(in -> in.onDirect(to, new NodeId(frame.origin()), frame.envelope())
                .whenComplete((receipt, failure) -> {
                    if (failure == null) {
                        reply(frame, Frame.Type.RECEIPT, new Envelope(receipt.ordinal(), new byte[0]));
                    }
                }));
        return true;
    }

    void onAsk(Frame frame) {
        wires.call(in -> in.onAsk(new NodeId(frame.origin()), frame.envelope()).whenComplete((answer, failure) -> {
            if (failure == null) {
                reply(frame, Frame.Type.ANSWER, answer);
            }
        }));
    }

    private void reply(Frame to, Frame.Type type, Envelope envelope) {
        loop.post(() -> wires.tell(keys.node(to.origin()), Frame.of(type, id, to.a(), 0, "", envelope)));
    }

    void onAnswer(Frame frame) {
        Call call = open.get(frame.a());
        if (call != null && !(call instanceof Ask && frame.origin().equals(id))) {
            call.answer(frame.origin(), frame);
        }
    }

    void lost(String peer) {
        List.copyOf(open.values()).forEach(call -> call.lose(peer));
    }

    void end() {
        List.copyOf(open.values()).forEach(Call::expire);
    }

    private void open(long number, Call call, long deadline) {
        open.put(number, call);
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        call.expiry = loop.later(call::expire, left);
    }

    private void close(long number, Call call) {
        open.remove(number);
        if (call.expiry != null) {
            call.expiry.cancel(false);
        }
    }

    private String text(Address to) {
        if (to instanceof Address.OnNode on) {
            return "=" + on.target();
        }
        Name name = ((Address.Named) to).name();
        return name.kind().name() + ":" + name.value();
    }

    private @Nullable Address address(String text) {
        if (text.startsWith("=")) {
            String target = text.substring(1);
            return Channel.isName(target) ? new Address.OnNode(new NodeId(id), target) : null;
        }
        for (Name.Kind kind : Name.Kind.values()) {
            String prefix = kind.name() + ":";
            if (text.startsWith(prefix)) {
                String value = text.substring(prefix.length());
                return Channel.isName(value) ? new Address.Named(new Name(kind, value)) : null;
            }
        }
        return null;
    }
}
