package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A session that is over")
class LeftoversTest {

    @Test
    @DisplayName("F15 C9 has given back the memory of its half message and half ping, however it ended")
    void f15C9SessionThatIsOverHasGivenBackMemoryOfItsHalfMessageAndHalfPingHoweverItEnded() {
        byte[] half = Arrays.copyOf(ClientFrame.text("x".repeat(10_000)).bytes(), 6000);
        byte[] message = ClientFrame.binary(new byte[3000]).notFinal().bytes();
        byte[] halfPing = Arrays.copyOf(ClientFrame.ping(new byte[100]).bytes(), 50);
        List<Consumer<MemoryClient>> endings = List.of(
                client -> client.connection().end(),
                client -> client.connection().lose(new IOException("reset")),
                client -> client.connection().lose(null),
                client -> client.connection().loop().advance(Duration.ofSeconds(20)));
        for (Consumer<MemoryClient> ending : endings) {
            RecordingApp app = RecordingApp.echo();
            MemoryServer server = MemoryServer.serving(app);
            LoopState loop = ((LoopConnections) server.loop().core()).loop();
            MemoryClient first = server.open();
            MemoryClient second = server.open();
            first.connection().send(half);
            second.connection().send(message).send(halfPing);
            assertThat(loop.buffers().takenBytes()).isPositive();
            ending.accept(first);
            ending.accept(second);
            server.assertNothingIsLeft();
            assertThat(loop.buffers().takenBytes()).isZero();
        }
    }

    @Test
    @DisplayName("C10 has given back the memory of what it was ignoring")
    void c10SessionThatIsOverHasGivenBackMemoryOfWhatItWasIgnoring() {
        RecordingApp app = RecordingApp.echo();
        MemoryServer server = MemoryServer.serving(app);
        LoopState loop = ((LoopConnections) server.loop().core()).loop();
        MemoryClient client = server.open();
        app.session().close();
        server.run();
        client.send(ClientFrame.text("x".repeat(5000)).notFinal());
        client.send(ClientFrame.close(1000));
        assertThat(loop.buffers().takenBytes()).isZero();
        client.connection().end();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("A10 has given back the memory of the message in which its app threw")
    void memoryOfTheLastMessage() {
        RecordingApp app = new RecordingApp(session -> (self, message) -> {
            throw new IllegalStateException("thrown");
        });
        MemoryServer server = MemoryServer.serving(app);
        LoopState loop = ((LoopConnections) server.loop().core()).loop();
        MemoryClient client = server.open();
        client.send(ClientFrame.fragments("a", "b"));
        assertThat(app.events()).endsWith("close 1011 the app failed");
        assertThat(loop.buffers().takenBytes()).isZero();
        // what is given back twice would be given to two messages
        client.connection().end();
        MemoryClient one = server.open();
        MemoryClient other = server.open();
        one.send(ClientFrame.text("one").notFinal());
        other.send(ClientFrame.text("other").notFinal());
        assertThat(loop.buffers().takenBytes()).isEqualTo(2 * 4096);
    }
}
