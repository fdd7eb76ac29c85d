package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionEndTest {

    private final RecordingApp app = RecordingApp.echo();
    private final List<SessionEnd> ends = new ArrayList<>();
    private final MemoryServer server = MemoryServer.serving(
            app.with(AppOptions.DEFAULT.rawTcp(true)),
            config -> config.listener(new ServerListener() {
                @Override
                public void onClose(long connection, Session session, SessionEnd end) {
                    ends.add(end);
                }
            }));

    @Test
    void hostIsToldWhatASessionDidAndHowLongItLasted() {
        MemoryClient client = server.open();
        String id = app.session().id();
        client.send(ClientFrame.text("four"), ClientFrame.binary(new byte[200]));
        server.hub().everyone().send("to all");
        server.run();
        server.advance(Duration.ofSeconds(3));
        client.send(ClientFrame.close(1000));
        // frames have a header of 2 bytes, or 4 from 126 bytes of payload on, and those of clients a key of 4
        assertThat(ends)
                .containsExactly(new SessionEnd(
                        id,
                        new CloseStatus(1000, ""),
                        false,
                        null,
                        Duration.ofSeconds(3),
                        2,
                        6 + 4 + 8 + 200 + 6 + 2,
                        3,
                        2 + 4 + 4 + 200 + 2 + 6 + 2 + 2));
    }

    @Test
    void sessionThatNobodyHasAskedForItsIdHasNoneInTheEnd() {
        MemoryClient client = server.openRaw("/app");
        client.sendTexts("{}");
        client.connection().end();
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.id()).isNull();
            assertThat(end.messagesReceived()).isEqualTo(1);
            assertThat(end.bytesReceived()).isEqualTo(2);
            assertThat(end.messagesSent()).isEqualTo(1);
            assertThat(end.bytesSent()).isEqualTo(2);
        });
    }
}
