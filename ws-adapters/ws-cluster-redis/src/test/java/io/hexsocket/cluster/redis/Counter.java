package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Position;
import io.hexsocket.core.port.cluster.Receipt;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Expects numbers one after the other, and keeps nothing. */
final class Counter implements ClusterInbound {

    volatile int next;
    volatile int outOfOrder;

    @Override
    public void onMessage(Channel channel, NodeId origin, Envelope envelope, @Nullable Position at) {
        if (ByteBuffer.wrap(envelope.payload()).getInt() != next) {
            outOfOrder++;
        }
        next++;
    }

    @Override
    public CompletionStage<Receipt> onDirect(Address to, NodeId origin, Envelope envelope) {
        return CompletableFuture.completedFuture(Receipt.DELIVERED);
    }

    @Override
    public CompletionStage<Envelope> onAsk(NodeId origin, Envelope question) {
        return CompletableFuture.completedFuture(question);
    }

    @Override
    public void onGap(Channel channel, @Nullable NodeId origin, long missed) {
        outOfOrder++;
    }

    @Override
    public void onNameLost(Name name) {}

    @Override
    public void onDown(Throwable cause) {
        outOfOrder++;
    }

    @Override
    public void onUp() {}
}
