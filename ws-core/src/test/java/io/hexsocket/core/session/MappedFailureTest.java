package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an app throws closes its session with the status that the app's mapper gives. */
class MappedFailureTest {

    private final List<String> errors = new ArrayList<>();

    private MemoryServer serving(App app) {
        App mapped = app.mappingFailures(failed -> failed instanceof IllegalArgumentException
                ? CloseStatus.POLICY_VIOLATION.reason(failed.getMessage())
                : null);
        return MemoryServer.serving(
                mapped,
                config -> config.listener(new ServerListener() {
                    @Override
                    public void onAppError(long connection, Session session, Throwable cause) {
                        errors.add(cause.getMessage());
                    }
                }));
    }

    @Test
    void mappedExceptionOfACallbackClosesWithItsStatusAndIsNoError() {
        MemoryClient client = serving(session -> (from, message) -> {
                    throw new IllegalArgumentException("no such room");
                })
                .open();
        client.send(ClientFrame.text("x"));
        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1008, "no such room"));
        assertThat(errors).isEmpty();
    }

    @Test
    void binaryMessageForAnAppThatTakesTextsClosesWith1003AndIsNoError() {
        ManualExecutor executor = new ManualExecutor();
        App texts = session -> (from, message) -> from.send(message.text());
        for (App app : List.of(texts, texts.with(AppOptions.DEFAULT.executor(executor)))) {
            MemoryServer server = serving(app);
            MemoryClient client = server.open();
            executor.runWith(server);
            client.send(ClientFrame.text("x"), ClientFrame.binary((byte) 1));
            executor.runWith(server);
            assertThat(client.texts()).containsExactly("x");
            assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1003, "binary messages are not taken here"));
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void exceptionThatIsNotMappedClosesWith1011AndIsReported() {
        MemoryClient client = serving(session -> (from, message) -> {
                    throw new IllegalStateException("broken");
                })
                .open();
        client.send(ClientFrame.text("x"));
        assertThat(client.closeStatus().code()).isEqualTo(1011);
        assertThat(errors).containsExactly("broken");
    }

    @Test
    void mappedExceptionOfOnOpenClosesWithItsStatus() {
        MemoryServer server = serving(session -> {
            throw new IllegalArgumentException("not now");
        });
        MemoryClient client = server.open();
        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1008, "not now"));
        client.close();
        server.assertNothingIsLeft();
        assertThat(errors).isEmpty();
    }
}
