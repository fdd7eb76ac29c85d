package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The rules of a frame's header")
class FrameRulesTest {

    private static boolean mayBegin(int first, boolean inMessage, boolean rsv1Allowed) {
        boolean fin = (first & 0x80) != 0;
        int rsv = first >> 4 & 0x7;
        int opcode = first & 0xF;
        return switch (opcode) {
            case 0x0 -> rsv == 0 && inMessage;
            case 0x1, 0x2 -> (rsv == 0 || rsv == 4 && rsv1Allowed) && !inMessage;
            case 0x8, 0x9, 0xA -> rsv == 0 && fin;
            default -> false;
        };
    }

    @Test
    @DisplayName("F2 F3 F8 F9 judge each of the 256 first bytes, inside a message and outside, with RSV1 and without")
    void rulesJudgeEachFirstByteInAndOutsideAMessage() {
        for (int first = 0; first <= 0xFF; first++) {
            for (boolean inMessage : new boolean[] {true, false}) {
                for (boolean rsv1 : new boolean[] {true, false}) {
                    String broken = FrameRules.checkFirstByte(first, inMessage, rsv1);
                    assertThat(broken == null)
                            .as("%02x, in a message: %s, RSV1 allowed: %s: %s", first, inMessage, rsv1, broken)
                            .isEqualTo(mayBegin(first, inMessage, rsv1));
                }
            }
        }
    }

    @Test
    @DisplayName("F1 F8 judge each of the 256 second bytes behind each opcode")
    void rulesJudgeEachSecondByteBehindEachOpcode() {
        for (int opcode : new int[] {0x0, 0x1, 0x2, 0x8, 0x9, 0xA}) {
            for (int second = 0; second <= 0xFF; second++) {
                boolean masked = (second & 0x80) != 0;
                boolean allowed = masked && (opcode < 0x8 || (second & 0x7F) <= 125);
                for (int first : new int[] {0x80 | opcode, opcode}) {
                    assertThat(FrameRules.checkSecondByte(first, (byte) second) == null)
                            .isEqualTo(allowed);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0, false",
        "2, 125, false",
        "2, 126, true",
        "2, 65535, true",
        "8, 0, false",
        "8, 125, false",
        "8, 126, false",
        "8, 65535, false",
        "8, 65536, true",
        "8, 2147483648, true",
        "8, 4294967301, true",
        "8, 9223372036854775807, true",
        "8, -1, false",
        "8, -9223372036854775808, false",
    })
    @DisplayName("F4 F7 demand the fewest bytes for a length, and its highest bit clear")
    void rulesDemandTheFewestBytesForALength(int bytes, long length, boolean allowed) {
        assertThat(FrameRules.checkExtendedLength(bytes, length) == null).isEqualTo(allowed);
    }
}
