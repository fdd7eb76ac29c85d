package io.hexsocket.cluster.redis;

import io.hexsocket.core.contract.cluster.RecordingInbound;
import io.hexsocket.core.port.cluster.NodeId;
import java.io.IOException;
import java.time.Duration;

/** A node on a line of its own, with short patience. */
final class TestNode implements AutoCloseable {

    final NodeId id;
    final Relay line;
    final RedisClusterEngine engine;
    final RecordingInbound inbound = new RecordingInbound();

    TestNode(String name, RedisServer redis) throws IOException {
        this(name, redis, Duration.ofMillis(500));
    }

    TestNode(String name, RedisServer redis, Duration silence) throws IOException {
        id = new NodeId(name);
        line = new Relay(redis.port());
        engine = new RedisClusterEngine(RedisClusterConfig.of("redis://127.0.0.1:" + line.port())
                .lease(Duration.ofSeconds(2))
                .silence(silence)
                .connectTimeout(Duration.ofSeconds(1))
                .maxQueuedBytes(4 * 1024 * 1024)
                .build());
        Await.result(engine.start(id, inbound));
    }

    long ups() {
        return inbound.events().stream()
                .filter(new RecordingInbound.Link(true)::equals)
                .count();
    }

    long downs() {
        return inbound.events().stream()
                .filter(new RecordingInbound.Link(false)::equals)
                .count();
    }

    @Override
    public void close() {
        Await.result(engine.stop());
        line.close();
    }
}
