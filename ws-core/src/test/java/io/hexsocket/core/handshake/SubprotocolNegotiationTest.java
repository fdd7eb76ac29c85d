package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The negotiation of a subprotocol")
class SubprotocolNegotiationTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "a b, a b, a",
                "a b, b a, a",
                "a b, b, b",
                "a b, c, NULL",
                "a b, '', NULL",
                "'', a, NULL",
                "a, A, NULL",
                "a, ab, NULL"
            })
    @DisplayName("H24 chooses the first of the server's that the client offers, and never another")
    void choosesWhatIsOffered(String spoken, String offered, String chosen) {
        assertThat(SubprotocolNegotiation.choose(names(spoken), names(offered))).isEqualTo(chosen);
    }

    private static List<String> names(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
