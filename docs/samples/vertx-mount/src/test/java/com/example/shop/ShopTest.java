package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShopTest {

    private final Vertx vertx = Vertx.vertx();
    private final Shop shop = new Shop(0);

    @BeforeEach
    void start() throws Exception {
        await(vertx.deployVerticle(shop));
    }

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    @Test
    void priceThatIsPostedReachesWhoListensOnTheSamePort() throws Exception {
        try (WsClient client = WsClient.open(RawClient.connect(Wire.PLAIN, shop.port()), "/prices")) {
            assertThat(call("GET", "/listeners", "").body()).isEqualTo("1");
            assertThat(call("POST", "/prices/tea", "3.20").statusCode()).isEqualTo(204);
            assertThat(client.readMessage().text()).isEqualTo("tea 3.20");
        }
    }

    @Test
    void clientIsToldThatTheVerticleIsUndeployed() throws Exception {
        try (WsClient client = WsClient.open(RawClient.connect(Wire.PLAIN, shop.port()), "/prices")) {
            Future<Void> undeployed = vertx.undeploy(shop.deploymentID());
            assertThat(client.readMessage().status()).isEqualTo(1001);
            client.sendClose(1001);
            client.readEnd();
            client.socket().close();
            await(undeployed);
        }
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + shop.port() + path))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
