package io.hexsocket.demo.admin;

import static io.hexsocket.demo.admin.AdminCaller.json;
import static io.hexsocket.demo.admin.AdminCaller.plain;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hexsocket.demo.RunningDemo;
import io.hexsocket.demo.admin.AdminCaller.Client;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port of a running demo, without keys. */
class AdminPortTest {

    private RunningDemo demo;
    private AdminCaller admin;

    @BeforeEach
    void start() throws Exception {
        demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0", "limits.queuedBytes=64KiB", "timeouts.drain=1s");
        admin = new AdminCaller(demo.adminPort());
    }

    @AfterEach
    void end() {
        demo.close();
    }

    static List<String> transports() {
        return RunningDemo.transports().toList();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void publishReachesTopicAppAndEveryoneAndSaysHowManyTheyAre(String transport) throws Exception {
        try (RunningDemo other = RunningDemo.start(transport, "admin.address=127.0.0.1:0")) {
            AdminCaller caller = new AdminCaller(other.adminPort());
            Client page = Client.at(other.uri("ws") + "/web");
            page.id();
            Client echo = Client.at(other.uri("ws") + "/echo");

            String topic = "{\"topic\":\"io.hexsocket.apps.json.browsers\",\"json\":{\"opcode\":\"x\"}}";
            assertThat(plain(caller.post("/api/publish", topic))).isEqualTo("{'result':'sent','members':1}");
            assertThat(page.next()).isEqualTo("{\"opcode\":\"x\"}");
            assertThat(plain(caller.post("/api/publish", "{\"app\":\"/echo\",\"text\":\"to the app\"}")))
                    .isEqualTo("{'result':'sent','members':1}");
            assertThat(echo.next()).isEqualTo("to the app");
            assertThat(plain(caller.post("/api/publish", "{\"everyone\":true,\"text\":\"to all\"}")))
                    .isEqualTo("{'result':'sent','members':2}");
            assertThat(page.next()).isEqualTo("to all");
            assertThat(echo.next()).isEqualTo("to all");
            assertThat(plain(caller.post("/api/publish", "{\"topic\":\"nobody\",\"text\":\"x\"}")))
                    .isEqualTo("{'result':'sent','members':0}");
            assertThat(plain(caller.post("/api/publish", "{\"app\":\"/none\",\"text\":\"x\"}")))
                    .isEqualTo("{'result':'unknown'}");
        }
    }

    @Test
    void sendSaysWhetherItWasDeliveredOrThereIsNoSuchSession() throws Exception {
        Client page = Client.at(demo.uri("ws") + "/web");
        String id = page.id();
        Client script = Client.at(demo.uri("ws") + "/php", "Client-Type", "php", "Ident", "cron");
        script.id();

        assertThat(plain(admin.post("/api/send", "{\"id\":\"" + id + "\",\"text\":\"hello\"}")))
                .isEqualTo("{'result':'delivered'}");
        assertThat(page.next()).isEqualTo("hello");
        assertThat(plain(admin.post("/api/send", "{\"ident\":\"cron\",\"text\":\"work\"}")))
                .isEqualTo("{'result':'delivered'}");
        assertThat(script.next()).isEqualTo("work");
        for (String kind : List.of("id", "alias", "ident")) {
            assertThat(plain(admin.post("/api/send", "{\"" + kind + "\":\"nobody\",\"text\":\"x\"}")))
                    .as(kind)
                    .isEqualTo("{'result':'unknown'}");
        }
        assertThat(plain(admin.post("/api/send", "{\"user\":\"nobody\",\"text\":\"x\"}")))
                .isEqualTo("{'result':'unknown','members':0}");
    }

    @Test
    void sendSaysThatAClientDoesNotRead() throws Exception {
        Client.at(demo.uri("ws") + "/php", false, "Client-Type", "php", "Ident", "sleeper");
        String body = "{\"ident\":\"sleeper\",\"text\":\"" + "x".repeat(900_000) + "\"}";
        String receipt = plain(admin.post("/api/send", body));
        for (int i = 0; i < 100 && receipt.equals("{'result':'delivered'}"); i++) {
            receipt = plain(admin.post("/api/send", body));
        }
        assertThat(receipt).isEqualTo("{'result':'slow'}");
    }

    @Test
    void waitingForEventLoopsEndsInTime() {
        Stages patience = Stages.within(Duration.ofMillis(20));
        assertThat(patience.await(new CompletableFuture<String>()))
                .as("never answered")
                .isNull();
        assertThat(patience.await(CompletableFuture.completedStage("answered")))
                .as("no time is left, but none needed")
                .isEqualTo("answered");
    }

    @Test
    void batchIsCheckedWholeBeforeAnythingIsSent() throws Exception {
        Client echo = Client.at(demo.uri("ws") + "/echo");
        HttpResponse<String> refused = admin.post(
                "/api/publish", "{\"messages\":[{\"everyone\":true,\"text\":\"a\"},{\"topik\":\"x\",\"text\":\"b\"}]}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").asText()).startsWith("unknown field messages[1].\"topik\"");
        assertThat(plain(admin.post(
                        "/api/publish",
                        "{\"messages\":[{\"everyone\":true,\"text\":\"c\"},{\"app\":\"/none\",\"text\":\"d\"}]}")))
                .isEqualTo("{'receipts':[{'result':'sent','members':1},{'result':'unknown'}]}");
        assertThat(plain(admin.post("/api/send", "{\"messages\":[{\"alias\":\"no\",\"binary\":\"AAE=\"}]}")))
                .isEqualTo("{'receipts':[{'result':'unknown'}]}");
        assertThat(echo.next()).as("nothing of the refused batch").isEqualTo("c");
    }

