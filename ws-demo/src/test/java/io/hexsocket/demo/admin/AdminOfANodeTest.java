package io.hexsocket.demo.admin;

import static io.hexsocket.demo.admin.AdminCaller.json;
import static io.hexsocket.demo.admin.AdminCaller.plain;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.cluster.redis.RedisClusterConfig;
import io.hexsocket.cluster.redis.RedisClusterEngine;
import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.demo.RunningDemo;
import io.hexsocket.demo.admin.AdminCaller.Client;
import io.hexsocket.transport.nio.NioServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The management port of a server that is one of several nodes. */
@Timeout(120)
class AdminOfANodeTest {

    private static final App NAMED = new App() {
        @Override
        public Admission onRequest(OpeningRequest request) {
            return Admission.accept().principal(() -> "ann");
        }

        @Override
        public Listener onOpen(Session session) {
            return Session::send;
        }
    };

    private static final CountDownLatch UNBLOCKED = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private static Server node(String name, RedisServer redis) throws IOException {
        RedisClusterConfig config = RedisClusterConfig.of("redis://127.0.0.1:" + redis.port())
                .connectTimeout(Duration.ofSeconds(20))
                .build();
        return NioServer.start(ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(1)
                .app("/app", NAMED)
                .app("/room", session -> {
                    session.subscribe("tea");
                    return (from, message) -> from.send(message);
                })
                .app("/block", session -> {
                    session.send("blocks");
                    return (from, message) -> UNBLOCKED.await();
                })
                .cluster(ClusterConfig.of(new RedisClusterEngine(config), name, new byte[32]))
                .build());
    }

