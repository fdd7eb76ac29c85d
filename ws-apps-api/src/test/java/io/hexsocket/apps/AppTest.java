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
    void guardsAreAskedBeforeTheAppTheLastOneFirstAndTheFirstAnswerCounts() throws Exception {
        List<String> asked = new ArrayList<>();
        App app = new App() {
            @Override
            public Listener onOpen(Session session) {
                return (from, message) -> {};
            }

            @Override
            public Admission onRequest(OpeningRequest request) {
                asked.add("app");
                return Admission.accept().ident("of the app");
            }
        };
        App open = app.guardedBy(request -> {
                    asked.add("inner");
                    return null;
                })
                .guardedBy(request -> {
                    asked.add("outer");
                    return null;
                });
        assertThat(((Admission.Accept) open.onRequest(null)).ident()).isEqualTo("of the app");
        assertThat(asked).containsExactly("outer", "inner", "app");
        App shut = open.guardedBy(request -> Admission.reject(403, "no"));
        assertThat(shut.onRequest(null)).isEqualTo(Admission.reject(403, "no"));
        assertThat(asked).hasSize(3);
    }

    @Test
    void lambdaIsDecoratedWithoutACast() {
        App app = App.of(session -> Session::send)
                .with(AppOptions.DEFAULT.rawTcp(true))
                .guardedBy(request -> null);
        assertThat(app.options().rawTcp()).isTrue();
    }

    @Test
    void everyDecoratorPassesTheLifeOfTheAppOn() throws Exception {
        List<String> life = new ArrayList<>();
        App app = new App() {
            @Override
            public void onStart(Hub hub) {
                life.add("start");
            }

            @Override
            public Listener onOpen(Session session) {
                return (from, message) -> {};
            }

            @Override
            public void onStop() {
                life.add("stop");
            }
        };
        App decorated = app.with(AppOptions.DEFAULT).guardedBy(request -> null).mappingFailures(failed -> null);
        decorated.onStart(null);
        decorated.onStop();
        assertThat(life).containsExactly("start", "stop");
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

        assertThat(options.executor()).isSameAs(executor);
        assertThat(options.subprotocols()).containsExactly("v2", "v1");
        assertThat(options.maxMessageBytes()).isEqualTo(42);
        assertThat(options.rawTcp()).isTrue();
        assertThat(options.compression()).isEqualTo(Compression.ON);
    }

    @Test
    void optionsKeepTheirOwnNames() {
        String[] names = {"v1"};
        AppOptions options = AppOptions.DEFAULT.subprotocols(names);
        names[0] = "v2";

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
        Compression compression =
                Compression.OFF.enabled(true).thresholdBytes(1).level(9).contextTakeover(true);
        assertThat(compression.enabled()).isTrue();
        assertThat(compression.thresholdBytes()).isEqualTo(1);
        assertThat(compression.level()).isEqualTo(9);
        assertThat(compression.contextTakeover()).isTrue();
        assertThat(compression.thresholdBytes(1024).level(1).contextTakeover(false))
                .isEqualTo(Compression.ON)
                .hasSameHashCodeAs(Compression.ON)
                .isNotEqualTo(Compression.OFF);
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.ON.level(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.ON.level(10));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.ON.thresholdBytes(-1));
    }

    @Test
    void idleTimeIsBetweenZeroAndADay() {
        assertThat(AppOptions.DEFAULT.idle()).isNull();
        assertThat(AppOptions.DEFAULT.idle(Duration.ofDays(1)).queuedBytes(1).idle())
                .isEqualTo(Duration.ofDays(1));
        assertThat(AppOptions.DEFAULT.idle(Duration.ZERO)).isNotEqualTo(AppOptions.DEFAULT);
        for (Duration wrong : List.of(Duration.ofMillis(-1), Duration.ofDays(1).plusMillis(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AppOptions.DEFAULT.idle(wrong))
                    .withMessage("idle is " + wrong + ", must be between zero and a day");
        }
    }

    @Test
    void refusalsNameWhatCannotBeSent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Admission.reject(302, "elsewhere"))
                .withMessageContaining("302")
                .withMessageContaining("Admission.redirect");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Admission.reject(401, "").header("Retry After", "1"))
                .withMessageContaining("\"Retry After\"");
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

        assertThat(accept.principal()).isSameAs(ada);
        assertThat(accept.ident()).isEqualTo("worker");
        assertThat(accept.keepAlive()).isFalse();
        assertThat(accept.pace()).isEqualTo(Duration.ofMillis(5));
        assertThat(accept.keepHeaders()).isFalse();

        Admission.Accept plain = Admission.accept();
        assertThat(plain.principal()).isNull();
        assertThat(plain.ident()).isNull();
        assertThat(plain.keepAlive()).isTrue();
        assertThat(plain.pace()).isZero();
        assertThat(plain.keepHeaders()).isTrue();
        assertThat(plain.withoutHeaders().keepHeaders()).isFalse();
        assertThat(plain.withoutHeaders()).isSameAs(plain.withoutHeaders());
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

    @ParameterizedTest
    @ValueSource(
            strings = {"Connection", "content-length", "Transfer-Encoding", "UPGRADE", "Sec-WebSocket-Accept", "a b", ""
            })
    void headerThatIsTheServersOwnOrNoTokenIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.accept().header(name, "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Admission.reject(400, "").header(name, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\0b", "\u00e9"})
    void headerWhoseValueCouldEndItsLineIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.accept().header("X", value));
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.redirect(302, value));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 300, 304, 305, 306, 309, 400})
    void redirectHasAStatusOfOne(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> Admission.redirect(status, "/there"));
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
