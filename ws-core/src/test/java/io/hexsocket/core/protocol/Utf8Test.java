package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Scenario;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("UTF-8")
class Utf8Test {

    /** The first and last bytes of every range that RFC 3629 section 4 tells apart. */
    private static final int[] EDGES = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};

    /** Whatever can be completed can be completed with these. */
    private static final int[] TAILS = {0x80, 0x90, 0xA0};

    private static final byte[] LETTERS = "letters on both sides".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer letters = ByteBuffer.wrap(LETTERS.clone());
    private int lettersBefore;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer chars = CharBuffer.allocate(4096);

    private boolean decodes(ByteBuffer bytes) {
        decoder.reset();
        chars.clear();
        bytes.rewind();
        boolean valid = !decoder.decode(bytes, chars, true).isError();
        bytes.rewind();
        return valid;
    }

    private static int check(ByteBuffer bytes) {
        return Utf8.check(bytes, 0, bytes.limit(), Utf8.ACCEPT);
    }

    @Test
    @Tag("exhaustive")
    @DisplayName("U6 is what a strict decoder takes: every sequence of one, two and three bytes")
    void sequencesOfUpToThreeBytesAreJudgedAsByAStrictDecoder() {
        ByteBuffer one = ByteBuffer.allocate(1);
        ByteBuffer two = ByteBuffer.allocate(2);
        ByteBuffer three = ByteBuffer.allocate(3);
        for (int a = 0; a <= 0xFF; a++) {
            one.put(0, (byte) a);
            demand(one);
            two.put(0, (byte) a);
            three.put(0, (byte) a);
            for (int b = 0; b <= 0xFF; b++) {
                two.put(1, (byte) b);
                demand(two);
                three.put(1, (byte) b);
                for (int c = 0; c <= 0xFF; c++) {
                    three.put(2, (byte) c);
                    demand(three);
                }
            }
        }
    }

    @Test
    @Tag("exhaustive")
    @DisplayName("U6 is what a strict decoder takes: every lead of four bytes with the edges of what may follow")
    void leadsOfFourBytesAreJudgedAsByAStrictDecoder() {
        ByteBuffer four = ByteBuffer.allocate(4);
        ByteBuffer five = ByteBuffer.allocate(5);
        for (int a = 0; a <= 0xFF; a++) {
            for (int b : EDGES) {
                for (int c : EDGES) {
                    for (int d : EDGES) {
                        four.put(0, (byte) a).put(1, (byte) b).put(2, (byte) c).put(3, (byte) d);
                        demand(four);
                        five.put(0, four, 0, 4);
                        for (int e : EDGES) {
                            five.put(4, (byte) e);
                            demand(five);
                        }
                    }
                }
            }
        }
    }

    /** An assertion of its own would cost more than what it looks at. */
    private void demand(ByteBuffer bytes) {
        boolean valid = decodes(bytes);
        if (Utf8.isValid(bytes, 0, bytes.limit()) != valid || isValidAmongLetters(bytes) != valid) {
            throw new AssertionError("another opinion on " + HexFormat.of().formatHex(bytes.array()));
        }
    }

    /** The bytes inside a longer text, which is looked at in larger pieces; in the other byte order each time. */
    private boolean isValidAmongLetters(ByteBuffer bytes) {
        int length = bytes.limit();
        int at = lettersBefore++ % 9;
        letters.clear().order(letters.order() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        letters.put(at, bytes, 0, length);
        boolean valid = Utf8.isValid(letters, 0, letters.capacity());
        letters.put(at, LETTERS, 0, length);
        return valid;
    }

    @Test
    @Tag("exhaustive")
    @DisplayName("U3 is given up as soon as nothing can make it valid, and not before")
    void textIsGivenUpAsSoonAsNothingCanMakeItValid() {
        ByteBuffer prefix = ByteBuffer.allocate(3);
        for (int a = 0; a <= 0xFF; a++) {
            prefix.limit(1).put(0, (byte) a);
            demandFast(prefix);
            for (int b = 0; b <= 0xFF; b++) {
                prefix.limit(2).put(1, (byte) b);
                demandFast(prefix);
                for (int c : EDGES) {
                    prefix.limit(3).put(2, (byte) c);
                    demandFast(prefix);
                }
            }
        }
    }

    private void demandFast(ByteBuffer prefix) {
        boolean hopeless = !canBecomeValid(prefix);
        if ((check(prefix) == Utf8.REJECT) != hopeless) {
            throw new AssertionError((hopeless ? "not given up: " : "given up too early: ")
                    + HexFormat.of().formatHex(prefix.array(), 0, prefix.limit()));
        }
    }

    private boolean canBecomeValid(ByteBuffer prefix) {
        int length = prefix.limit();
        ByteBuffer whole = ByteBuffer.allocate(length + 3).put(0, prefix, 0, length);
        for (int more = 0; more <= 3; more++) {
            int combinations = (int) Math.pow(TAILS.length, more);
            whole.limit(length + more);
            for (int n = 0; n < combinations; n++) {
                for (int i = 0, rest = n; i < more; i++, rest /= TAILS.length) {
                    whole.put(length + i, (byte) TAILS[rest % TAILS.length]);
                }
                if (decodes(whole)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    @DisplayName("U1 is the same wherever the text is cut and wherever it lies, in all scripts, faults included")
    void textIsJudgedTheSameWhereverItIsCut() {
        Random random = new Random(3629);
        int[][] scripts = {
            {0x20, 0x7E},
            {0xA0, 0x7FF},
            {0x800, 0xFFF},
            {0x1000, 0xCFFF},
            {0xD000, 0xD7FF},
            {0xE000, 0xFFFF},
            {0x10000, 0x10FFFF}
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            int runs = random.nextInt(4);
            for (int run = 0; run < runs; run++) {
                int[] script = scripts[random.nextInt(scripts.length)];
                int length = random.nextInt(20);
                for (int i = 0; i < length; i++) {
                    text.appendCodePoint(script[0] + random.nextInt(script[1] - script[0] + 1));
                }
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && round % 2 == 0) {
                int at = random.nextInt(bytes.length);
                switch (random.nextInt(3)) {
                    case 0 -> bytes[at] = (byte) random.nextInt();
                    case 1 -> bytes = Arrays.copyOf(bytes, at);
                    default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            boolean valid = decodes(ByteBuffer.wrap(bytes));
            int offset = random.nextInt(5);
            ByteBuffer placed = round % 3 == 0
                    ? ByteBuffer.allocateDirect(bytes.length + 9)
                    : ByteBuffer.allocate(bytes.length + 9);
            placed.order(round % 5 < 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < placed.capacity(); i++) {
                placed.put(i, (byte) 0xFF);
            }
            placed.put(offset, bytes);
            assertThat(Utf8.isValid(placed, offset, bytes.length)).isEqualTo(valid);
            int state = Utf8.ACCEPT;
            for (int at = 0; at < bytes.length && state != Utf8.REJECT; ) {
                int piece = Math.min(bytes.length - at, random.nextInt(1 + random.nextInt(12)));
                state = Utf8.check(placed, offset + at, piece, state);
                at += piece;
            }
            assertThat(state == Utf8.ACCEPT).isEqualTo(valid);
        }
    }

    @Test
    @DisplayName("U3 stays given up, whatever follows")
    void textThatIsGivenUpStaysGivenUp() {
        ByteBuffer letters = ByteBuffer.wrap("hello, hello, hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(Utf8.check(letters, 0, letters.limit(), Utf8.REJECT)).isEqualTo(Utf8.REJECT);
        assertThat(Utf8.check(letters, 0, 0, Utf8.REJECT)).isEqualTo(Utf8.REJECT);
    }

    @Test
    @DisplayName("U7 is encoded by the strict rules: no surrogate without its other half")
    void encodingRefusesALoneSurrogate() {
        Random random = new Random(7);
        String alphabet = "?a\u00e9\u20ac\uD83D\uDE00\uD800\uDFFF";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(6);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String string = text.toString();
            if (StandardCharsets.UTF_8.newEncoder().canEncode(string)) {
                assertThat(Utf8.encode(string)).isEqualTo(string.getBytes(StandardCharsets.UTF_8));
            } else {
                assertThatIllegalArgumentException().isThrownBy(() -> Utf8.encode(string));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C2", "E282", "F09F98", "68C3", "E2"})
    @DisplayName("U2 that is cut off at the end of a message fails with 1007")
    void textThatIsCutOffAtTheEndFailsWith1007(String hex) {
        byte[] payload = HexFormat.of().parseHex(hex);
        Scenario.echo().sends(ClientFrame.text(payload)).assertFailsWith(1007).assertTells();
        ClientFrame[] fragments = ClientFrame.fragments(0x1, payload, 1);
        Scenario.echo().sends(fragments).assertFailsWith(1007);
        ClientFrame[] emptyLast = {ClientFrame.text(payload).notFinal(), ClientFrame.continuation("")};
        Scenario.echo().sends(emptyLast).assertFailsWith(1007);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C080",
                "E080AF",
                "F0808080",
                "EDA080",
                "F4908080",
                "F5",
                "FF",
                "80",
                "41C3C3A9",
                "E228A1",
                "F8888080"
            })
    @DisplayName("U3 that is none fails with 1007 in the fragment where it shows, though the message goes on")
    void showsInItsFragment(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        Scenario.echo()
                .sends(
                        ClientFrame.text("fine").notFinal(),
                        ClientFrame.continuation(bad).notFinal())
                .assertFailsWith(1007);
        Scenario.echo().sends(ClientFrame.text(bad)).assertFailsWith(1007);
        Scenario.echo().sends(ClientFrame.text(bad).declaring(1000)).assertFailsWith(1007);
        Scenario.echo().sends(ClientFrame.binary(bad)).assertStaysOpen().assertAnswers(ServerFrame.binary(bad));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C341", "E24142", "E28241", "F0414243", "F09F41", "F09F9841"})
    @DisplayName("U3 that goes on with ASCII in the middle of a code point fails with 1007 there, however it is cut")
    void lettersWithinCodePoint(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        for (int cut = 1; cut < bad.length; cut++) {
            byte[] before = Arrays.copyOf(bad, cut);
            byte[] after = Arrays.copyOfRange(bad, cut, bad.length);
            Scenario.echo()
                    .sends(
                            ClientFrame.text(before).notFinal(),
                            ClientFrame.continuation(after).notFinal())
                    .assertFailsWith(1007);
        }
    }

    @Test
    @DisplayName("U4 in a close reason as well: 1007")
    void closeReasonThatIsNotUtf8FailsWith1007() {
        Scenario.echo()
                .sends(ClientFrame.close(new byte[] {3, (byte) 0xE8, (byte) 0xC3}))
                .assertFailsWith(1007);
        Scenario.echo().sends(ClientFrame.close(1000, "\u20ac")).assertCloses(ServerFrame.close(1000), "1000 \u20ac");
    }

    @Test
    @DisplayName("U5 may hold U+0000, a byte order mark, U+FFFE and U+10FFFF, and binary messages anything")
    void unusualCodePointsAreAllowedInText() {
        String text = "\0\uFEFF\uFFFE\uFFFF" + Character.toString(0x10FFFF) + Character.toString(0x1FFFE);
        Scenario.echo().sends(ClientFrame.text(text)).assertStaysOpen().assertAnswers(ServerFrame.text(text));
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Scenario.echo().sends(ClientFrame.binary(all)).assertStaysOpen().assertAnswers(ServerFrame.binary(all));
    }

    @Test
    @DisplayName("U1 may cut a code point between fragments and segments, pings between them too")
    void codePointsAcrossFragments() {
        String text = "a\u00e9\u20ac\uD83D\uDE00\uD83D\uDE00\u20ac\u00e9z";
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= 5; size++) {
            ClientFrame[] fragments = ClientFrame.fragments(0x1, utf8, size);
            Scenario.echo().sends(fragments).assertStaysOpen().assertAnswers(ServerFrame.text(text));
        }
        ClientFrame[] single = ClientFrame.fragments(0x1, utf8, 1);
        ClientFrame[] withPongs = new ClientFrame[single.length * 2];
        for (int i = 0; i < single.length; i++) {
            withPongs[2 * i] = ClientFrame.pong((byte) 0xFF);
            withPongs[2 * i + 1] = single[i];
        }
        Scenario.echo().sends(withPongs).assertStaysOpen().assertAnswers(ServerFrame.text(text));
    }
}
