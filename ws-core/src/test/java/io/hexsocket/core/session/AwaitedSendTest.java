package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A send that is awaited is answered when its bytes have reached the network, or when they never will. */
class AwaitedSendTest {

    private final RecordingApp app = RecordingApp.silent();
    private final MemoryServer server = MemoryServer.serving(app);

    private CompletableFuture<SendResult> send(String text, boolean onLoop) {
        List<CompletableFuture<SendResult>> answers = new ArrayList<>();
        Runnable send =
                () -> answers.add(app.session().sendAsync(Message.text(text)).toCompletableFuture());
        if (onLoop) {
            server.loop().turn(send);
        } else {
            send.run();
        }
        server.run();
        return answers.get(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void awaitedSendIsAnsweredWhenTheNetworkHasTakenItAll(boolean onLoop) {
        MemoryClient client = server.open();
        client.connection().accept(3);
        CompletableFuture<SendResult> first = send("ab", onLoop);
        CompletableFuture<SendResult> second = send("cd", onLoop);
        assertThat(first).isNotCompleted();
        client.connection().accept(2);
        server.advance(Duration.ofMillis(500));
        assertThat(first)
                .as("all four bytes of its frame are gone, though the queue is not empty")
                .isCompletedWithValue(SendResult.SENT);
        assertThat(second).isNotCompleted();
        client.connection().acceptAll();
        assertThat(second).isCompletedWithValue(SendResult.SENT);
        assertThat(client.texts()).containsExactly("ab", "cd");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void awaitedSendToAFullQueueIsRefused(boolean onLoop) {
        MemoryClient client = server.open();
        client.connection().accept(0);
        String much = "x".repeat(1024 * 1024);
        CompletableFuture<SendResult> taken = send(much, onLoop);
        assertThat(send("one too many", onLoop)).isCompletedWithValue(SendResult.FULL);
        assertThat(taken).isNotCompleted();
        client.connection().acceptAll();
        assertThat(taken).isCompletedWithValue(SendResult.SENT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void awaitedSendIsAnsweredWithClosedIfTheConnectionIsLostBefore(boolean onLoop) {
        MemoryClient client = server.open();
        client.connection().accept(1);
        CompletableFuture<SendResult> answer = send("ab", onLoop);
        client.connection().lose(null);
        server.run();
        assertThat(answer).isCompletedWithValue(SendResult.CLOSED);
        assertThat(send("late", onLoop)).isCompletedWithValue(SendResult.CLOSED);
    }

    @Test
    void lastWordBeforeACloseIsAnsweredWhenItHasReachedTheNetwork() {
        MemoryClient client = server.open();
        List<CompletableFuture<SendResult>> answers = new ArrayList<>();
        server.loop().turn(() -> {
            answers.add(app.session().sendAsync(Message.text("bye")).toCompletableFuture());
            app.session().close(CloseStatus.NORMAL);
        });
        server.run();
        assertThat(answers.get(0)).isCompletedWithValue(SendResult.SENT);
        assertThat(client.texts()).containsExactly("bye");
    }

    @Test
    void answerNeverComesInsideACallback() {
        List<String> order = new ArrayList<>();
        RecordingApp answering = new RecordingApp(session -> (from, message) -> {
            from.sendAsync(message).thenAccept(result -> order.add("answer " + result));
            order.add("callback ends");
        });
        MemoryServer inline = MemoryServer.serving(answering);
        inline.open().send(ClientFrame.text("a"));
        assertThat(order).containsExactly("callback ends", "answer SENT");
        MemoryServer queued = MemoryServer.serving(answering.with(AppOptions.DEFAULT.executor(Runnable::run)));
        queued.open().send(ClientFrame.text("a"));
        assertThat(order).containsExactly("callback ends", "answer SENT", "callback ends", "answer SENT");
    }
}
