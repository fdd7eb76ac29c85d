package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.apps.Typed;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An app of values gets what its codec decodes, and its clients get what the codec encodes. */
class TypedAppTest {

    private final List<CloseStatus> closes = new ArrayList<>();
    private final List<Typed.TypedSession<Long>> opened = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    private final Typed.Codec<Integer, Long> numbers = new Typed.Codec<>() {
        @Override
        public Integer decode(Message message) {
            return Integer.valueOf(message.text());
        }

        @Override
        public Message encode(Long value) {
            return Message.text(value.toString());
        }
    };

    private final App squares = Typed.app(numbers, session -> new Typed.TypedListener<>() {
        {
            opened.add(session);
        }

        @Override
        public void onMessage(Integer value) {
            session.send((long) value * value);
        }

        @Override
        public void onDrained() {
            told.add("drained");
        }

        @Override
        public void onDropped(int messages) {
            told.add("dropped " + messages);
        }

        @Override
        public void onError(Throwable cause) {
            told.add("error " + cause.getMessage());
        }

        @Override
        public void onClose(CloseStatus status) {
            closes.add(status);
        }
    });

    @Test
    void listenerIsToldOfASlowReaderAndOfALostConnection() {
        MemoryServer server = MemoryServer.serving(squares.with(
                AppOptions.DEFAULT.slowReaders(SlowReaders.DROP_NEW).queuedBytes(1024)));
        MemoryClient client = server.open().stopReading();
        for (int i = 0; i < 10; i++) {
            server.hub().everyone().send("n".repeat(700));
        }
        server.run();
        assertThat(opened.get(0).session().send("n")).isEqualTo(SendResult.DROPPED);
        server.advance(Duration.ofMillis(500));
        client.readAgain();
        server.advance(Duration.ofMillis(500));
        client.connection().lose(new IOException("reset"));
        server.run();
        assertThat(told).hasSize(3).first().asString().startsWith("dropped ");
        assertThat(told).endsWith("drained", "error reset");
    }

    @Test
    void valuesGoBothWaysThroughTheCodec() {
        MemoryClient client = MemoryServer.serving(squares).open();
        client.send(ClientFrame.text("7"), ClientFrame.text("100000"));
        assertThat(client.texts()).containsExactly("49", "10000000000");
    }

    @Test
    void messageWithoutAValueClosesTheSessionWith1007() {
        MemoryClient client = MemoryServer.serving(squares).open();
        client.send(ClientFrame.text("seven"));
        assertThat(client.closeStatus().code()).isEqualTo(1007);
        client.close();
        assertThat(closes).hasSize(1);
    }
}
