package io.hexsocket.demo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExchangesTest {

    private static final int SECONDS = 20;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch begun = new CountDownLatch(Exchanges.OF_ALL_NODES_AT_ONCE);
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private HttpServer http;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        http.setExecutor(threads);
        Exchanges exchanges = new Exchanges(
                new AccessCheck(null, "localhost", false),
                List.of(
                        Endpoint.ofAllNodes("/list", this::list),
                        Endpoint.get("/metrics", request -> Answer.ok(Json.object()))),
                fatal -> {});
        http.createContext("/", exchanges::answer);
        http.start();
        client = HttpClient.newBuilder().executor(threads).build();
    }

    @AfterEach
    void stop() {
        end.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    private Answer list(Request request) {
        inside.incrementAndGet();
        begun.countDown();
        try {
            assertThat(end.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return Answer.ok(Json.object());
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        URI uri = URI.create("http://localhost:" + http.getAddress().getPort() + path);
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void whatANodeAnswersAloneDoesNotWaitForRequestsThatWaitForOtherNodes() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> lists = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            lists.add(get("/list"));
        }
        assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(get("/metrics").get(SECONDS / 2, TimeUnit.SECONDS).statusCode())
                .isEqualTo(200);
        assertThat(inside.get()).isEqualTo(Exchanges.OF_ALL_NODES_AT_ONCE);
        end.countDown();
        for (CompletableFuture<HttpResponse<String>> list : lists) {
            assertThat(list.get(SECONDS, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }
}
