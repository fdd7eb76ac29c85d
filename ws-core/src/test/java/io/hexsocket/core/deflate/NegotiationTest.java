package io.hexsocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An offer of permessage-deflate")
class NegotiationTest {

    private static final Compression TAKEOVER = Compression.ON.contextTakeover(true);
    private static final String NONE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private static final Pattern ANSWER = Pattern.compile("\r\nSec-WebSocket-Extensions: (.*)\r\n");

    private static MemoryServer server(Compression compression) {
        return server(compression, Limits.DEFAULT);
    }

    private static MemoryServer server(Compression compression, Limits limits) {
        App echo = session -> (self, message) -> self.send(message);
        return MemoryServer.serving(
                echo.with(AppOptions.DEFAULT.compression(compression)), config -> config.limits(limits));
    }

    private static String answer(Compression compression, String offers) {
        return answer(server(compression).open("/app", "Sec-WebSocket-Extensions: " + offers));
    }

    private static String answer(MemoryClient client) {
        Matcher header = ANSWER.matcher(client.head());
        return header.find() ? header.group(1) : "";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                                                         |
            permessage-deflate; client_max_window_bits                                 |
            permessage-deflate; client_no_context_takeover                             |
            permessage-deflate; server_no_context_takeover                             |
            permessage-deflate; client_no_context_takeover; server_no_context_takeover |
            permessage-deflate; server_max_window_bits=15                              | ; server_max_window_bits=15
            permessage-deflate; server_max_window_bits=15; client_max_window_bits=9    | ; server_max_window_bits=15
            permessage-foo, permessage-deflate                                         |
            permessage-deflate; server_max_window_bits=10, permessage-deflate          | ; server_max_window_bits=10
            permessage-deflate; server_max_window_bits=8, permessage-deflate           |
            permessage-deflate; client_max_window_bits=8, permessage-deflate; server_max_window_bits=15 |
            """)
    @DisplayName("is accepted without context takeover, unless the app says otherwise")
    void offerIsAcceptedWithoutTakeoverByDefault(String offers, String more) {
        assertThat(answer(Compression.ON, offers)).isEqualTo(NONE + (more == null ? "" : more));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                                                         | permessage-deflate
            permessage-deflate; client_max_window_bits                                 | permessage-deflate
            permessage-deflate; client_no_context_takeover                             | permessage-deflate; client_no_context_takeover
            permessage-deflate; server_no_context_takeover                             | permessage-deflate; server_no_context_takeover
            permessage-deflate; server_max_window_bits=15                              | permessage-deflate; server_max_window_bits=15
            permessage-deflate; server_max_window_bits=14                              | permessage-deflate; server_no_context_takeover; server_max_window_bits=14
            """)
    @DisplayName("is accepted with context takeover where both sides want it")
    void offerIsAcceptedWithTakeoverWhereBothWantIt(String offers, String expected) {
        assertThat(answer(TAKEOVER, offers)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    @DisplayName(
            "D9 is accepted with any window of the client, and with any of ours but that of 8 bits, which zlib does not have")
    void offerIsAcceptedWithAnyWindowThatZlibHas(int bits) {
        assertThat(answer(Compression.ON, "permessage-deflate; client_max_window_bits=" + bits))
                .isEqualTo(NONE);
        assertThat(answer(Compression.ON, "permessage-deflate; server_max_window_bits=" + bits))
                .isEqualTo(bits == 8 ? "" : NONE + "; server_max_window_bits=" + bits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server_max_window_bits",
                "server_max_window_bits=7",
                "server_max_window_bits=16",
                "server_max_window_bits=015",
                "server_max_window_bits=+15",
                "server_max_window_bits=\"15\"",
                "server_max_window_bits=-15",
                "server_max_window_bits=0xF",
                "server_max_window_bits=99999999999",
                "server_max_window_bits=15; server_max_window_bits=15",
                "client_max_window_bits=7",
                "client_max_window_bits=16",
                "client_max_window_bits=08",
                "client_max_window_bits=+8",
                "client_max_window_bits=\"8\"",
                "client_max_window_bits=1",
                "client_max_window_bits=150",
                "client_max_window_bits=x",
                "client_max_window_bits; client_max_window_bits",
                "client_max_window_bits; client_max_window_bits=15",
                "server_no_context_takeover=true",
                "server_no_context_takeover=\"1\"",
                "server_no_context_takeover; server_no_context_takeover",
                "client_no_context_takeover=0",
                "client_no_context_takeover; client_no_context_takeover",
                "unknown",
                "server_max_window_bit=15",
                "SERVER_NO_CONTEXT_TAKEOVER",
                "constructor"
            })
    @DisplayName(
            "D8 with a parameter that is wrong, unknown or there twice is declined, the next one is tried, and the handshake succeeds")
    void offerWithAWrongParameterIsDeclined(String parameters) {
        assertThat(answer(Compression.ON, "permessage-deflate; " + parameters)).isEmpty();
        assertThat(answer(Compression.ON, "permessage-deflate; " + parameters + ", permessage-deflate"))
                .isEqualTo(NONE);
        // Arabic digits are no token, so that is where they end
        assertThat(answer(Compression.ON, "x-" + "permessage-deflate, permessage-deflate; " + parameters))
                .isEmpty();
    }

    @Test
    @DisplayName("is declined by an app that does not compress, which is what apps do that say nothing")
    void appThatDoesNotCompressDeclinesEveryOffer() {
        assertThat(answer(Compression.OFF, "permessage-deflate")).isEmpty();
        assertThat(AppOptions.DEFAULT.compression()).isEqualTo(Compression.OFF);
        assertThat(answer(server(Compression.ON).open("/app"))).isEmpty();
    }

    @Test
    @DisplayName("F2 that was declined, or not made, allows no RSV1: 1002")
    void declinedMeansNoRsv1() {
        for (Compression compression : List.of(Compression.ON, Compression.OFF)) {
            MemoryClient client = server(compression)
                    .open("/app", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8");
            client.send(ClientFrame.text(new byte[1]).rsv(0b100));
            assertThat(client.closeStatus().code()).isEqualTo(1002);
        }
    }

    @Test
    @DisplayName(
            "D11 gets context takeover as long as the budget lasts, for either side by itself, and what it took is given back")
    void takeoverIsGrantedWhileTheBudgetLasts() {
        int both = ContextBudget.DEFLATER_BYTES + ContextBudget.INFLATER_BYTES;
        MemoryServer server =
                server(TAKEOVER, Limits.DEFAULT.compressionContextBytes(both + ContextBudget.INFLATER_BYTES));
        String offer = "Sec-WebSocket-Extensions: permessage-deflate";
        for (int round = 0; round < 3; round++) {
            List<MemoryClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(server.open("/app", offer));
            }
            assertThat(clients)
                    .extracting(NegotiationTest::answer)
                    .containsExactly("permessage-deflate", "permessage-deflate; server_no_context_takeover", NONE);
            for (MemoryClient client : clients) {
                client.send(ClientFrame.text("hello"));
                assertThat(client.frames()).containsExactly(ServerFrame.text("hello"));
            }
            // each end by another way
            clients.get(0).close();
            clients.get(1).connection().lose(null);
            clients.get(2).send(ClientFrame.text("x").unmasked()).connection().end();
            server.assertNothingIsLeft();
        }
    }
}
