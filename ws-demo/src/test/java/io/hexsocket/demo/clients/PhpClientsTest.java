package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hexsocket.demo.RunningDemo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backend scripts in both dialects of the PHP server's clients, with that much attention to what they are sent, and no more. */
@Tag("programs")
@Timeout(120)
class PhpClientsTest {

    private static final String TRANSPORTS = "io.hexsocket.demo.RunningDemo#transports";
    private static final String NEXT = "{\"opcode\":\"next\"}";
    private static final String ALIAS = "0b1c6a3e-6f57-4d2c-9a51-2f3e8d7c6b5a";

    @BeforeEach
    void needPhp() throws Exception {
        Program.PHP.orSkip();
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void rawScriptGetsOneAnswerForEachThingItSays(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport)) {
            talk(demo, demo);
        }
    }

    @Test
    void rawScriptDoesNotSeeThatTheBrowserIsOnAnotherNode() throws Exception {
        try (TwoNodes nodes = TwoNodes.start()) {
            talk(nodes.first(), nodes.second());
        }
    }

    /** A script at one server or node, and a browser at it or another one. */
    private static void talk(RunningDemo scripts, RunningDemo browsers) throws Exception {
        try (JdkClient browser = new JdkClient(browsers.uri("ws") + "/web")) {
            String id = browser.id();
            browser.send("{\"opcode\":\"uuid\",\"message\":\"" + ALIAS + "\"}");
            assertThat(browser.next()).isEqualTo(NEXT);
            TwoNodes.awaitWay(scripts, browser, "\"opcode\":\"broadcast\"");
            TwoNodes.awaitWay(scripts, browser, "\"opcode\":\"feedback\",\"uuid\":\"" + ALIAS + "\"");

            try (RunningProgram script = Program.PHP.start("raw.php", scripts.port(), id, ALIAS)) {
                String greeting = text(script.await("greeted"), "read");
                assertThat(greeting)
                        .matches("\\{\"opcode\":\"ready\",\"os\":\"[A-Za-z0-9]+\",\"uuid\":\"[0-9a-f.-]{101,180}\"}");
                String scriptsId = greeting.replaceAll(".*\"uuid\":\"([^\"]+)\".*", "$1");
                String feedback = "{ \"message\":\"Grüße\", \"uuid\":\"" + scriptsId + "\",\"opcode\":\"feedback\" }";
                browser.send(feedback);
                assertThat(browser.next()).isEqualTo(NEXT);
                assertThat(text(script.await("fed"), "read")).isEqualTo(feedback);

                JsonNode answered = script.await("answered");
                List<String> sent = texts(answered.path("sent"));
                assertThat(texts(answered.path("answers"))).hasSize(5).containsOnly(NEXT);
                List<String> heard = List.of(browser.next(), browser.next(), browser.next());
                if (scripts == browsers) {
                    assertThat(heard).isEqualTo(sent.subList(0, 3));
                } else {
                    // a broadcast may overtake a feedback, or the other way round
                    assertThat(heard).containsExactlyInAnyOrderElementsOf(sent.subList(0, 3));
                }

                JsonNode chunked = script.await("chunked");
                assertThat(texts(chunked.path("answers"))).hasSize(6).containsOnly(NEXT);
                assertThat(chunked.path("chunks").get(0).asInt()).isBetween(24_000, 24_576);
                assertThat(browser.next()).isEqualTo(text(chunked, "sent"));

                JsonNode quit = script.await("quit");
                assertThat(text(quit, "read")).as("after quit").isEmpty();
                assertThat(quit.path("end").asBoolean()).isTrue();
                assertThat(script.ended()).isEmpty();
            }
            assertThat(browser.hasHeardAll()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void webSocketScriptDoesNotFindTheGreetingInTheHead(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport);
                RunningProgram script = Program.PHP.start("websocket.php", demo.port(), "open", 10)) {
            JsonNode openings = script.await("opened").path("openings");
            assertThat(script.ended()).isEmpty();
            for (JsonNode opening : openings) {
                assertThat(text(opening, "head")).startsWith("HTTP/1.1 101 ");
                if (opening.path("prompt").asBoolean()) {
                    assertThat(opening.path("pure").asBoolean())
                            .as("nothing follows %s", opening)
                            .isTrue();
                }
                assertThat(texts(opening.path("greetings")))
                        .singleElement()
                        .asString()
                        .startsWith("{\"opcode\":\"ready\",");
                assertThat(text(opening, "rest")).isEmpty();
                assertThat(text(opening, "end")).as("an empty close frame").isEqualTo("8800");
            }
            assertThat(openings)
                    .as("at least one in time")
                    .anyMatch(one -> one.path("prompt").asBoolean());
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void webSocketScriptSendsInLockstep(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport);
                JdkClient browser = new JdkClient(demo.uri("ws") + "/web")) {
            String id = browser.id();
            try (RunningProgram script = Program.PHP.start("websocket.php", demo.port(), "lockstep", id, 300)) {
                JsonNode answered = script.await("answered");
                assertThat(script.ended()).isEmpty();
                assertThat(answered.path("answers").toString()).isEqualTo("{\"{\\\"opcode\\\":\\\"next\\\"}\":300}");
                assertThat(text(answered, "end")).isEqualTo("8800");
            }
            for (int i = 0; i < 300; i++) {
                assertThat(browser.next())
                        .isEqualTo("{\"opcode\":\"feedback\",\"ident\":\"\",\"uuid\":\"" + id + "\",\"message\":\"loop "
                                + i + "\"}");
            }
            assertThat(browser.hasHeardAll()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void webSocketScriptIsAnsweredFirstWhileOthersSendToIt(String transport) throws Exception {
        int own = 80;
        int others = 40;
        try (RunningDemo demo = RunningDemo.start(transport);
                JdkClient backend = new JdkClient(demo.uri("ws") + "/php", "Client-Type", "php", "Ident", "other")) {
            backend.id();
            try (RunningProgram script =
                    Program.PHP.start("websocket.php", demo.port(), "crossfire", "4711", own, others)) {
                script.await("ready");
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < others; i++) {
                    String message = "other " + i;
                    expected.add(message);
                    backend.send(
                            "{\"opcode\":\"feedback\",\"ident\":4711,\"uuid\":\"\",\"message\":\"" + message + "\"}");
                    assertThat(backend.next()).isEqualTo(NEXT);
                }
                JsonNode heard = script.await("heard");
                assertThat(script.ended()).isEmpty();
                assertThat(texts(heard.path("wrong"))).isEmpty();
                assertThat(heard.path("prompt").asInt())
                        .as("at least one in time")
                        .isPositive();
                assertThat(heard.path("answered").asInt()).isEqualTo(3 * own);
                assertThat(texts(heard.path("heard")))
                        .filteredOn(message -> message.startsWith("other"))
                        .isEqualTo(expected);
                assertThat(texts(heard.path("heard")))
                        .filteredOn(message -> message.startsWith("own"))
                        .isEqualTo(IntStream.range(0, own)
                                .mapToObj(i -> "own " + 3 * i)
                                .toList());
                assertThat(text(heard, "end")).isEqualTo("8800");
            }
        }
    }

    private static String text(JsonNode facts, String name) {
        return facts.path(name).asText();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
