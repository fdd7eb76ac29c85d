package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hexsocket.core.handshake.ExtensionOffer.Parameter;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An offer of extensions")
class ExtensionOfferTest {

    @Test
    @DisplayName("H25 is parsed whole: names, flags, values and quoted values, in order and with duplicates")
    void offerIsParsedWithNamesFlagsValuesAndDuplicates() throws HttpRefusal {
        assertThat(ExtensionOffer.parse(List.of(
                        "permessage-deflate; client_max_window_bits; a=10 ;b = \"15\"\t; a=1, x-y,z;q=\"\\a\\b\"")))
                .containsExactly(
                        new ExtensionOffer(
                                "permessage-deflate",
                                List.of(
                                        new Parameter("client_max_window_bits", null, false),
                                        new Parameter("a", "10", false),
                                        new Parameter("b", "15", true),
                                        new Parameter("a", "1", false))),
                        new ExtensionOffer("x-y", List.of()),
                        new ExtensionOffer("z", List.of(new Parameter("q", "ab", true))));
    }

    @Test
    @DisplayName("H25 may be split over lines, and have empty elements")
    void offerMayBeSplitOverLines() throws HttpRefusal {
        assertThat(ExtensionOffer.parse(List.of("a,, b;c", "", ",d,")))
                .extracting(ExtensionOffer::name)
                .containsExactly("a", "b", "d");
        assertThat(ExtensionOffer.parse(List.of())).isEmpty();
    }

    @Test
    @DisplayName("H25 of names that mean something in other languages is an offer of unknown extensions")
    void namesFromOtherLanguagesAreUnknownExtensions() throws HttpRefusal {
        assertThat(ExtensionOffer.parse(List.of("constructor; __proto__=toString, hasOwnProperty")))
                .extracting(ExtensionOffer::name)
                .containsExactly("constructor", "hasOwnProperty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                " , ,",
                ";",
                "a;",
                "a;;b",
                "a; ,b",
                "a b",
                "a; b c",
                "a; b=",
                "a; b=,c",
                "a; b=1 2",
                "a; b=\"",
                "a; b=\"c",
                "a; b=\"c\\",
                "a; b=\"c\\\"",
                "a; b=\"\"",
                "a; b=\" c\"",
                "a; b=\"c d\"",
                "a; b=\"c\"d",
                "a; b=\"c\\ \"",
                "a; b=c\"d\"",
                "a; =b",
                "=",
                "\"a\"",
                "a=b",
                "a; b==c",
                "a; b='c d'",
                "a/b",
                "a; b=c/d",
                "\u00E9",
                "a; b=\"\u00E9\"",
                "a; b=\"\u0000\"",
                "%0d%0aSet-Cookie: x"
            })
    @DisplayName("H25 H23 that breaks the grammar is refused with 400")
    void offerThatBreaksTheGrammarIsRefused(String line) {
        assertThat(refusal(line).status()).isEqualTo(400);
        if (line.indexOf('\0') < 0) {
            assertThat(HeadParsing.handshakeRefusal(HeadParsing.handshake("Sec-WebSocket-Extensions: " + line))
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    @DisplayName("H25 of 8 KiB in an unclosed string of escapes, or a thousand of them, is judged like any other")
    void largeOfferIsJudgedLikeAnyOther() throws HttpRefusal {
        String escapes = "a; b=\"" + "\\c".repeat(3500);
        assertThat(HeadParsing.handshakeRefusal(HeadParsing.handshake("Sec-WebSocket-Extensions: " + escapes))
                        .status())
                .isEqualTo(400);
        assertThat(HeadParsing.upgrade(HeadParsing.handshake("Sec-WebSocket-Extensions: " + "a;b=c,".repeat(1000)))
                        .extensions())
                .hasSize(1000);
    }

    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    @DisplayName("H25 64 times as long as the limit takes linear work")
    void longOfferTakesLinearWork() throws HttpRefusal {
        int size = 64 * 8 * 1024;
        assertThat(refusal("a; b=\"" + "\\c".repeat(size / 2)).status()).isEqualTo(400);
        assertThat(refusal("a" + " ".repeat(size) + "b").status()).isEqualTo(400);
        assertThat(refusal("a; b=" + "=".repeat(size)).status()).isEqualTo(400);
        assertThat(refusal(",".repeat(size)).status()).isEqualTo(400);
        assertThat(ExtensionOffer.parse(List.of("a;b=c,".repeat(size / 6)))).hasSize(size / 6);
        assertThat(ExtensionOffer.parse(List.of("a" + ";b".repeat(size / 2)))
                        .get(0)
                        .parameters())
                .hasSize(size / 2);
        assertThat(ExtensionOffer.parse(List.of("a; b=\"" + "\\c".repeat(size / 2) + "\""))
                        .get(0)
                        .parameters()
                        .get(0)
                        .value())
                .hasSize(size / 2);
    }

    private static HttpRefusal refusal(String line) {
        HttpRefusal refusal = catchThrowableOfType(HttpRefusal.class, () -> ExtensionOffer.parse(List.of(line)));
        assertThat(refusal).as("the refusal").isNotNull();
        return refusal;
    }
}
