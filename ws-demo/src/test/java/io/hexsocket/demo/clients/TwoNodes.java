package io.hexsocket.demo.clients;

import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.demo.RunningDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program twice, over both transports, joined by a Redis of the test's own.
 *
 * @param secret what ids are signed with
 */
record TwoNodes(RedisServer redis, Path secret, RunningDemo first, RunningDemo second) implements AutoCloseable {

    /**
     * Starts Redis and both nodes.
     *
     * @param settings further ones of each
     */
    static TwoNodes start(String... settings) throws Exception {
        RedisServer redis = RedisServer.start();
        Path secret = Files.createTempFile("cluster", ".secret");
        Files.writeString(secret, "0123456789abcdef0123456789abcdef");
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("cluster.url=redis://127.0.0.1:" + redis.port());
        all.add("cluster.secretFile=" + secret);
        String[] given = all.toArray(String[]::new);
        return new TwoNodes(redis, secret, RunningDemo.start("nio", given), RunningDemo.start("vertx", given));
    }

    /**
     * Waits until what is sent at one node reaches a client of another: its topics and names are known to the others a moment after it
     * has come.
     *
     * @param to has heard everything
     * @param fields of a packet
     */
    static void awaitWay(RunningDemo from, JdkClient to, String fields) throws Exception {
        try (JdkClient scout = new JdkClient(from.uri("ws") + "/web", "Client-Type", "php")) {
            scout.id();
            do {
                scout.send("{" + fields + ",\"message\":\"scout\"}");
                scout.next();
            } while (to.hasHeardAll());
            String last = "{" + fields + ",\"message\":\"last scout\"}";
            scout.send(last);
            String heard = to.next();
            while (!heard.equals(last)) {
                heard = to.next();
            }
        }
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
        redis.close();
        Files.delete(secret);
    }
}
