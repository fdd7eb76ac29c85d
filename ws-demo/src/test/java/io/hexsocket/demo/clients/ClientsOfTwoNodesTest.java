package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the clients of the PHP server say to each other is the same when they are on two nodes. */
@Timeout(120)
class ClientsOfTwoNodesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String NEXT = "{\"opcode\":\"next\"}";
    private static final String ALIAS = "0b1c6a3e-6f57-4d2c-9a51-2f3e8d7c6b5a";

    private static TwoNodes nodes;

    @BeforeAll
    static void start() throws Exception {
        nodes = TwoNodes.start();
    }

    @AfterAll
    static void end() throws Exception {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Test
    void feedbackOfARawClientReachesABrowserOfAnotherNodeByItsIdAndItsAlias() throws Exception {
        try (JdkClient browser = new JdkClient(nodes.second().uri("ws") + "/web");
                Socket script = rawClient()) {
            String id = browser.id();
            browser.send("{\"opcode\":\"uuid\",\"message\":\"" + ALIAS + "\"}");
            assertThat(browser.next()).isEqualTo(NEXT);
            TwoNodes.awaitWay(nodes.first(), browser, "\"opcode\":\"feedback\",\"uuid\":\"" + ALIAS + "\"");
            for (String name : List.of(id, ALIAS)) {
                String feedback = feedback(name, "");
                assertThat(say(script, feedback)).isEqualTo(NEXT);
                assertThat(browser.next()).isEqualTo(feedback);
            }
            assertThat(say(script, feedback(id.substring(0, id.length() - 1) + "x", "")))
                    .isEqualTo(NEXT);
            assertThat(say(script, feedback(id, ""))).isEqualTo(NEXT);
            assertThat(browser.next()).as("not the one for a forged id").isEqualTo(feedback(id, ""));
        }
    }

    @Test
    void feedbackOfARawClientReachesTheNewestOfAnIdentOnAnotherNode() throws Exception {
        try (JdkClient older = named("cron");
                Socket script = rawClient()) {
            older.id();
            TwoNodes.awaitWay(nodes.first(), older, "\"opcode\":\"feedback\",\"ident\":\"cron\"");
            String feedback = feedback("", "cron");
            say(script, feedback);
            assertThat(older.next()).isEqualTo(feedback);
            try (JdkClient newer = named("cron")) {
                newer.id();
                say(script, feedback);
                assertThat(newer.next()).isEqualTo(feedback);
            }
            assertThat(older.hasHeardAll()).isTrue();
        }
    }

    @Test
    void backendJobThatIsCalledAtOneNodeTellsABrowserOfAnother() throws Exception {
        try (JdkClient browser = new JdkClient(nodes.second().uri("ws") + "/web")) {
            String id = browser.id();
            HttpResponse<String> answer = callBackend(id);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            List<String> heard = new ArrayList<>();
            for (int line = 0; line <= 10; line++) {
                heard.add(browser.next());
            }
            assertThat(heard).first().asString().contains("The server has started the backend job");
            assertThat(heard).last().asString().contains("\"percent\":100").contains(id);
        }
    }

    @Test
    void backendJobForASessionOfAnotherNodeThatIsGoneIsNotBegun() throws Exception {
        String id;
        try (JdkClient browser = new JdkClient(nodes.second().uri("ws") + "/web")) {
            id = browser.id();
            browser.send("{\"opcode\":\"quit\"}");
            browser.closeCode();
        }
        assertThat(callBackend(id).statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> callBackend(String id) throws Exception {
        URI uri = URI.create(nodes.first().uri("http") + "/backend?uuid=" + id);
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String feedback(String uuid, String ident) {
        return "{\"opcode\":\"feedback\",\"uuid\":\"" + uuid + "\",\"ident\":\"" + ident + "\",\"message\":\"hello\"}";
    }

    private static JdkClient named(String ident) throws Exception {
        return new JdkClient(nodes.second().uri("ws") + "/web", "Ident", ident);
    }

    /** At the first node, greeted. */
    private static Socket rawClient() throws Exception {
        Socket socket = new Socket("127.0.0.1", nodes.first().port());
        assertThat(say(socket, "php process\nGET /php HTTP/1.1\n")).startsWith("{\"opcode\":\"ready\"");
        return socket;
    }

    /** Says something, and reads the answer, which is one packet. */
    private static String say(Socket socket, String packet) throws Exception {
        socket.getOutputStream().write(packet.getBytes(UTF_8));
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        do {
            int next = in.read();
            assertThat(next).as("after %s", answer).isNotNegative();
            answer.append((char) next);
        } while (answer.charAt(answer.length() - 1) != '}');
        return answer.toString();
    }
}
