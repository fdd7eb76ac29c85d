package io.hexsocket.cluster.redis;

import static io.hexsocket.cluster.redis.Traffic.NEWS;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks Redis or the way to it: what was published is received or counted, nothing comes twice, and the order stays. */
class RedisFaultTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private RedisServer redis;
    private TestNode a;
    private TestNode b;
    private TestNode c;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        redis = RedisServer.start();
        a = new TestNode("a", redis);
        b = new TestNode("b", redis);
        c = new TestNode("c", redis);
    }

    @AfterEach
    void stop() {
        stopNodes();
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void redisIsKilledAndStartedAgainInTheMiddleOfPublishing() throws IOException, InterruptedException {
        Name name = Name.alias("printer");
        Await.result(b.engine.claim(name, Claim.FIRST_WINS));
        Traffic traffic = new Traffic(100, a, b, c);
        traffic.awaitMore(500);
        redis.kill();
        awaitDown(a, b, c);
        traffic.awaitMore(500);
        redis.startAgain();
        awaitUp(a, b, c);
        traffic.endWithEverythingAccountedFor();
        assertThat(traffic.count(Published.Outcome.DOWN)).isPositive();
        assertThat(b.inbound.missed(NEWS, a.id)).isPositive();
        // the new server knows nothing of it but what the node says
        Await.until("the name", () -> deliver(name) == Receipt.DELIVERED);
    }

    @Test
    void redisKillsTheSubscribedConnections() throws IOException, InterruptedException {
        Traffic traffic = new Traffic(100, a, b, c);
        for (int i = 1; i <= 3; i++) {
            traffic.awaitMore(300);
            redis.ask("CLIENT KILL TYPE pubsub");
            int times = i;
            Await.until("the end of all of them", () -> a.ups() >= times && b.ups() >= times && c.ups() >= times);
        }
        traffic.endWithEverythingAccountedFor();
    }

    @Test
    void redisIsStoppedForFiveSeconds() throws IOException, InterruptedException {
        Traffic traffic = new Traffic(100, a, b, c);
        traffic.awaitMore(300);
        long before = System.nanoTime();
        redis.pause();
        awaitDown(a, b, c);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        int published = traffic.published();
        Await.until("five seconds", () -> System.nanoTime() - before > TimeUnit.SECONDS.toNanos(5));
        assertThat(traffic.published() - published).as("publications meanwhile").isGreaterThan(100);
        redis.resume();
        awaitUp(a, b, c);
        traffic.awaitMore(300);
        traffic.endWithEverythingAccountedFor();
        assertThat(traffic.count(Published.Outcome.DOWN)).isPositive();
    }

    @Test
    void redisHasNoMemoryLeft() throws IOException, InterruptedException {
        Name held = Name.alias("held");
        Name wanted = Name.alias("wanted");
        assertThat(Await.result(b.engine.claim(held, Claim.FIRST_WINS))).isEqualTo(Claimed.HELD);
        Traffic traffic = new Traffic(100, a, b, c);
        redis.ask("CONFIG SET maxmemory 1");
        assertThat(Await.result(c.engine.claim(wanted, Claim.FIRST_WINS))).isEqualTo(Claimed.PENDING);
        long before = System.nanoTime();
        traffic.awaitMore(500);
        Await.until(
                "two leases",
                () -> System.nanoTime() - before
                        > a.engine.lease().multipliedBy(2).toNanos());
        assertThat(deliver(held)).as("of a name whose lease is renewed").isEqualTo(Receipt.DELIVERED);
        assertThat(deliver(wanted)).isEqualTo(Receipt.UNKNOWN);
        b.line.cut();
        awaitDown(b);
        redis.ask("DEL hexsocket:live:b");
        b.line.mend();
        awaitUp(b);
        redis.ask("CONFIG SET maxmemory 0");
        Await.until("the lease that was refused", () -> deliver(held) == Receipt.DELIVERED);
        Await.until("the claim that was refused", () -> deliver(wanted) == Receipt.DELIVERED);
        traffic.endWithEverythingAccountedFor();
        assertThat(a.downs() + c.downs()).isZero();
        assertThat(traffic.count(Published.Outcome.SENT)).isEqualTo(traffic.published());
        assertThat(c.inbound.missed(NEWS, a.id)).isZero();
    }

    private void stopNodes() {
        for (TestNode node : new TestNode[] {a, b, c}) {
            if (node != null) {
                node.close();
            }
        }
    }

    /** Nodes that take no pause of a busy machine for the end of Redis. */
    private void takePatientNodes() throws IOException {
        stopNodes();
        a = new TestNode("patient-a", redis, Duration.ofSeconds(30));
        b = new TestNode("patient-b", redis, Duration.ofSeconds(30));
        c = new TestNode("patient-c", redis, Duration.ofSeconds(30));
    }

    @Test
    void redisForgetsAllKeysAndAllNamesAreClaimedAgainWithinALease() throws IOException {
        takePatientNodes();
        List<Name> names =
                IntStream.range(0, 200).mapToObj(i -> Name.alias("n" + i)).toList();
        for (Name name : names) {
            assertThat(Await.result(b.engine.claim(name, Claim.FIRST_WINS))).isEqualTo(Claimed.HELD);
        }
        long before = System.nanoTime();
        redis.ask("FLUSHALL");
        for (Name name : names) {
            Await.until("the name " + name, () -> deliver(name) == Receipt.DELIVERED);
        }
        // one heartbeat, of which there are four; the rest is for a busy machine
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(a.downs() + b.downs() + c.downs()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RPUSH %s x", "SET %s x", "SET %s strange|text"})
    void somebodyWritesOverTheKeysOfNames(String command) throws IOException {
        takePatientNodes();
        Name name = Name.ident("cron");
        assertThat(Await.result(b.engine.claim(name, Claim.NEWEST_WINS))).isEqualTo(Claimed.HELD);
        redis.ask("DEL hexsocket:name:" + name.key());
        redis.ask(command.formatted("hexsocket:name:" + name.key()));
        assertThat(deliver(name)).isEqualTo(Receipt.UNKNOWN);
        assertThat(Await.result(c.engine.claim(name, Claim.NEWEST_WINS))).isEqualTo(Claimed.HELD);
        assertThat(deliver(name)).isEqualTo(Receipt.DELIVERED);
    }

    @Test
    void keyOfALeaseThatHoldsSomethingElseIsWrittenAgain() throws IOException {
        takePatientNodes();
        redis.ask("DEL hexsocket:live:patient-b");
        redis.ask("RPUSH hexsocket:live:patient-b x");
        Await.until("the lease", () -> answer("TYPE hexsocket:live:patient-b").startsWith("+string"));
        assertThat(a.engine.peers()).contains(b.id);
        assertThat(b.downs()).isZero();
    }

    @Test
    void nodeOfAMasterThatHasBecomeAReplicaIsDownUntilItIsAMasterAgain() throws IOException, InterruptedException {
        try (RedisServer other = RedisServer.start()) {
            redis.ask("REPLICAOF 127.0.0.1 " + other.port());
            awaitDown(a, b, c);
            redis.ask("REPLICAOF NO ONE");
            awaitUp(a, b, c);
        }
    }

    private String answer(String command) {
        try {
            return redis.ask(command);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void lineOfAReceiverIsCutInTheMiddleOfPublishing() throws InterruptedException {
        Traffic traffic = new Traffic(100, a, b, c);
        traffic.awaitMore(300);
        b.line.cut();
        awaitDown(b);
        traffic.awaitMore(300);
        b.line.mend();
        awaitUp(b);
        traffic.endWithEverythingAccountedFor();
        assertThat(b.inbound.missed(NEWS, a.id)).isPositive();
        assertThat(c.inbound.missed(NEWS, a.id)).isZero();
    }

    @Test
    void lineOfAReceiverSwallowsEverythingAndClosesNothing() throws InterruptedException {
        Traffic traffic = new Traffic(100, a, b, c);
        traffic.awaitMore(300);
        b.line.swallow();
        awaitDown(b);
        traffic.awaitMore(300);
        b.line.mend();
        awaitUp(b);
        traffic.endWithEverythingAccountedFor();
        assertThat(c.inbound.missed(NEWS, a.id)).isZero();
    }

    @Test
    void lineOfTheSenderSwallowsEverythingAndDeliversItLater() throws InterruptedException {
        Traffic traffic = new Traffic(100, a, b, c);
        traffic.awaitMore(300);
        a.line.swallow();
        awaitDown(a);
        traffic.awaitMore(300);
        a.line.mend();
        awaitUp(a);
        traffic.endWithEverythingAccountedFor();
        assertThat(traffic.count(Published.Outcome.DOWN)).isPositive();
    }

    @Test
    void lastMessagesThatALineHasLostWithTheirMarksAreCountedThoughNothingFollows() throws IOException {
        a.close();
        a = new TestNode("patient", redis, Duration.ofSeconds(30));
        Await.result(b.engine.subscribe(NEWS, null));
        Await.result(a.engine.publish(NEWS, new Envelope(1, new byte[1])));
        Await.until("the first", () -> b.inbound.received(NEWS, a.id).size() == 1);
        a.line.swallow();
        CompletionStage<Published> last = null;
        for (int i = 0; i < 3; i++) {
            last = a.engine.publish(NEWS, new Envelope(1, new byte[1]));
        }
        long before = System.nanoTime();
        Await.until(
                "the time for the mark",
                () -> System.nanoTime() - before > a.engine.lease().toNanos());
        a.line.cut();
        awaitDown(a);
        assertThat(Await.result(last)).isEqualTo(Published.UNCERTAIN);
        a.line.mend();
        Await.until("the count", () -> b.inbound.missed(NEWS, a.id) == 3);
    }

    @Test
    void senderIsToldThatThereIsNoRoomInsteadOfStoringWhatRedisDoesNotTake() throws IOException, InterruptedException {
        a.close();
        a = new TestNode("patient", redis, Duration.ofSeconds(30));
        Traffic traffic = new Traffic(64 * 1024, a, b, c);
        redis.pause();
        Await.until("more than there is room for", () -> a.engine.queuedBytes() > 3_900_000);
        traffic.awaitMore(100);
        assertThat(a.engine.queuedBytes()).isLessThanOrEqualTo(4 * 1024 * 1024);
        assertThat(Await.result(
                        a.engine.direct(new Address.OnNode(b.id, "x"), new Envelope(1, new byte[1024 * 1024]), LONG)))
                .isEqualTo(Receipt.NOT_SENT);
        redis.resume();
        traffic.endWithEverythingAccountedFor();
        assertThat(traffic.count(Published.Outcome.FULL)).isPositive();
        assertThat(a.downs()).isZero();
        Await.until("the end of what waits", () -> a.engine.queuedBytes() == 0);
    }

    @Test
    void redisDropsAReceiverThatReadsTooSlowly() throws IOException, InterruptedException {
        b.close();
        b = new TestNode("slow", redis, Duration.ofSeconds(30));
        redis.ask("CONFIG SET client-output-buffer-limit \"pubsub 262144 131072 1\"");
        Traffic traffic = new Traffic(16 * 1024, a, b, c);
        b.line.swallow();
        // what the sockets between store, and more
        Await.until("the end of the connection", () -> {
            try {
                return redis.ask("PUBSUB NUMSUB hexsocket:c:t:news").endsWith(":1\r\n");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        b.line.mend();
        awaitDown(b);
        awaitUp(b);
        traffic.endWithEverythingAccountedFor();
        assertThat(b.inbound.missed(NEWS, a.id)).isPositive();
        assertThat(c.inbound.missed(NEWS, a.id)).isZero();
    }

    private Receipt deliver(Name name) {
        return Await.result(a.engine.direct(new Address.Named(name), new Envelope(1, new byte[1]), LONG));
    }

    private static void awaitDown(TestNode... nodes) {
        for (TestNode node : nodes) {
            Await.until("the end of the connection of " + node.id, () -> node.downs() > 0);
        }
    }

    private static void awaitUp(TestNode... nodes) {
        for (TestNode node : nodes) {
            Await.until("the connection of " + node.id, () -> node.ups() > 0 && node.ups() == node.downs());
        }
    }
}