    @Test
    void userOfAnotherNodeIsFoundSentToAndClosed() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Server a = node("a", redis);
                Server b = node("b", redis);
                AdminServer port = port()) {
            AdminCaller admin = admin(port, a);
            Client client = Client.at(b.address() + "/app");

            assertThat(plain(admin.get("/api/nodes?user=ann")))
                    .isEqualTo("{'node':'a','up':true,'sessions':1,'nodes':[{'node':'a','sessions':0},"
                            + "{'node':'b','sessions':1}],'silent':[]}");
            assertThat(plain(admin.get("/api/nodes?app=/none"))).contains("'sessions':0,'nodes':[]");
            // the other node is subscribed to the user's channel a moment after the user has come
            while (client.heard.isEmpty()) {
                assertThat(plain(admin.post("/api/send", "{\"user\":\"ann\",\"text\":\"hello\"}")))
                        .isEqualTo("{'result':'delivered','members':1}");
            }
            assertThat(client.next()).isEqualTo("hello");
            assertThat(plain(admin.post("/api/send", "{\"user\":\"bob\",\"text\":\"hello\"}")))
                    .isEqualTo("{'result':'unknown','members':0}");
            assertThat(plain(admin.post("/api/disconnect", "{\"user\":\"ann\",\"code\":4001,\"reason\":\"out\"}")))
                    .isEqualTo("{'result':'closed','members':1}");
            assertThat(client.closed.get()).isEqualTo("4001 out");

            redis.kill();
            while (a.cluster().isUp()) {
                Thread.onSpinWait();
            }
            Client own = Client.at(a.address() + "/app");
            assertThat(plain(admin.post("/api/send", "{\"user\":\"ann\",\"text\":\"here\"}")))
                    .isEqualTo("{'result':'delivered','members':1}");
            assertThat(own.next()).isEqualTo("here");
            assertThat(plain(admin.get("/api/nodes")))
                    .isEqualTo(
                            "{'node':'a','up':false,'sessions':1,'nodes':[{'node':'a','sessions':1}],'silent':['b']}");
        }
    }

    private static AdminCaller admin(AdminServer port, Server of) {
        port.start(
                new Subject(
                        of,
                        List.of("/app"),
                        "1",
                        "nio",
                        Instant.now(),
                        new Readiness(),
                        new Metrics(() -> 0),
                        Map.of()),
                error -> {});
        return new AdminCaller(port.config().address().port());
    }

    private static AdminServer port() throws IOException {
        return AdminServer.bind(new AdminConfig(ServerAddress.parse("ws://127.0.0.1:0"), null, null));
    }

    @Test
    void sessionsAndTopicsOfAllNodesAreListedAtEachAndANodeWhoseEventLoopIsBlockedIsNamed() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Server a = node("a", redis);
                Server b = node("b", redis);
                AdminServer ofA = port();
                AdminServer ofB = port()) {
            List<AdminCaller> admins = List.of(admin(ofA, a), admin(ofB, b));
            Client.at(a.address() + "/room");
            Client.at(b.address() + "/room");
            Client.at(b.address() + "/app");
            Client blocking = Client.at(b.address() + "/block");
            assertThat(blocking.next()).isEqualTo("blocks");
            for (AdminCaller admin : admins) {
                JsonNode first = json(admin.get("/api/sessions?limit=2"));
                assertThat(first.path("sessions").findValuesAsText("node")).containsExactly("a", "b");
                assertThat(first.path("sessions").findValuesAsText("path")).containsExactly("/room", "/room");
                assertThat(first.path("next").asText()).isEqualTo("b.1");
                JsonNode second = json(admin.get("/api/sessions?limit=2&after=b.1"));
                assertThat(second.path("sessions").findValuesAsText("path")).containsExactly("/app", "/block");
                assertThat(second.path("next").isNull()).isTrue();
                assertThat(json(admin.get("/api/sessions?node=b")).path("sessions"))
                        .hasSize(3);
                assertThat(json(admin.get("/api/sessions?search=ANN")).path("sessions"))
                        .hasSize(1);
                assertThat(json(admin.get("/api/sessions?topic=tea")).path("sessions"))
                        .hasSize(2);
                assertThat(plain(admin.get("/api/topics")))
                        .isEqualTo("{'topics':[{'name':'tea','members':2}],'next':null,'silent':[]}");
                assertThat(plain(admin.get("/api/topics?node=a")))
                        .isEqualTo("{'topics':[{'name':'tea','members':1}],'next':null,'silent':[]}");
            }
            blocking.socket.sendText("now", true).get();
            JsonNode silent = json(admins.get(0).get("/api/sessions"));
            while (silent.path("silent").isEmpty()) {
                // until the message is there
                silent = json(admins.get(0).get("/api/sessions"));
            }
            assertThat(silent.path("silent").path(0).asText()).isEqualTo("b");
            assertThat(silent.path("sessions").findValuesAsText("node")).containsExactly("a");
            assertThat(plain(admins.get(0).get("/api/topics")))
                    .isEqualTo("{'topics':[{'name':'tea','members':1}],'next':null,'silent':['b']}");
            assertThat(admins.get(1).get("/api/sessions").statusCode())
                    .as("at the node itself")
                    .isEqualTo(503);
            UNBLOCKED.countDown();
            assertThat(json(admins.get(1).get("/api/sessions")).path("sessions"))
                    .hasSize(4);
        }
    }

    @Test
    void nodeThatNeedsItsClusterIsNotReadyWhileRedisIsAwayAndItsMetricsSaySo() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        try (RedisServer redis = RedisServer.start();
                RunningDemo demo = RunningDemo.node(redis, secret, "cluster.required=on")) {
            AdminCaller admin = new AdminCaller(demo.adminPort());
            assertThat(admin.get("/readyz").statusCode()).isEqualTo(200);
            String before = admin.get("/metrics").body();
            assertThat(before).contains("hexsocket_cluster_up 1.0", "hexsocket_cluster_reconnects_total 0.0");

            redis.kill();
            HttpResponse<String> answer = admin.get("/readyz");
            while (answer.statusCode() == 200) {
                answer = admin.get("/readyz");
            }
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("not ready: the other nodes cannot be reached\n");
            HttpRequest health = HttpRequest.newBuilder(URI.create(demo.uri("http") + "/health"))
                    .build();
            assertThat(AdminCaller.HTTP
                            .send(health, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .startsWith("{\"status\":\"the other nodes cannot be reached\"");
            assertThat(admin.get("/metrics").body()).contains("hexsocket_cluster_up 0.0");
            Client client = Client.at(demo.uri("ws") + "/echo");
            client.socket.sendText("served all the same", true);
            assertThat(client.next()).isEqualTo("served all the same");

            redis.startAgain();
            while (admin.get("/readyz").statusCode() != 200) {
                // until it is connected again
            }
            String after = admin.get("/metrics").body();
            assertThat(after).contains("hexsocket_cluster_up 1.0", "hexsocket_cluster_reconnects_total 1.0");
            assertThat(series(after)).isEqualTo(series(before)).isEqualTo(12);
        }
    }

    private static long series(String metrics) {
        return Pattern.compile("(?m)^hexsocket_cluster_")
                .matcher(metrics)
                .results()
                .count();
    }

    @Test
    void nodeIsReadyWithoutItsClusterUnlessToldOtherwise() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        try (RedisServer redis = RedisServer.start();
                RunningDemo demo = RunningDemo.node(redis, secret)) {
            AdminCaller admin = new AdminCaller(demo.adminPort());
            redis.kill();
            while (!admin.get("/metrics").body().contains("hexsocket_cluster_up 0.0")) {
                // until it has noticed
            }
            assertThat(admin.get("/readyz").statusCode()).isEqualTo(200);
        }
    }
}
