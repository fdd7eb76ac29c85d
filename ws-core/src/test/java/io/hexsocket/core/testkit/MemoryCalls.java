package io.hexsocket.core.testkit;

import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a {@link MemoryNode} waits for other nodes to answer. */
final class MemoryCalls {

    private record Call(MemoryNode to, Runnable lose, Runnable expire) {}

    private final MemoryCluster cluster;
    private final MemoryNode node;
    private final Set<Call> calls = new LinkedHashSet<>();

    MemoryCalls(MemoryCluster cluster, MemoryNode node) {
        this.cluster = cluster;
        this.node = node;
    }

    CompletionStage<Answers> ask(Envelope question, Set<NodeId> peers, Duration deadline) {
        CompletableFuture<Answers> all = new CompletableFuture<>();
        Map<NodeId, Envelope> answers = new HashMap<>();
        Set<NodeId> silent = new HashSet<>(peers);
        Set<NodeId> awaited = new HashSet<>(peers);
        Consumer<NodeId> ended = peer -> {
            awaited.remove(peer);
            if (awaited.isEmpty()) {
                all.complete(new Answers(answers, silent));
            }
        };
        if (peers.isEmpty()) {
            all.complete(new Answers(answers, silent));
        }
        for (NodeId peer : peers) {
            open(
                    Objects.requireNonNull(cluster.find(peer)),
                    deadline,
                    there -> there.onAsk(node.id(), question),
                    answer -> {
                        silent.remove(peer);
                        answers.put(peer, answer);
                        ended.accept(peer);
                    },
                    () -> ended.accept(peer),
                    () -> ended.accept(peer));
        }
        return all;
    }

    /** Asks another node something; one of the last three happens. */
    <T> void open(
            MemoryNode to,
            Duration deadline,
            Function<ClusterInbound, CompletionStage<T>> question,
            Consumer<T> answered,
            Runnable lose,
            Runnable expire) {
        Call call = new Call(to, lose, expire);
        calls.add(call);
        cluster.after(deadline, () -> {
            if (calls.remove(call)) {
                expire.run();
            }
        });
        Runnable nothing = () -> {};
        Consumer<T> reply = answer -> cluster.carry(
                to,
                node,
                () -> {
                    if (calls.remove(call)) {
                        answered.accept(answer);
                    }
                },
                nothing);
        cluster.carry(
                node,
                to,
                () -> to.tell(there -> question.apply(there).whenComplete((answer, failure) -> {
                    synchronized (cluster) {
                        if (failure == null) {
                            reply.accept(answer);
                        }
                    }
                })),
                nothing);
    }

    /** Ends what cannot be answered any more, because the node is gone. */
    void loseUnseen() {
        for (Call call : List.copyOf(calls)) {
            if (!cluster.seems(node, call.to) && calls.remove(call)) {
                call.lose.run();
            }
        }
    }

    void end() {
        List<Call> open = List.copyOf(calls);
        calls.clear();
        open.forEach(call -> call.expire.run());
    }
}
