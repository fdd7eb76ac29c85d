package io.hexsocket.cluster.redis;

import io.hexsocket.core.contract.cluster.ClusterUnderTest;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Nodes over a Redis of the test's own, each on a line that can be cut. */
final class OverRedis implements ClusterUnderTest {

    private final RedisServer redis;
    private final String prefix = UUID.randomUUID() + ":";
    private final Map<NodeId, Relay> lines = new HashMap<>();
    private final List<ClusterEngine> engines = new ArrayList<>();

    OverRedis(RedisServer redis) {
        this.redis = redis;
    }

    @Override
    public ClusterEngine engine(NodeId node) {
        try {
            Relay line = new Relay(redis.port());
            lines.put(node, line);
            ClusterEngine engine = new RedisClusterEngine(RedisClusterConfig.of("redis://127.0.0.1:" + line.port())
                    .prefix(prefix)
                    .lease(Duration.ofSeconds(2))
                    // the first connection is made while classes are loaded
                    .connectTimeout(Duration.ofSeconds(20))
                    .build());
            engines.add(engine);
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void cutOff(NodeId node) {
        lines.get(node).cut();
    }

    @Override
    public void mend(NodeId node) {
        lines.get(node).mend();
    }

    @Override
    public void kill(NodeId node) {
        lines.get(node).cut();
    }

    @Override
    public void await(String what, BooleanSupplier came) {
        Await.until(what, came);
    }

    @Override
    public void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void close() {
        engines.stream().map(ClusterEngine::stop).toList().forEach(Await::result);
        lines.values().forEach(Relay::close);
    }
}
