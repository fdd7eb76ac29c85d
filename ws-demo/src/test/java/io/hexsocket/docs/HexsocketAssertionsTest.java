package io.hexsocket.docs;

import static io.hexsocket.core.testkit.assertj.HexsocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The assertions of the test kit fail, and say why. That they hold where they should is in {@link TestingExamplesTest}. */
class HexsocketAssertionsTest {

    private final RecordingApp app = RecordingApp.echo();
    private final MemoryServer server = MemoryServer.serving(app);

    @Test
    void otherMessagesThanExpectedFail() {
        MemoryClient client = server.open().sendTexts("one");
        fails(() -> assertThat(client).receivesTexts("one", "two"), "[text one]", "[text one, text two]");
        fails(() -> assertThat(client.sendTexts("three")).receivesNothing(), "text three");
        assertThat(client).receivesNothing();
    }

    @Test
    void otherEndsThanExpectedFail() {
        MemoryClient client = server.open();
        fails(() -> assertThat(client).isClosedWith(1000), "no close frame", "is open");
        app.session().close(new CloseStatus(4001, "kicked"));
        server.run();
        fails(() -> assertThat(client).isOpen(), "4001 kicked");
        fails(() -> assertThat(client).isClosedWith(1000), "with 1000 but", "4001 kicked");
        fails(() -> assertThat(client).isClosedWith(new CloseStatus(4001, "gone")), "4001 gone", "4001 kicked");
        assertThat(client).isClosedWith(new CloseStatus(4001, "kicked"));
    }

    @Test
    void clientWithoutACloseFrameWhoseConnectionHasEndedIsNotClosedInOrder() {
        MemoryClient client = server.open();
        client.connection().lose(new java.io.IOException("the cable is out"));
        fails(() -> assertThat(client).isClosedWith(1006), "no close frame", "has ended");
    }

    @Test
    void otherAnswersThanExpectedFail() {
        MemoryServer refusing = MemoryServer.serving(
                App.of(session -> Session::send).guardedBy(request -> Admission.reject(401, "Sign in first.")));
        fails(() -> assertThat(refusing.tryOpen("/app")).isAccepted(), "answered with 401");
        fails(() -> assertThat(refusing.tryOpen("/app")).isPending(), "answered with 401");
        fails(() -> assertThat(refusing.tryOpen("/app")).isAnsweredWith(403), "is to be 403", "it is 401");
        fails(() -> assertThat(refusing.tryOpen("/app")).hasHeader("Retry-After", "1"), "Retry-After: 1");
        fails(() -> assertThat(refusing.tryOpen("/app")).hasText("Welcome."), "Sign in first.");
        fails(() -> refusing.tryOpen("/app").client(), "answered with 401");
        fails(() -> assertThat(server.tryOpen("/app")).isAnsweredWith(401), "let in");
        MemoryServer late = MemoryServer.serving(
                App.of(session -> Session::send).guardedBy(request -> Admission.later(new CompletableFuture<>())));
        fails(() -> assertThat(late.tryOpen("/app")).isAccepted(), "no answer yet");
        fails(() -> late.tryOpen("/app").reply(), "no answer yet");
    }

    @Test
    void otherFramesThanExpectedFail() {
        fails(() -> assertThat(ServerFrame.text("a")).isText("b"), "text b", "text a");
        fails(() -> assertThat(ServerFrame.text("a")).isBinary((byte) 'a'), "binary 61", "text a");
        fails(() -> assertThat(ServerFrame.close(1000)).isCloseWith(1001), "close 1001", "close 1000");
        fails(() -> assertThat(ServerFrame.text("a")).isCloseWith(1000), "close 1000", "text a");
        assertThat(ServerFrame.text("a")).isText("a");
        assertThat(ServerFrame.binary((byte) 'a')).isBinary((byte) 'a');
        assertThat(ServerFrame.close(1000)).isCloseWith(1000);
    }

    @Test
    void otherSessionsThanExpectedFail() {
        MemoryClient client = server.open();
        assertThat(app.session()).isOpen();
        fails(() -> assertThat(app.session()).isClosed(), "it is open");
        fails(() -> assertThat(app.session()).hasPrincipal("ada"), "of ada", "null");
        fails(() -> assertThat(app.session()).hasAttribute("tenant", 7), "tenant", "7", "null");
        client.close();
        fails(() -> assertThat(app.session()).isOpen(), "closing or closed");
    }

    private static void fails(ThrowingCallable assertion, String... words) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(words);
    }
}
