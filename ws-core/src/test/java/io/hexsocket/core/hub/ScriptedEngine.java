package io.hexsocket.core.hub;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Capability;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Position;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writes down what it is asked, and answers what the test says. */
final class ScriptedEngine implements ClusterEngine {

    final List<String> calls = new ArrayList<>();
    final List<CompletableFuture<Published>> published = new ArrayList<>();
    ClusterInbound inbound;
    /** What the other nodes answer to questions. */
    Answers answers = new Answers(Map.of(), Set.of());

    Set<NodeId> peers = Set.of();
    /** What happens inside the next claim. */
    Runnable onClaim = () -> {};
    /** What publishing answers at once; null if that comes later. */
    Published answer = Published.sent(1);

    List<String> newCalls() {
        List<String> fresh = List.copyOf(calls);
        calls.clear();
        return fresh;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Duration lease() {
        return Duration.ofSeconds(10);
    }

    @Override
    public CompletionStage<Void> start(NodeId self, ClusterInbound in) {
        calls.add("start " + self);
        inbound = in;
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> subscribe(Channel channel, Position since) {
        calls.add("subscribe " + channel.key());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> unsubscribe(Channel channel) {
        calls.add("unsubscribe " + channel.key());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Published> publish(Channel channel, Envelope envelope) {
        calls.add("publish " + channel.key() + " " + envelope.payload().length);
        CompletableFuture<Published> result = new CompletableFuture<>();
        if (answer != null) {
            result.complete(answer);
        }
        published.add(result);
        return result;
    }

    @Override
    public CompletionStage<Receipt> direct(Address to, Envelope envelope, Duration deadline) {
        calls.add("direct " + to);
        return CompletableFuture.completedStage(Receipt.UNKNOWN);
    }

    @Override
    public CompletionStage<Answers> ask(Envelope question, Duration deadline) {
        calls.add("ask");
        return CompletableFuture.completedStage(answers);
    }

    @Override
    public CompletionStage<Claimed> claim(Name name, Claim rule) {
        calls.add("claim " + name.key());
        Runnable meanwhile = onClaim;
        onClaim = () -> {};
        meanwhile.run();
        return CompletableFuture.completedStage(Claimed.HELD);
    }

    @Override
    public CompletionStage<Void> release(Name name) {
        calls.add("release " + name.key());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public Set<NodeId> peers() {
        return peers;
    }

    @Override
    public Duration roundTrip() {
        return Duration.ofMillis(3);
    }

    @Override
    public long queuedBytes() {
        return 7;
    }

    @Override
    public CompletionStage<Void> stop() {
        calls.add("stop");
        return CompletableFuture.completedStage(null);
    }
}
