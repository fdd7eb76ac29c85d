package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Listener;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.transport.nio.NioServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A whole server that is a node, on a line of its own, with two clients: one whose messages become numbers for a topic, and a member of
 * that topic that writes down what it gets of which node.
 */
final class LoadedServer implements AutoCloseable {

    private static final Channel NEWS = Channel.topic("news");

    final NodeId id;
    final Relay line;
    final Server server;
    final AtomicInteger downs = new AtomicInteger();
    final AtomicInteger ups = new AtomicInteger();
    /** By what the publishing session was answered. */
    final Map<SendResult, AtomicInteger> answered = new ConcurrentHashMap<>();
    /** By what the host was told. */
    final Map<Published.Outcome, AtomicInteger> unsent = new ConcurrentHashMap<>();
    /** How many the host was told that the topic's members have missed, by the node that had sent them. */
    final Map<String, AtomicLong> missed = new ConcurrentHashMap<>();
    /** How many numbers there were of this node. */
    final AtomicInteger published = new AtomicInteger();
    /** What the member got, by node, in its order. */
    private final Map<String, List<Integer>> received = new ConcurrentHashMap<>();

    private final WsClient member;
    private final WsClient publisher;
    private @Nullable Thread load;
    /** How many its client has asked for; by the load, and after its end by the test. */
    private int asked;

    private volatile boolean isLoadOver;

    LoadedServer(String name, RedisServer redis, Duration silence) throws IOException {
        id = new NodeId(name);
        line = new Relay(redis.port());
        RedisClusterConfig config = RedisClusterConfig.of("redis://127.0.0.1:" + line.port())
                .lease(Duration.ofSeconds(2))
                .silence(silence)
                // the first connection is made while classes are loaded
                .connectTimeout(Duration.ofSeconds(20))
                .build();
        server = NioServer.start(ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(2)
                .app("/publish", session -> (from, message) -> publish(from))
                .app("/member", this::admitMember)
                .listener(new Host())
                .cluster(ClusterConfig.of(new RedisClusterEngine(config), name, new byte[32]))
                .build());
        member = connect("/member");
        read(member, text -> {
            String[] words = text.split(" ");
            received.computeIfAbsent(words[0], first -> new CopyOnWriteArrayList<>())
                    .add(Integer.parseInt(words[1]));
        });
        publisher = connect("/publish");
        read(publisher, text -> {});
    }

    private WsClient connect(String path) {
        return WsClient.connect(Wire.PLAIN, server.address().port(), path);
    }

    private Listener admitMember(Session session) {
        session.subscribe(NEWS.name());
        return (from, message) -> from.alias(message.text());
    }

    private void publish(Session from) {
        String number = id + " " + published.getAndIncrement();
        SendResult result = from.hub().topic(NEWS.name()).send(number);
        count(answered, result);
    }

    private static <K> void count(Map<K, AtomicInteger> counters, K key) {
        counters.computeIfAbsent(key, first -> new AtomicInteger()).incrementAndGet();
    }

    /** Reads what a client gets, and leaves when the server does. */
    private static void read(WsClient client, Consumer<String> texts) {
        Thread reader = new Thread(() -> {
            try (client) {
                WsClient.Frame frame = client.readMessage();
                while (frame.opcode() != WsClient.CLOSE) {
                    texts.accept(frame.text());
                    frame = client.readMessage();
                }
                client.sendClose(frame.status());
            } catch (UncheckedIOException ended) {
                // the connection, or the test
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    /** The member asks for an alias. */
    void alias(String alias) {
        member.send(alias);
    }

    /** Begins to publish without a pause. */
    void load() {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!isLoadOver) {
                            askToPublish();
                            LockSupport.parkNanos(200_000);
                        }
                    } catch (UncheckedIOException ended) {
                        // the server, which is restarted
                    }
                },
                "load of " + id);
        load = thread;
        thread.start();
        awaitMore(1);
    }