    @Test
    void requestThatIsRepeatedWithItsIdempotencyKeySendsNothingTwice() throws Exception {
        Client echo = Client.at(demo.uri("ws") + "/echo");
        String body = "{\"app\":\"/echo\",\"text\":\"once\"}";
        HttpResponse<String> first = admin.post("/api/publish", body, "Idempotency-Key", "k1");
        HttpResponse<String> second = admin.post("/api/publish", body, "Idempotency-Key", "k1");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(second.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(admin.post("/api/publish", body.replace("once", "other"), "Idempotency-Key", "k1")
                        .statusCode())
                .isEqualTo(422);
        assertThat(admin.post("/api/publish", "{\"app\":1}", "Idempotency-Key", "k2")
                        .statusCode())
                .isEqualTo(400);
        admin.post("/api/publish", body.replace("once", "last"), "Idempotency-Key", "k2");
        assertThat(List.of(echo.next(), echo.next())).containsExactly("once", "last");
    }

    @Test
    void sessionsAreListedPageByPageAndFoundByWhatIsSearched() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(Client.at(demo.uri("ws") + "/web").id());
        }
        Client.at(demo.uri("ws") + "/chat/lobby");

        JsonNode first = json(admin.get("/api/sessions?limit=2"));
        assertThat(first.path("sessions").findValuesAsText("id")).containsExactly(ids.get(0), ids.get(1));
        JsonNode second = json(
                admin.get("/api/sessions?limit=2&after=" + first.path("next").asText()));
        assertThat(second.path("sessions").findValuesAsText("path")).containsExactly("/web", "/chat/lobby");
        JsonNode third = json(admin.get("/api/sessions?limit=2&after=2"));
        assertThat(third).as("a bare number does, where the server is alone").isEqualTo(second);
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(second.path("silent")).isEmpty();
        assertThat(second.path("sessions").findValuesAsText("node")).containsExactly("", "");
        assertThat(json(admin.get("/api/sessions?node=")).path("sessions")).hasSize(4);
        assertThat(json(admin.get("/api/sessions?node=other")).path("sessions")).isEmpty();

