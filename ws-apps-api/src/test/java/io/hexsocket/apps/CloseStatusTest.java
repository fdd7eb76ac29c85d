package io.hexsocket.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void codesOfTheRegistryAndOfAppsMayBeSent(int code) {
        assertThat(CloseStatus.isSendable(code)).isTrue();
        assertThat(new CloseStatus(code, "why").code()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {Integer.MIN_VALUE, -1, 0, 999, 1004, 1015, 1016, 1100, 2000, 2999, 5000, 65535, Integer.MAX_VALUE})
    @DisplayName("C3 what is no close code cannot be made into one")
    void otherNumbersAreNoCodes(int code) {
        assertThat(CloseStatus.isSendable(code)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CloseStatus(code, ""))
                .withMessageStartingWith(code + " is no close code");
    }

    @Test
    @DisplayName("C4 1005 and 1006 are for reading, not for sending")
    void noCodeAndAbnormalAreNotSent() {
        assertThat(CloseStatus.isSendable(CloseStatus.NO_CODE.code())).isFalse();
        assertThat(CloseStatus.isSendable(CloseStatus.ABNORMAL.code())).isFalse();
    }

    @Test
    void exactlyTheCodesOfSection74AreSendable() {
        assertThat(IntStream.rangeClosed(0, 65535)
                        .filter(CloseStatus::isSendable)
                        .count())
                .isEqualTo(4 + 8 + 2000);
    }

    @Test
    @DisplayName("C4 a reason is cut at a code point to 123 bytes of UTF-8")
    void reasonFitsIntoCloseFrame() {
        assertThat(new CloseStatus(1000, "x".repeat(123)).reason()).hasSize(123);
        assertThat(new CloseStatus(1000, "é".repeat(61)).reason()).hasSize(61);
        assertThat(new CloseStatus(1000, "x".repeat(124)).reason()).isEqualTo("x".repeat(123));
        assertThat(new CloseStatus(1000, "é".repeat(62)).reason()).isEqualTo("é".repeat(61));
        assertThat(new CloseStatus(1000, "€".repeat(42)).reason()).isEqualTo("€".repeat(41));
        assertThat(new CloseStatus(1000, "xx" + "😀".repeat(31)).reason()).isEqualTo("xx" + "😀".repeat(30));
    }

    @Test
    @DisplayName("U7 a reason with half of a surrogate pair is refused")
    void reasonHasAFormInUtf8() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(1000, "\ud83d"));
        assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(1000, "x\ude00x"));
        assertThat(new CloseStatus(1000, "😀").reason()).isEqualTo("😀");
    }

    @Test
    void constantsOfTheRegistryHaveItsCodesAndTakeAReason() {
        assertThat(Stream.of(
                                CloseStatus.PROTOCOL_ERROR,
                                CloseStatus.UNSUPPORTED_DATA,
                                CloseStatus.INVALID_PAYLOAD,
                                CloseStatus.POLICY_VIOLATION,
                                CloseStatus.TOO_BIG,
                                CloseStatus.MANDATORY_EXTENSION,
                                CloseStatus.INTERNAL_ERROR,
                                CloseStatus.SERVICE_RESTART,
                                CloseStatus.TRY_AGAIN_LATER,
                                CloseStatus.BAD_GATEWAY,
                                CloseStatus.EXPIRED)
                        .map(CloseStatus::code))
                .containsExactly(1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 4401);
        assertThat(CloseStatus.TRY_AGAIN_LATER.reason("full")).isEqualTo(new CloseStatus(1013, "full"));
    }

    @Test
    void textNamesCodeAndReason() {
        assertThat(CloseStatus.NORMAL).hasToString("1000");
        assertThat(new CloseStatus(1008, "too fast")).hasToString("1008 too fast");
    }
}
