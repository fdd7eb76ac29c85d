package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.port.host.ServerListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What an app's policy for slow readers does over real sockets. A transport extends this class and adds nothing. */
public abstract class SlowReadersContract {

    private static final int MESSAGE = 8 * 1024;
    private static final int KEYS = 3;
    // no system's buffers for a connection hold as much
    private static final int MOST_SENT = 64 * 1024 * 1024 / MESSAGE;
    private static final int MORE_SENT = 200;

    private final TransportUnderTest type;
    private final Queue<Session> sessions = new ConcurrentLinkedQueue<>();
    private final AtomicLong told = new AtomicLong();

    @RegisterExtension
    final Opened toClose = new Opened();

    /** The contract for servers on one transport. */
    protected SlowReadersContract(TransportUnderTest type) {
        this.type = type;
    }

    private RunningServer start(SlowReaders policy) {
        App echo = session -> {
            sessions.add(session);
            return Session::send;
        };
        ServerConfig.Builder config = type.wire() == Wire.TLS
                ? ServerConfig.at("wss://127.0.0.1:0").tls(TestTls.server())
                : ServerConfig.at("ws://127.0.0.1:0");
        config.eventLoops(2)
                .app("/app", echo.with(AppOptions.DEFAULT.slowReaders(policy).queuedBytes(128 * 1024)))
                .listener(new ServerListener() {
                    @Override
                    public void onDropped(long connection, Session session, int messages) {
                        told.addAndGet(messages);
                    }
                });
        try {
            return toClose.add(type.start(config.build()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Message numbered(int number) {
        String text = number + " ";
        return Message.text(text + "x".repeat(MESSAGE - text.length())).keyed("key " + number % KEYS);
    }

    @ParameterizedTest
    @EnumSource(value = SlowReaders.class, mode = Mode.EXCLUDE, names = "CLOSE")
    @DisplayName("S3 a client that does not read for a while lacks what the policy drops, has the rest in order, is"
            + " answered, and stays")
    void s3ClientThatDoesNotReadForAWhileLacksWhatPolicyDropsAndStays(SlowReaders policy) {
        RunningServer server = start(policy);
        WsClient slow = toClose.add(WsClient.connect(type.wire(), server.port(), "/app", 4 * 1024));
        Await.until("the session", () -> sessions.size() == 1);
        Session session = sessions.element();
        int sent = 0;
        while (session.dropped() == 0 && sent < MOST_SENT) {
            Message next = numbered(sent++);
            Await.until("room", () -> session.hub().app("/app").send(next) != SendResult.FULL);
        }
        int end = sent + MORE_SENT;
        for (; sent < end; sent++) {
            Message next = numbered(sent);
            Await.until("room", () -> session.send(next) != SendResult.FULL);
        }
        slow.send("question");
        assertThat(session.isOpen()).isTrue();
        int heard = -1;
        int texts = 0;
        boolean answered = false;
        while (!answered || texts + session.dropped() < end) {
            String text = slow.readMessage().text();
            if (text.equals("question")) {
                answered = true;
                continue;
            }
            int number = Integer.parseInt(text.substring(0, text.indexOf(' ')));
            assertThat(number).isGreaterThan(heard);
            heard = number;
            texts++;
        }
        assertThat(texts + session.dropped()).isEqualTo(end);
        assertThat(session.dropped()).isPositive();
        if (policy != SlowReaders.DROP_NEW) {
            assertThat(heard).isEqualTo(end - 1);
        }
        slow.echo("still here");
        Await.until("the host is told of all", () -> told.get() == session.dropped());
        slow.leave();
    }
}
