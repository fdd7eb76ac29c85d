package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.port.host.ServerListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a host program may rely on, whatever transport it starts: {@link Server}, and the life of its apps. A transport adds nothing. */
public abstract class EmbeddingContract {

    private static final App ECHO = session -> Session::send;

    private final TransportUnderTest type;

    @RegisterExtension
    final Opened toClose = new Opened();

    /** The contract for one transport. */
    protected EmbeddingContract(TransportUnderTest type) {
        this.type = type;
    }

    private static ServerConfig.Builder config() {
        return ServerConfig.at("ws://127.0.0.1:0").eventLoops(2);
    }

    private Server start(ServerConfig.Builder config) throws IOException {
        RunningServer running = type.start(config.build());
        toClose.add(running);
        return running.server();
    }

    private WsClient connect(Server server, String path) {
        WsClient client = WsClient.connect(type.wire(), server.address().port(), path, 0);
        toClose.add(client);
        return client;
    }

    /** Records its life. */
    private static class Living implements App {
        final String name;
        final List<String> life;

        Living(String name, List<String> life) {
            this.name = name;
            this.life = life;
        }

        @Override
        public void onStart(Hub hub) throws Exception {
            life.add(name + " starts with " + hub.everyone().localSize());
        }

        @Override
        public Listener onOpen(Session session) {
            return new Listener() {
                @Override
                public void onMessage(Session from, Message message) {
                    from.send(message);
                }

                @Override
                public void onClose(Session gone, CloseStatus status) {
                    life.add(name + " loses a session");
                }
            };
        }

        @Override
        public void onStop() throws Exception {
            life.add(name + " stops");
        }
    }

    @Test
    void hostBroadcastsByTheHubOfTheServerWithoutAnySessionOfItsOwn() throws Exception {
        Server server = start(config().app("/echo", ECHO));
        server.hub().everyone().send("nobody is here yet");
        WsClient one = connect(server, "/echo");
        WsClient other = connect(server, "/echo");
        one.echo("there");
        other.echo("there");
        assertThat(server.sessions()).isEqualTo(2);
        assertThat(server.connections()).isEqualTo(2);
        server.hub().everyone().send("news");
        assertThat(one.readMessage().text()).isEqualTo("news");
        assertThat(other.readMessage().text()).isEqualTo("news");
    }

    @Test
    void appsStartBeforeTheFirstConnectionAndStopBehindTheLastCallbackInReverseOrder() throws Exception {
        List<String> life = new CopyOnWriteArrayList<>();
        App both = new Living("both", life);
        Server server =
                start(config().app("/both", both).app("/both/{way}", both).app("/last", new Living("last", life)));
        assertThat(life).containsExactly("both starts with 0", "last starts with 0");
        WsClient client = connect(server, "/both");
        client.echo("there");
        CompletableFuture<Void> ended = server.shutdown().toCompletableFuture();
        assertThat(client.readMessage().status()).isEqualTo(1001);
        client.sendClose(1001);
        client.readEnd();
        Await.result(ended);
        Await.result(server.shutdown().toCompletableFuture());
        assertThat(life)
                .containsExactly(
                        "both starts with 0", "last starts with 0", "both loses a session", "last stops", "both stops");
    }

    @Test
    void serverDoesNotStartIfAnAppCannotAndNamesItAndStopsTheOthers() {
        List<String> life = new CopyOnWriteArrayList<>();
        App broken = new Living("broken", life) {
            @Override
            public void onStart(Hub hub) throws Exception {
                throw new IOException("no database");
            }
        };
        assertThatThrownBy(() ->
                        start(config().app("/sound", new Living("sound", life)).app("/broken", broken)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/broken")
                .hasMessageContaining("no database")
                .hasCauseInstanceOf(IOException.class);
        assertThat(life).containsExactly("sound starts with 0", "sound stops");
    }

    @Test
    void appsStopIfThePortIsTakenAfterTheyHaveStarted() throws Exception {
        List<String> life = new CopyOnWriteArrayList<>();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerConfig.Builder config =
                    ServerConfig.at("ws://127.0.0.1:" + taken.getLocalPort()).app("/app", new Living("app", life));
            assertThatThrownBy(() -> start(config)).isInstanceOf(IOException.class);
        }
        assertThat(life).containsExactly("app starts with 0", "app stops");
    }

    @Test
    void appThatThrowsWhenItStopsIsToldToTheListenerAndKeepsNoOtherFromStopping() throws Exception {
        List<String> life = new CopyOnWriteArrayList<>();
        App broken = new Living("broken", life) {
            @Override
            public void onStop() throws Exception {
                throw new IOException("still in use");
            }
        };
        Server server = start(config().app("/sound", new Living("sound", life))
                .app("/broken", broken)
                .listener(new ServerListener() {
                    @Override
                    public void onStopError(String pattern, Throwable cause) {
                        life.add(pattern + ": " + cause.getMessage());
                    }
                }));
        server.close();
        assertThat(life).endsWith("/broken: still in use", "sound stops");
    }

    @Test
    void serverWithoutTlsSaysSoWhenItIsToReadCertificatesAgain() throws Exception {
        Server server = start(config().app("/echo", ECHO));
        assertThatThrownBy(server::reloadTls)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without TLS");
    }
}
