package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("US-ASCII")
class AsciiTest {

    @Test
    @DisplayName("H20 takes two characters for the same only if they are, or are the two cases of one of 26 letters")
    void comparisonIgnoresTheCaseOfAsciiLettersAlone() {
        for (int one = 0; one < 256; one++) {
            for (int other = 0; other < 256; other++) {
                boolean letters = one >= 'A' && one <= 'Z' && other == one + 32
                        || other >= 'A' && other <= 'Z' && one == other + 32;
                boolean same = one == other || letters;
                String first = String.valueOf((char) one);
                String second = String.valueOf((char) other);
                byte[] bytes = first.getBytes(StandardCharsets.ISO_8859_1);
                assertThat(Ascii.equalsIgnoreCase(first, second)).isEqualTo(same);
                assertThat(Ascii.equalsIgnoreCase(bytes, 0, 1, second)).isEqualTo(same);
            }
        }
    }

    @Test
    @DisplayName("H20 compares strings of the same length alone")
    void comparisonTakesStringsOfOneLengthOnly() {
        byte[] bytes = "xabc".getBytes(StandardCharsets.US_ASCII);
        assertThat(Ascii.equalsIgnoreCase(bytes, 1, 3, "AB")).isTrue();
        assertThat(Ascii.equalsIgnoreCase(bytes, 1, 3, "abc")).isFalse();
        assertThat(Ascii.equalsIgnoreCase(bytes, 1, 3, "a")).isFalse();
        assertThat(Ascii.equalsIgnoreCase("ab", "abc")).isFalse();
        assertThat(Ascii.equalsIgnoreCase("abc", "ab")).isFalse();
    }

    @Test
    @DisplayName("H20 strips spaces and tabs, and neither NUL nor other white space")
    void stripRemovesSpacesAndTabsAlone() {
        assertThat(Ascii.strip(" \ta b\t ")).isEqualTo("a b");
        assertThat(Ascii.strip("\0a\0")).isEqualTo("\0a\0");
        assertThat(Ascii.strip("\u000Ba\u00A0")).isEqualTo("\u000Ba\u00A0");
        assertThat(Ascii.strip(" \t ")).isEmpty();
    }

    @Test
    @DisplayName("has the 77 token characters of RFC 9110, section 5.6.2")
    void tokensHaveTheCharactersOfRfc9110() {
        StringBuilder all = new StringBuilder();
        for (int c = -1; c < 512; c++) {
            if (Ascii.isTokenChar(c)) {
                all.append((char) c);
            }
        }
        assertThat(all).hasToString("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
    }

    @Test
    @DisplayName("has sixteen hexadecimal digits in two cases, and no other than ten decimal ones")
    void digitsAreAsciiDigitsOnly() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < 0x1000; c++) {
            assertThat(Ascii.isDigit(c)).isEqualTo(c >= 0x30 && c <= 0x39);
            if (Ascii.hexValue(c) >= 0) {
                all.append((char) c);
                assertThat(Ascii.hexValue(c)).isEqualTo(Character.digit(c, 16));
            }
        }
        assertThat(all).hasToString("0123456789ABCDEFabcdef");
    }
}
