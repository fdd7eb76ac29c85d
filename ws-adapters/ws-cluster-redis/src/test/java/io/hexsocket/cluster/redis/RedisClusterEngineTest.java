package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.core.contract.cluster.RecordingInbound;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Redis is and how it lets in, and how fast it is fed. */
class RedisClusterEngineTest {

    private static final Channel NEWS = Channel.topic("news");

    private final List<RedisClusterEngine> engines = new ArrayList<>();

    private RedisClusterEngine engine(RedisClusterConfig.Builder config) {
        RedisClusterEngine engine = new RedisClusterEngine(config.lease(Duration.ofSeconds(2))
                .connectTimeout(Duration.ofSeconds(2))
                .build());
        engines.add(engine);
        return engine;
    }

    private void assertExchange(RedisClusterConfig.Builder first, RedisClusterConfig.Builder second) {
        RedisClusterEngine a = engine(first);
        RedisClusterEngine b = engine(second);
        RecordingInbound inbound = new RecordingInbound();
        Await.result(a.start(new NodeId("a"), new RecordingInbound()));
        Await.result(b.start(new NodeId("b"), inbound));
        Await.result(b.subscribe(NEWS, null));
        assertThat(Await.result(a.publish(NEWS, new Envelope(1, new byte[] {7}))))
                .isEqualTo(Published.sent(1));
        Await.until("the message", () -> inbound.received(NEWS, new NodeId("a")).size() == 1);
        engines.stream().map(RedisClusterEngine::stop).toList().forEach(Await::result);
    }

    @Test
    void userAndPasswordOpenRedisOverTls(@TempDir Path folder) throws IOException, InterruptedException {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem", "root.crt");
        int tlsPort = RedisServer.freePort();
        try (RedisServer redis = RedisServer.start(
                "user default off",
                "user node on >secret ~hexsocket:* resetchannels &hexsocket:* -@all +@connection +@pubsub +eval +get +set"
                        + " +del +exists +pexpire +time",
                "tls-port " + tlsPort,
                "tls-cert-file " + folder.resolve("fullchain.pem"),
                "tls-key-file " + folder.resolve("privkey.pem"),
                "tls-auth-clients no")) {
            assertExchange(
                    RedisClusterConfig.of("rediss://node:secret@localhost:" + tlsPort)
                            .trustedCertificates(folder.resolve("root.crt")),
                    RedisClusterConfig.of("redis://node:secret@127.0.0.1:" + redis.port()));
            assertStartFails(RedisClusterConfig.of("redis://node:wrong@127.0.0.1:" + redis.port()));
            // nobody has signed it whom the virtual machine trusts
            assertStartFails(RedisClusterConfig.of("rediss://node:secret@localhost:" + tlsPort));
        }
    }

