package io.hexsocket.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apps, their options, and their answers to opening requests. */
class AppTest {

    @Test
    void appOnOneLineAdmitsEverybodyWithDefaults() throws Exception {
        App echo = session -> Session::send;

        assertThat(echo.onRequest(null)).isEqualTo(Admission.accept());
        assertThat(echo.options()).isSameAs(AppOptions.DEFAULT);
    }

    @Test
    void sameAppWithOtherOptionsDoesTheSame() throws Exception {
        Listener listener = (session, message) -> {};
        App app = new App() {
            @Override
            public Listener onOpen(Session session) {
                return listener;
            }

            @Override
            public Admission onRequest(OpeningRequest request) {
                return Admission.reject(503, "later");
            }
        };
        AppOptions options = AppOptions.DEFAULT.rawTcp(true);
        App other = app.with(options);

        assertThat(other.options()).isSameAs(options);
        assertThat(other.onOpen(null)).isSameAs(listener);
        assertThat(other.onRequest(null)).isEqualTo(Admission.reject(503, "later"));
        assertThat(app.options()).isSameAs(AppOptions.DEFAULT);
    }

    @Test
    void optionsChangeOneByOne() {
        Executor executor = Runnable::run;
        AppOptions options = AppOptions.DEFAULT
                .executor(executor)
                .subprotocols("v2", "v1")
                .maxMessageBytes(42)
                .rawTcp(true)
                .compression(Compression.ON);

        assertThat(options).isEqualTo(new AppOptions(executor, List.of("v2", "v1"), 42, true, Compression.ON));
    }

    @Test
    void optionsKeepTheirOwnNames() {
        List<String> names = new ArrayList<>(List.of("v1"));
        AppOptions options = new AppOptions(null, names, 0, false, Compression.OFF);
        names.add("v2");

        assertThat(options.subprotocols()).containsExactly("v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a,b", "a;b", "a\r\nb", "ä", "a\u007f", "\"a\"", "a/b"})
    @DisplayName("H24 a subprotocol that is no token cannot be offered")
    void subprotocolIsAToken(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> AppOptions.DEFAULT.subprotocols(name));
    }

    @Test
    void compressionChangesPieceByPiece() {
        assertThat(Compression.ON.thresholdBytes(1).level(9).contextTakeover(true))
                .isEqualTo(new Compression(true, 1, 9, true));
        assertThat(Compression.OFF).isEqualTo(new Compression(false, 1024, 1, false));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.ON.level(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.ON.level(10));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.ON.thresholdBytes(-1));
    }

    @Test
    void limitIsNotNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> AppOptions.DEFAULT.maxMessageBytes(-1));
    }

    @Test
    void acceptanceChangesOneByOne() {
        Principal ada = () -> "ada";
        Admission.Accept accept = Admission.accept(ada)
                .ident("worker")
                .withoutKeepAlive()
                .pace(Duration.ofMillis(5))
                .withoutHeaders();

        assertThat(accept).isEqualTo(new Admission.Accept(ada, "worker", false, Duration.ofMillis(5), false));
        assertThat(Admission.accept()).isEqualTo(new Admission.Accept(null, null, true, Duration.ZERO, true));
        assertThat(Admission.accept().withoutHeaders())
                .isEqualTo(new Admission.Accept(null, null, true, Duration.ZERO, false))
                .isSameAs(Admission.accept().withoutHeaders());
    }

    @Test
    void paceIsUpToASecond() {
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.accept().pace(Duration.ofMillis(1001)));
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.accept().pace(Duration.ofNanos(-1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101, 200, 302, 399, 600})
    void refusalHasAStatusOfAnError(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.reject(status, "no"));
    }

    @Test
    void targetHasAName() {
        assertThat(Target.ident("")).isEqualTo(new Target(Target.Kind.IDENT, ""));
        assertThat(Target.id("x")).isNotEqualTo(Target.alias("x"));
        assertThatNullPointerException().isThrownBy(() -> Target.id(null));
    }

    @Test
    void onlyWhatWasTakenIsAccepted() {
        assertThat(SendResult.SENT.accepted()).isTrue();
        assertThat(SendResult.QUEUEING.accepted()).isTrue();
        assertThat(SendResult.FULL.accepted()).isFalse();
        assertThat(SendResult.CLOSED.accepted()).isFalse();
    }
}