    private void askToPublish() {
        asked++;
        publisher.send("go on");
    }

    /** How many were answered with something that is not a failure. */
    private int publications() {
        return answered(SendResult.SENT) + answered(SendResult.QUEUEING) + answered(SendResult.PARTIAL);
    }

    /** Waits until some more were published. */
    void awaitMore(int count) {
        int end = published.get() + count;
        Await.until(count + " more of " + id, () -> published.get() >= end);
    }

    /** Waits until its member has got something that another node has published from now on. */
    void awaitNewsOf(LoadedServer origin) {
        int now = origin.published.get();
        Await.until("news of " + origin.id + " at " + id, () -> last(origin) >= now);
    }

    private int last(LoadedServer origin) {
        List<Integer> numbers = received(origin);
        return numbers.isEmpty() ? -1 : numbers.get(numbers.size() - 1);
    }

    List<Integer> received(LoadedServer origin) {
        return received.getOrDefault(origin.id.value(), List.of());
    }

    long missed(LoadedServer origin) {
        AtomicLong count = missed.get(origin.id.value());
        return count == null ? 0 : count.get();
    }

    int answered(SendResult result) {
        AtomicInteger count = answered.get(result);
        return count == null ? 0 : count.get();
    }

    int unsent(Published.Outcome outcome) {
        AtomicInteger count = unsent.get(outcome);
        return count == null ? 0 : count.get();
    }

    /** Publishes no more. */
    void endLoad() throws InterruptedException {
        isLoadOver = true;
        if (load != null) {
            load.join();
        }
    }

    /** Ends the load, and demands that the members of this and the other servers have got, or their hosts have counted, each number. */
    void endWithEverythingAccountedFor(LoadedServer... others) throws InterruptedException {
        for (LoadedServer other : others) {
            other.awaitNewsOf(this);
        }
        endLoad();
        askToPublish();
        Await.until("the answer to each publication", () -> publications() == asked);
        Await.until("the last number", () -> {
            int numbers = published.get();
            return last(this) == numbers - 1
                    && List.of(others).stream().allMatch(other -> other.last(this) == numbers - 1);
        });
        assertHasAllOf(this);
        assertThat(missed(this)).isZero();
        for (LoadedServer other : others) {
            other.assertHasAllOf(this);
        }
        assertThat(answered(SendResult.PARTIAL))
                .as("told to the session, and later to the host alone")
                .isLessThanOrEqualTo(unsent(Published.Outcome.DOWN) + unsent(Published.Outcome.FULL));
        assertThat(published).hasValue(asked);
    }

    /** Demands that each number of a server, from the first to the last that the member has, has come in its order or was counted. */
    void assertHasAllOf(LoadedServer origin) {
        List<Integer> numbers = received(origin);
        assertThat(numbers).as("of %s at %s", origin.id, id).isNotEmpty();
        for (int i = 1; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).as("order at %s", id).isGreaterThan(numbers.get(i - 1));
        }
        assertThat(numbers.size() + missed(origin))
                .as("received and counted at %s, of which received: %d", id, numbers.size())
                .isEqualTo(last(origin) - numbers.get(0) + 1L);
    }

    @Override
    public void close() {
        isLoadOver = true;
        server.close();
        publisher.close();
        member.close();
        line.close();
    }

    private final class Host implements ServerListener {

        @Override
        public void onClusterDown(Throwable cause) {
            downs.incrementAndGet();
        }

        @Override
        public void onClusterUp() {
            ups.incrementAndGet();
        }

        @Override
        public void onClusterGap(Channel channel, @Nullable NodeId origin, long count) {
            if (channel.equals(NEWS) && origin != null) {
                missed.computeIfAbsent(origin.value(), first -> new AtomicLong())
                        .addAndGet(count);
            }
        }

        @Override
        public void onClusterUnsent(Channel channel, Published.Outcome why) {
            count(unsent, why);
        }
    }
}
