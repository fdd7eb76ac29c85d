package io.hexsocket.core.contract.cluster;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Position;
import io.hexsocket.core.port.cluster.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes down what an engine says, and what it must not do while it says it. */
public final class RecordingInbound implements ClusterInbound {

    /** One call. */
    public sealed interface Event {}

    /** A call of {@link ClusterInbound#onMessage}. */
    public record Received(Channel channel, NodeId origin, Envelope envelope) implements Event {}

    /** A call of {@link ClusterInbound#onGap}. */
    public record Gap(Channel channel, @Nullable NodeId origin, long missed) implements Event {}

    /** A call of {@link ClusterInbound#onDirect}. */
    public record Direct(Address to, NodeId origin, Envelope envelope) implements Event {}

    /** A call of {@link ClusterInbound#onNameLost}. */
    public record Lost(Name name) implements Event {}

    /** A call of {@link ClusterInbound#onDown} or {@link ClusterInbound#onUp}. */
    public record Link(boolean up) implements Event {}

    private final List<Event> events = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicBoolean inside = new AtomicBoolean();
    private boolean isDown;

    volatile Function<Envelope, CompletionStage<Receipt>> receipts =
            envelope -> CompletableFuture.completedFuture(Receipt.DELIVERED);
    volatile Function<Envelope, CompletionStage<Envelope>> answers = CompletableFuture::completedFuture;
    volatile Runnable inMessages = () -> {};

    @Override
    public void onMessage(Channel channel, NodeId origin, Envelope envelope, @Nullable Position at) {
        record(new Received(channel, origin, envelope), inMessages);
    }

    @Override
    public CompletionStage<Receipt> onDirect(Address to, NodeId origin, Envelope envelope) {
        record(new Direct(to, origin, envelope), () -> {});
        return receipts.apply(envelope);
    }

    @Override
    public CompletionStage<Envelope> onAsk(NodeId origin, Envelope question) {
        return answers.apply(question);
    }

    @Override
    public void onGap(Channel channel, @Nullable NodeId origin, long missed) {
        if (origin == null ? missed != 0 : missed <= 0) {
            violation("a gap of " + missed + " of " + origin);
        }
        record(new Gap(channel, origin, missed), () -> {});
    }

    @Override
    public void onNameLost(Name name) {
        record(new Lost(name), () -> {});
    }

    @Override
    public void onDown(Throwable cause) {
        record(new Link(false), () -> {});
    }

    @Override
    public void onUp() {
        record(new Link(true), () -> {});
    }

    private void record(Event event, Runnable then) {
        if (!inside.compareAndSet(false, true)) {
            violation("two calls at a time, one of them " + event);
        }
        try {
            synchronized (events) {
                if (event instanceof Link link) {
                    if (link.up != isDown) {
                        violation("up or down twice");
                    }
                    isDown = !link.up;
                } else if (isDown) {
                    violation("while down: " + event);
                }
                events.add(event);
            }
            then.run();
        } finally {
            inside.set(false);
        }
    }

    private void violation(String what) {
        synchronized (events) {
            violations.add(what);
        }
    }

    /** All calls so far. */
    public List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** What no engine may do and this one did. */
    public List<String> violations() {
        synchronized (events) {
            return List.copyOf(violations);
        }
    }

    /** What came in a channel from one node. */
    public List<Envelope> received(Channel channel, NodeId origin) {
        return events().stream()
                .filter(event -> event instanceof Received got
                        && got.channel().equals(channel)
                        && got.origin().equals(origin))
                .map(event -> ((Received) event).envelope())
                .toList();
    }

    /** How many envelopes of one node were counted as missed in a channel. */
    public long missed(Channel channel, NodeId origin) {
        return events().stream()
                .filter(event ->
                        event instanceof Gap gap && gap.channel().equals(channel) && origin.equals(gap.origin()))
                .mapToLong(event -> ((Gap) event).missed())
                .sum();
    }

    /** Whether this event has come. */
    public boolean has(Event event) {
        return events().contains(event);
    }
}