        assertThat(json(admin.get("/api/sessions?search=LOBBY")).path("sessions"))
                .hasSize(1);
        assertThat(json(admin.get("/api/sessions?search=" + ids.get(2).substring(0, 12)))
                        .path("sessions")
                        .findValuesAsText("id"))
                .containsExactly(ids.get(2));
        assertThat(json(admin.get("/api/sessions?app=/web")).path("sessions")).hasSize(3);
        assertThat(json(admin.get("/api/sessions?app=/none")).path("sessions")).isEmpty();
        assertThat(json(admin.get("/api/sessions?topic=io.hexsocket.apps.json.browsers&limit=1&search=web"))
                        .path("sessions"))
                .hasSize(1);
        assertThat(json(admin.get("/api/topics?search=chat")).path("topics").findValuesAsText("name"))
                .containsExactly("io.hexsocket.demo.apps.ChatApp/lobby");
        assertThat(json(admin.get("/api/topics?limit=1")).path("next").asText())
                .isEqualTo("io.hexsocket.apps.json.browsers");
    }

    @Test
    void listThatIsAskedForWronglySaysWhatIsWrong() throws Exception {
        HttpResponse<String> after = admin.get("/api/sessions?after=5x");
        assertThat(after.statusCode()).isEqualTo(400);
        assertThat(json(after).path("error").asText()).isEqualTo("after must be what the page before has for next");
        HttpResponse<String> search = admin.get("/api/topics?search=" + "x".repeat(257));
        assertThat(search.statusCode()).isEqualTo(400);
        assertThat(json(search).path("error").asText()).isEqualTo("search has more than 256 characters");
    }

    @Test
    void disconnectClosesWithCodeAndReason() throws Exception {
        Client page = Client.at(demo.uri("ws") + "/web");
        Client chat = Client.at(demo.uri("ws") + "/chat/lobby");
        String id = page.id();
        assertThat(plain(admin.post(
                        "/api/disconnect", "{\"id\":\"" + id + "\",\"code\":4000,\"reason\":\"house rules\"}")))
                .isEqualTo("{'result':'closed'}");
        assertThat(page.closed.get(20, TimeUnit.SECONDS)).isEqualTo("4000 house rules");
        assertThat(plain(admin.post("/api/disconnect", "{\"app\":\"/chat/{room}\"}")))
                .isEqualTo("{'result':'closed','members':1}");
        assertThat(chat.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1000 ");
        assertThat(plain(admin.post("/api/disconnect", "{\"alias\":\"nobody\"}")))
                .isEqualTo("{'result':'unknown'}");
    }

    @Test
    void infoAndProbesAnswer() throws Exception {
        Client.at(demo.uri("ws") + "/echo");
        JsonNode info = json(admin.get("/api/info"));
        assertThat(info.path("sessions").asInt()).isEqualTo(1);
        assertThat(info.path("apps").findValuesAsText("pattern")).contains("/echo", "/chat/{room}");
        assertThat(info.path("address").asText()).isEqualTo("ws://127.0.0.1:" + demo.port());
        assertThat(info.path("ready").asBoolean()).isTrue();
        assertThat(admin.get("/livez").body()).isEqualTo("alive\n");
        assertThat(admin.get("/readyz").body()).isEqualTo("ready\n");
        assertThat(admin.call("HEAD", "/readyz", null).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /api/publish    | {"topic":"a","text":"b"      | the body is no JSON: line 1, column 2
            /api/publish    | {"topic":a}                  | the body is no JSON: line 1, column 10: Unrecognized
            /api/publish    | {"topic":"a","topic":"b"}    | the body is no JSON: line 1, column 21: Duplicate
            /api/publish    | []                           | the body must be a JSON object
            /api/publish    | {"text":"b"}                 | the body needs one of topic, app, everyone
            /api/publish    | {"topic":"a","app":"/","text":""} | the body needs one of topic, app, everyone, and not several
            /api/publish    | {"topic":"a"}                | the body needs one of text, json, binary
            /api/publish    | {"topic":5,"text":"b"}       | the field topic must be a string that is not empty
            /api/publish    | {"everyone":false,"text":""} | the field everyone must be true, or left out
            /api/publish    | {"everyone":true,"text":"\\ud800"} | the field text cannot be sent:
            /api/publish    | {"everyone":true,"binary":"%"}     | the field binary cannot be sent:
            /api/publish    | {"everyone":true,"txt":"a"}  | unknown field "txt"
            /api/publish    | {"messages":[]}              | the field messages must be an array of 1 to 1000 objects
            /api/publish    | {"messages":[1]}             | messages[0] must be an object
            /api/send       | {"id":"a","text":"b","waitMillis":0} | the field waitMillis must be a whole number between 1 and 30000
            /api/disconnect | {"id":"a","code":1005}       | the field code must be 1000 to 1003
            /api/disconnect | {"everyone":true}            | unknown field "everyone"
            """)
    void wrongBodyIsRefusedWithWhatIsWrong(String path, String body, String error) throws Exception {
        HttpResponse<String> answer = admin.post(path, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("status").asInt()).isEqualTo(400);
        // Jackson says of some where they come from, which is of no use
        assertThat(json(answer).path("error").asText()).startsWith(error).doesNotContain("[Source");
    }

    @Test
    void jsonThatIsSmallToSendAndLargeToHoldIsRefused() throws Exception {
        String many = "{\"everyone\":true,\"json\":[" + "{},".repeat(25_000) + "{}]}";
        HttpResponse<String> answer = admin.post("/api/publish", many);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).contains("50000");
        String asText = "{\"everyone\":true,\"text\":\"[" + "{},".repeat(25_000) + "{}]\"}";
        assertThat(admin.post("/api/publish", asText).statusCode()).isEqualTo(200);
    }

    @Test
    void placeOfAFaultInJsonIsGivenAsNumbers() throws Exception {
        JsonNode answer = json(admin.post("/api/publish", "{\n\n  \"topic\": oops}"));
        assertThat(answer.path("line").asInt()).isEqualTo(3);
        assertThat(answer.path("column").asInt()).isBetween(12, 17);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=x",
                "limit=1001",
                "limt=5",
                "limit=5&limit=6",
                "app=/&topic=a",
                "after=%",
                "after=x"
            })
    void wrongParameterIsRefused(String query) throws Exception {
        assertThat(status("GET /api/sessions?" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 400 ");
    }

    @Test
    void wrongPathMethodTypeAndLengthHaveAStatusOfTheirOwn() throws Exception {
        assertThat(admin.get("/api/nothing").statusCode()).isEqualTo(404);
        HttpResponse<String> get = admin.get("/api/send");
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        assertThat(admin.post("/api/info", "{}").headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(admin.post("/api/send", "{}", "Content-Type", "text/plain").statusCode())
                .isEqualTo(415);
        String huge = "{\"everyone\":true,\"text\":\"" + "x".repeat(Bounds.BODY_BYTES) + "\"}";
        assertThat(admin.post("/api/publish", huge).statusCode()).isEqualTo(413);
    }

    @Test
    void headsAndBodiesThatDoNotArriveAreCutAndHoldUpNoProbe() throws Exception {
        String body =
                "POST /api/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{";
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Socket socket = new Socket("127.0.0.1", demo.adminPort());
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(body.substring(0, i % 2 == 0 ? 30 : body.length()).getBytes(US_ASCII));
            slow.add(socket);
        }
        assertThat(admin.get("/livez").statusCode()).isEqualTo(200);
        assertThat(admin.get("/readyz").statusCode()).isEqualTo(200);
        for (Socket socket : slow) {
            assertThat(socket.getInputStream().read()).as("cut").isEqualTo(-1);
            socket.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Host: localhost                                             | 200
            Host: 127.0.0.1:1234                                        | 200
            Host: rebound.example                                       | 403
            Accept: */*                                                 | 200
            Origin: http://localhost                                    | 403
            Host: localhost~Origin: https://evil.example                | 403
            Host: localhost~Origin: null                                | 403
            Host: localhost~Origin: http://localhost                    | 200
            Host: localhost~Sec-Fetch-Site: cross-site                  | 403
            Host: localhost~Sec-Fetch-Site: same-site                   | 403
            Host: localhost~Sec-Fetch-Site: none                        | 200
            """)
    void pagesOfOtherSitesAndReboundNamesAreRefused(String headers, int expected) throws Exception {
        String request = "GET /api/info HTTP/1.1\r\n" + headers.replace("~", "\r\n") + "\r\n\r\n";
        assertThat(status(request)).contains(" " + expected + " ");
    }

    private String status(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", demo.adminPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 200 ".length());
            return new String(head, US_ASCII);
        }
    }
}
