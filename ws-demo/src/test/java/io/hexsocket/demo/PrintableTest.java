package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PrintableTest {

    static Stream<Arguments> o4TextBecomesOneHarmlessLine() {
        return Stream.of(
                arguments("", ""),
                arguments("/web?a=b", "/web?a=b"),
                arguments("Grüße, 5 € 🌍", "Grüße, 5 € 🌍"),
                arguments("a\r\n2026-01-01 INFO forged", "a\\r\\n2026-01-01 INFO forged"),
                arguments("tab\there", "tab\\there"),
                arguments("\u001b[2J\u0007\u0000\u007f", "\\u001b[2J\\u0007\\u0000\\u007f"),
                arguments("\u0085\u009b31m", "\\u0085\\u009b31m"),
                arguments("\u2028\u2029", "\\u2028\\u2029"),
                arguments("\u202egnp.exe", "\\u202egnp.exe"),
                arguments("\u200b\ufeff", "\\u200b\\ufeff"),
                arguments("\ud800", "\\ud800"),
                arguments("\udc00x", "\\udc00x"),
                arguments("\udb40\udc41", "\\u{e0041}"));
    }

    @ParameterizedTest
    @MethodSource
    void o4TextBecomesOneHarmlessLine(String text, String line) {
        assertThat(Printable.line(text)).isEqualTo(line);
        assertThat(Printable.line(line)).as("a second time").isEqualTo(line);
    }

    @Test
    void o4TextOfAMegabyteIsCut() {
        assertThat(Printable.cut("x".repeat(1024 * 1024))).isEqualTo("x".repeat(200) + "…");
    }

    @Test
    void textOfTheLongestLengthIsWhole() {
        assertThat(Printable.cut("x".repeat(200))).isEqualTo("x".repeat(200));
    }

    @Test
    void cutLeavesNoHalfOfACharacter() {
        assertThat(Printable.cut("x".repeat(199) + "🌍🌍")).isEqualTo("x".repeat(199) + "…");
    }
}
