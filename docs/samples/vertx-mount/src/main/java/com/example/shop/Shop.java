package com.example.shop;

import io.hexsocket.apps.App;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.transport.vertx.VertxMount;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

/** Prices by REST, and who wants to hear of new ones by WebSocket, on one port. */
public final class Shop extends VerticleBase {

    private final int port;
    private HttpServer server;

    /** @param port 0 for one that is free */
    public Shop(int port) {
        this.port = port;
    }

    // doc> mount beside routes
    @Override
    public Future<?> start() {
        App prices = session -> {
            session.subscribe("prices");
            return (from, message) -> {};
        };
        // the port is the HttpServer's: nothing listens at this address
        ServerConfig config = ServerConfig.at("ws://localhost:8080").app("/prices", prices).build();
        return VertxMount.start(vertx, config)
                .compose(mount -> vertx.createHttpServer()
                        .requestHandler(mount.orElse(request -> route(request, mount))) // or a Router of vertx-web
                        .listen(port))
                .onSuccess(listening -> server = listening);
    }

    private static void route(HttpServerRequest request, VertxMount mount) {
        if (request.method() == HttpMethod.POST && request.path().startsWith("/prices/")) {
            String item = request.path().substring("/prices/".length());
            request.body().onSuccess(price -> {
                mount.hub().topic("prices").send(item + " " + price);
                request.response().setStatusCode(204).end();
            });
        } else if (request.path().equals("/listeners")) {
            request.response().end(String.valueOf(mount.sessions()));
        } else {
            request.response().setStatusCode(404).end();
        }
    }
    // <doc

    /** Where it listens. */
    public int port() {
        return server.actualPort();
    }

    public static void main(String[] args) {
        Shop shop = new Shop(args.length == 0 ? 8080 : Integer.parseInt(args[0]));
        Vertx vertx = Vertx.vertx();
        // clients are told before the program ends
        Runtime.getRuntime().addShutdownHook(new Thread(() -> vertx.close().await()));
        vertx.deployVerticle(shop)
                .onSuccess(id -> System.out.println("listening at ws://localhost:" + shop.port()))
                .onFailure(Throwable::printStackTrace);
    }
}
