package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.demo.RunningDemo;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the libraries of other languages make of the server: each checks what it gets by its own reading of RFC 6455. */
@Tag("programs")
@Timeout(120)
class LibraryClientsTest {

    private static final String TRANSPORTS = "io.hexsocket.demo.RunningDemo#transports";

    static Stream<Arguments> transportsWithAndWithoutTakeover() {
        return RunningDemo.transports()
                .flatMap(transport -> Stream.of("off", "on").map(takeover -> Arguments.of(transport, takeover)));
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void pythonFindsNothingWrong(String transport) throws Exception {
        App app = session -> Session::send;
        ServerConfig negotiating = ServerConfig.at("ws://127.0.0.1:0")
                .app("/", app.with(AppOptions.DEFAULT.subprotocols("v2", "v1")))
                .build();
        Program.PYTHON.orSkip();
        try (RunningDemo demo = RunningDemo.start(transport);
                RunningDemo negotiator = RunningDemo.start(transport, negotiating);
                RunningProgram script =
                        Program.PYTHON.start("library.py", demo.uri("ws"), negotiator.uri("ws") + "/")) {
            JsonNode saw = script.await("saw");
            assertThat(script.ended()).isEmpty();
            assertThat(saw.path("subprotocols").toString())
                    .isEqualTo("{\"v2,v1\":\"v2\",\"v1,v2\":\"v2\",\"v0,v1\":\"v1\",\"v0\":null,\"-\":null,"
                            + "\"of no interest\":null}");
            assertThat(saw.path("after pings").asText()).isEqualTo("between");
            assertThat(saw.path("close codes")).hasSize(11);
            saw.path("close codes")
                    .properties()
                    .forEach(code -> assertThat(code.getValue().asText()).isEqualTo(code.getKey()));
            assertThat(saw.path("fragments").toString()).isEqualTo("[true,true,true,true]");
            assertThat(saw.path("mebibyte").asBoolean()).isTrue();
            assertThat(saw.path("failures").toString())
                    .isEqualTo("{\"not JSON\":1007,\"binary\":1003,\"too long\":1009,\"quit\":1000}");
        }
    }

    @ParameterizedTest
    @MethodSource("transportsWithAndWithoutTakeover")
    void nodeFindsNothingWrong(String transport, String takeover) throws Exception {
        Program.NODE.orSkip();
        try (RunningDemo demo = RunningDemo.start(
                        transport,
                        "timeouts.ping=2s",
                        "compression.thresholdBytes=0",
                        "compression.contextTakeover=" + takeover);
                RunningProgram script = Program.NODE.start("library.cjs", demo.uri("ws"))) {
            JsonNode saw = script.await("saw");
            assertThat(script.ended()).isEmpty();
            assertThat(saw.path("deflate")).hasSize(3);
            String both = takeover.equals("on") ? "" : "; server_no_context_takeover; client_no_context_takeover";
            String same = "\"same\":[[true,false],[true,true],[true,false],[true,true]],\"open\":true,";
            assertThat(saw.path("deflate").get(0).toString())
                    .isEqualTo("{\"agreed\":\"permessage-deflate\",\"header\":\"permessage-deflate" + both + "\","
                            + same + "\"small\":true}");
            // not offered
            assertThat(saw.path("deflate").get(1).toString())
                    .isEqualTo("{\"agreed\":\"\",\"header\":null," + same + "\"small\":false}");
            // with a window of 512 bytes, which nothing can be taken over in
            String small = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
            assertThat(saw.path("deflate").get(2).toString())
                    .isEqualTo("{\"agreed\":\"permessage-deflate\",\"header\":\"" + small
                            + "; server_max_window_bits=9\"," + same + "\"small\":true}");
            assertThat(saw.path("wrong")).isEmpty();
            assertThat(saw.path("closes").toString()).isEqualTo("[1000,1011,4001,1005]");
        }
    }
}
