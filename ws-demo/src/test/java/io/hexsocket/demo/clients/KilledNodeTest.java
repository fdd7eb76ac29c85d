package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.demo.DemoProcess;
import io.hexsocket.demo.RunningDemo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One of two nodes is a process that is killed while a script of the other one sends to a client of it. */
@Timeout(120)
class KilledNodeTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private RunningDemo survivor;

    @Test
    void senderHasAnAnswerForEachMessageAndTheNamesOfTheDeadNodeAreFree() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        try (RedisServer redis = RedisServer.start();
                RunningDemo first = RunningDemo.node(redis, secret, "cluster.lease=1s");
                DemoProcess doomed = DemoProcess.start(
                        folder,
                        List.of(
                                "--address=ws://127.0.0.1:0",
                                "--cluster=redis://127.0.0.1:" + redis.port(),
                                "--cluster-secret=" + secret,
                                "--cluster.lease=1s"));
                JdkClient client = new JdkClient("ws://127.0.0.1:" + doomed.port() + "/web", "Ident", "cron")) {
            survivor = first;
            String id = client.id();
            int sent = 0;
            for (; sent < 20; sent++) {
                assertThat(send("id", id, "number " + sent)).isEqualTo("delivered");
                assertThat(client.next()).isEqualTo("number " + sent);
            }
            CompletableFuture<Void> end = CompletableFuture.runAsync(doomed::close);
            List<String> answers = new ArrayList<>();
            do {
                answers.add(send("id", id, "number " + sent++));
            } while (!answers.get(answers.size() - 1).equals("unknown"));
            end.get();

            int delivered =
                    (int) answers.stream().takeWhile("delivered"::equals).count();
            assertThat(answers.subList(delivered, answers.size()))
                    .containsOnlyOnce("unknown")
                    .isSubsetOf("node_lost", "timeout", "unknown");
            List<String> heard = client.everythingUntilTheEnd();
            for (int i = 0; i < heard.size(); i++) {
                assertThat(heard.get(i)).as("in order, and once").isEqualTo("number " + (20 + i));
            }
            // the one whose answer was lost with the node
            assertThat(heard).hasSizeLessThanOrEqualTo(delivered + 1);

            while (!send("ident", "cron", "to nobody").equals("unknown")) {
                // until the lease is over
            }
            try (JdkClient next = new JdkClient(first.uri("ws") + "/web", "Ident", "cron")) {
                next.id();
                assertThat(send("ident", "cron", "to the next one")).isEqualTo("delivered");
                assertThat(next.next()).isEqualTo("to the next one");
            }
        }
    }

    /** What became of it, in a word. */
    private String send(String kind, String name, String text) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + survivor.adminPort() + "/api/send");
        String body = "{\"" + kind + "\":\"" + name + "\",\"text\":\"" + text + "\"}";
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString(UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonMapper().readTree(answer.body()).path("result").asText();
    }
}
