package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Published;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the clients and hosts of whole servers see when Redis or the way to it breaks: members of the same server get everything, those
 * of the others get it or their hosts have it counted, nothing comes twice, and the order stays.
 */
class ServersFaultTest {

    /** So long that no pause of a busy machine is taken for the end of Redis. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static final Duration QUICK = Duration.ofMillis(300);

    private RedisServer redis;
    private LoadedServer a;
    private LoadedServer b;
    private LoadedServer c;

    private void start(Duration silence) throws IOException, InterruptedException {
        redis = RedisServer.start();
        a = new LoadedServer("a", redis, silence);
        b = new LoadedServer("b", redis, silence);
        c = new LoadedServer("c", redis, silence);
        a.load();
        b.awaitNewsOf(a);
        c.awaitNewsOf(a);
    }

    @AfterEach
    void stop() {
        for (LoadedServer server : new LoadedServer[] {a, b, c}) {
            if (server != null) {
                server.close();
            }
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void redisIsKilledAndStartedAgain() throws IOException, InterruptedException {
        start(PATIENT);
        b.alias("printer");
        Await.until("the alias", () -> deliver("printer") == Delivery.DELIVERED);
        redis.kill();
        awaitDown(a, b, c);
        assertThat(deliver("printer")).isEqualTo(Delivery.NOT_SENT);
        a.awaitMore(200);
        redis.startAgain();
        awaitUp(a, b, c);
        a.endWithEverythingAccountedFor(b, c);
        assertThat(a.answered(SendResult.PARTIAL)).isGreaterThanOrEqualTo(200);
        assertThat(b.missed(a)).isGreaterThanOrEqualTo(200);
        // the new Redis knows of it by the node alone
        Await.until("the alias", () -> deliver("printer") == Delivery.DELIVERED);
    }

    @Test
    void redisClosesTheConnectionsOfSubscribers() throws IOException, InterruptedException {
        start(PATIENT);
        redis.ask("CLIENT KILL TYPE pubsub");
        awaitUp(a, b, c);
        a.endWithEverythingAccountedFor(b, c);
    }

    @Test
    void redisIsStoppedAndGoesOn() throws IOException, InterruptedException {
        start(QUICK);
        redis.pause();
        awaitDown(a, b, c);
        a.awaitMore(200);
        redis.resume();
        awaitUp(a, b, c);
        a.endWithEverythingAccountedFor(b, c);
        assertThat(a.answered(SendResult.PARTIAL)).isGreaterThanOrEqualTo(200);
    }

    @Test
    void redisHasNoMemoryLeft() throws IOException, InterruptedException {
        start(PATIENT);
        redis.ask("CONFIG SET maxmemory 1");
        b.alias("printer");
        a.awaitMore(200);
        assertThat(deliver("printer"))
                .as("by a name that Redis has no room for")
                .isEqualTo(Delivery.UNKNOWN);
        redis.ask("CONFIG SET maxmemory 0");
        Await.until("the alias", () -> deliver("printer") == Delivery.DELIVERED);
        a.endWithEverythingAccountedFor(b, c);
        assertThat(List.of(a.downs.get(), b.downs.get(), c.downs.get())).containsOnly(0);
        assertThat(a.answered(SendResult.PARTIAL)).isZero();
        assertThat(b.missed(a) + c.missed(a)).isZero();
    }

    @Test
    void oneServerIsCutOffFromRedis() throws IOException, InterruptedException {
        start(PATIENT);
        b.load();
        a.awaitNewsOf(b);
        c.awaitNewsOf(b);
        b.line.cut();
        awaitDown(b);
        a.awaitMore(200);
        b.awaitMore(200);
        assertThat(deliver("nobody")).isEqualTo(Delivery.UNKNOWN);
        b.line.mend();
        awaitUp(b);
        a.endWithEverythingAccountedFor(b, c);
        b.endWithEverythingAccountedFor(a, c);
        assertThat(b.missed(a)).isPositive();
        assertThat(c.missed(a)).isZero();
        assertThat(c.missed(b)).isGreaterThanOrEqualTo(200);
        assertThat(a.answered(SendResult.PARTIAL)).isZero();
        assertThat(a.unsent(Published.Outcome.UNCERTAIN)).isZero();
    }

    @Test
    void serversAreRestartedOneAfterTheOtherAndNothingIsMissing() throws IOException, InterruptedException {
        start(PATIENT);
        LoadedServer[] servers = {a, b, c};
        b.load();
        c.load();
        for (int i = 0; i < servers.length; i++) {
            LoadedServer old = servers[i];
            List<LoadedServer> others = List.of(servers[(i + 1) % servers.length], servers[(i + 2) % servers.length]);
            awaitEachOther(servers);
            old.close();
            for (LoadedServer other : others) {
                int last = old.published.get() - 1;
                Await.until(
                        "the last words of " + old.id, () -> other.received(old).contains(last));
                other.assertHasAllOf(old);
            }
            servers[i] = new LoadedServer("new-" + old.id, redis, PATIENT);
            servers[i].load();
            awaitEachOther(servers);
        }
        a = servers[0];
        b = servers[1];
        c = servers[2];
        a.endWithEverythingAccountedFor(b, c);
        b.endWithEverythingAccountedFor(a, c);
        c.endWithEverythingAccountedFor(a, b);
        for (LoadedServer server : servers) {
            assertThat(server.missed).as("at %s", server.id).isEmpty();
            assertThat(server.unsent).as("of %s", server.id).isEmpty();
            assertThat(server.downs).hasValue(0);
        }
    }

    private static void awaitEachOther(LoadedServer... servers) {
        for (LoadedServer to : servers) {
            for (LoadedServer from : servers) {
                to.awaitNewsOf(from);
            }
        }
    }

    private Delivery deliver(String alias) {
        // what the member does not read as a number is of no node
        return Await.result(a.server.hub().send(Target.alias(alias), "nobody 0"));
    }

    private static void awaitDown(LoadedServer... servers) {
        for (LoadedServer server : servers) {
            Await.until("the end of the connection of " + server.id, () -> server.downs.get() > 0);
        }
    }

    private static void awaitUp(LoadedServer... servers) {
        for (LoadedServer server : servers) {
            Await.until(
                    "the connection of " + server.id,
                    () -> server.ups.get() > 0 && server.ups.get() == server.downs.get());
        }
    }
}