    @Test
    void clustersWithDifferentPrefixesDoNotSeeEachOther() throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start()) {
            String uri = "redis://127.0.0.1:" + redis.port();
            RedisClusterEngine a = engine(RedisClusterConfig.of(uri).prefix("one:"));
            RedisClusterEngine b = engine(RedisClusterConfig.of(uri).prefix("two:"));
            Await.result(a.start(new NodeId("same"), new RecordingInbound()));
            Await.result(b.start(new NodeId("same"), new RecordingInbound()));
            Await.result(b.subscribe(NEWS, null));
            assertThat(Await.result(a.publish(NEWS, new Envelope(1, new byte[0]))))
                    .isEqualTo(Published.sent(0));
            assertThat(a.peers()).isEmpty();
            engines.stream().map(RedisClusterEngine::stop).toList().forEach(Await::result);
        }
    }

    @Test
    void startFailsWhereThereIsNoRedisAndLeavesNoThread() throws IOException {
        assertStartFails(RedisClusterConfig.of("redis://127.0.0.1:" + RedisServer.freePort()));
        Await.until(
                "the end of its threads",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("hexsocket-redis-never")));
    }

    private void assertStartFails(RedisClusterConfig.Builder config) {
        RedisClusterEngine engine = engine(config);
        CompletableFuture<Void> start =
                engine.start(new NodeId("never"), new RecordingInbound()).toCompletableFuture();
        Await.until("the end of the start", start::isDone);
        assertThat(start).isCompletedExceptionally();
        Await.result(engine.stop());
    }

    @Test
    void nodesFollowSentinelToTheReplicaThatBecomesTheMaster() throws IOException, InterruptedException {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.start("replicaof 127.0.0.1 " + master.port());
                RedisServer sentinel = RedisServer.startSentinel(master.port())) {
            Await.until(
                    "Sentinel to know the replica",
                    () -> answers(sentinel, "SENTINEL replicas main").contains(Integer.toString(replica.port())));
            String uri = "redis-sentinel://127.0.0.1:" + sentinel.port() + "#main";
            RedisClusterEngine a = engine(RedisClusterConfig.of(uri).silence(Duration.ofMillis(500)));
            RedisClusterEngine b = engine(RedisClusterConfig.of(uri).silence(Duration.ofMillis(500)));
            RecordingInbound inbound = new RecordingInbound();
            Await.result(a.start(new NodeId("a"), new RecordingInbound()));
            Await.result(b.start(new NodeId("b"), inbound));
            Await.result(b.subscribe(NEWS, null));
            a.publish(NEWS, numbered(0));
            Await.until("the first", () -> received(inbound) == 1);
            master.kill();
            Await.until("onDown", () -> inbound.has(new RecordingInbound.Link(false)));
            int[] published = {1};
            Await.until("a message over the new master", () -> {
                a.publish(NEWS, numbered(published[0]++));
                return received(inbound) > 1;
            });
            Await.until(
                    "what is missing", () -> received(inbound) + inbound.missed(NEWS, new NodeId("a")) == published[0]);
            assertThat(inbound.violations()).isEmpty();
            engines.stream().map(RedisClusterEngine::stop).toList().forEach(Await::result);
        }
    }

    @Test
    void hundredThousandMessagesArriveInOrderAndInFewWrites() throws IOException, InterruptedException {
        int count = 100_000;
        try (RedisServer redis = RedisServer.start()) {
            String uri = "redis://127.0.0.1:" + redis.port();
            RedisClusterEngine a = engine(RedisClusterConfig.of(uri).maxQueuedBytes(256 * 1024 * 1024));
            RedisClusterEngine b = engine(RedisClusterConfig.of(uri));
            Counter inbound = new Counter();
            Await.result(a.start(new NodeId("a"), new RecordingInbound()));
            Await.result(b.start(new NodeId("b"), inbound));
            Await.result(b.subscribe(NEWS, null));
            long fastest = Long.MAX_VALUE;
            for (int round = 0; round < 3; round++) {
                inbound.next = 0;
                long reads = redis.info("stats", "total_reads_processed");
                long before = System.nanoTime();
                CompletionStage<Published> last = a.publish(NEWS, numbered(0));
                for (int i = 1; i < count; i++) {
                    last = a.publish(NEWS, numbered(i));
                }
                long taken = System.nanoTime() - before;
                Await.until("all", () -> inbound.next == count);
                long millis = Duration.ofNanos(System.nanoTime() - before).toMillis();
                fastest = Math.min(fastest, millis);
                assertThat(Await.result(last)).isEqualTo(Published.sent(1));
                reads = redis.info("stats", "total_reads_processed") - reads;
                System.out.printf(
                        "100,000 messages of 100 bytes in order: %d ms, of which %d ms in the calls; %d reads of Redis%n",
                        millis, Duration.ofNanos(taken).toMillis(), reads);
                assertThat(reads).isLessThan(count / 5);
            }
            // one write for each takes 11 to 25 s
            assertThat(fastest).as("milliseconds of the fastest of three").isLessThan(8000);
            assertThat(inbound.outOfOrder).isZero();
            engines.stream().map(RedisClusterEngine::stop).toList().forEach(Await::result);
        }
    }

    @Test
    void settingsAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> RedisClusterConfig.of("http://localhost"));
        RedisClusterConfig.Builder config = RedisClusterConfig.of("redis://localhost");
        assertThatIllegalArgumentException().isThrownBy(() -> config.lease(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> config.silence(Duration.ofMillis(199)));
        assertThatIllegalArgumentException().isThrownBy(() -> config.connectTimeout(Duration.ofMillis(99)));
        assertThatIllegalArgumentException().isThrownBy(() -> config.maxQueuedBytes(2 * 1024 * 1024 - 1));
    }

    private static int received(RecordingInbound inbound) {
        return inbound.received(NEWS, new NodeId("a")).size();
    }

    private static String answers(RedisServer server, String command) {
        try {
            return server.ask(command);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Envelope numbered(int number) {
        return new Envelope(1, ByteBuffer.allocate(100).putInt(number).array());
    }
}
