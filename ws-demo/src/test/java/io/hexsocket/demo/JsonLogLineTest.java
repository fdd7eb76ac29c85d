package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLogLineTest {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Logger logger = new LoggerContext().getLogger("io.hexsocket.demo.Log");

    @Test
    void lineIsAnObjectWithTheFieldsOfTheEvent() throws Exception {
        assertThat(line("all is well", null))
                .isEqualTo(
                        "{\"time\":\"2026-11-23T12:00:00.007Z\",\"level\":\"WARN\",\"logger\":\"io.hexsocket.demo.Log\","
                                + "\"thread\":\"loop \\\"1\\\"\",\"message\":\"all is well\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"}{\\\"",
                "a\r\nb\tc\b\f\u0000\u001b[2J\u007f\u0085\u2028\u2029",
                "\u202egrüße 😀 \uFEFF\uFFFF",
                "\\ud800 \\n"
            })
    void o4MessageComesBackAsItWas(String message) throws Exception {
        assertThat(parsed(message, null).path("message").asText()).isEqualTo(message);
    }

    @Test
    void o4HalfOfASurrogatePairIsReplaced() throws Exception {
        assertThat(parsed("a\ud83d", null).path("message").asText()).isEqualTo("a\uFFFD");
        assertThat(parsed("\ude00\ud83db", null).path("message").asText()).isEqualTo("\uFFFD\uFFFDb");
        String cutInside = "x".repeat(LogLine.MAX_LENGTH - 1) + "😀";
        assertThat(parsed(cutInside, null).path("message").asText()).endsWith("x\uFFFD…");
    }

    @Test
    void o4AnyCharactersAreOneLineOfJson() throws Exception {
        Random random = new Random(20);
        for (int i = 0; i < 200; i++) {
            StringBuilder message = new StringBuilder();
            for (int j = random.nextInt(40); j > 0; j--) {
                message.append((char) random.nextInt(random.nextBoolean() ? 0x100 : 0x10000));
            }
            assertThat(parsed(message.toString(), new IllegalStateException(message.toString()))
                            .path("message")
                            .asText())
                    .isEqualTo(message.codePoints()
                            .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString());
        }
    }

    @Test
    void exceptionIsAField() throws Exception {
        Exception thrown = new IllegalStateException("a\n\"b\"", new RuntimeException("c"));
        assertThat(parsed("failed", thrown).path("exception").asText().lines())
                .startsWith("    java.lang.IllegalStateException: a\\n\"b\"")
                .contains("    caused by java.lang.RuntimeException: c")
                .anySatisfy(frame -> assertThat(frame).startsWith("        at io.hexsocket.demo.JsonLogLineTest."));
    }

    @Test
    void o4MessageOfAMegabyteIsCut() throws Exception {
        assertThat(parsed("x".repeat(1024 * 1024), null).path("message").asText())
                .hasSize(LogLine.MAX_LENGTH + 1)
                .endsWith("x…");
    }

    private JsonNode parsed(String message, @Nullable Throwable thrown) throws Exception {
        String line = line(message, thrown);
        assertThat(line).hasLineCount(1).endsWith("}\n");
        return MAPPER.readTree(line);
    }

    private String line(String message, @Nullable Throwable thrown) throws Exception {
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, thrown, null);
        event.setInstant(Instant.parse("2026-11-23T12:00:00.007Z"));
        event.setThreadName("loop \"1\"");
        // fails at what is not UTF-8
        return UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(new JsonLogLine().encode(event)))
                .toString();
    }
}
