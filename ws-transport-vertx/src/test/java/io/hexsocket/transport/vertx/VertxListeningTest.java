package io.hexsocket.transport.vertx;

import static io.hexsocket.transport.vertx.EchoClients.ECHO;
import static io.hexsocket.transport.vertx.EchoClients.anywhere;
import static io.hexsocket.transport.vertx.EchoClients.assertThatItEchoes;
import static io.hexsocket.transport.vertx.EchoClients.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.tls.TlsMaterialException;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a server can listen, and what it says where it cannot. */
@ExtendWith(VertxExtension.class)
class VertxListeningTest {

    @RegisterExtension
    private final EchoClients clients = new EchoClients();

    @Test
    @DisplayName("O6 port of another server of the same Vert.x is refused")
    void portOfAnotherServerOfTheSameVertxIsRefused(Vertx host) throws Exception {
        VertxServer first = start(host, anywhere().app("/echo", ECHO));
        ServerConfig.Builder same =
                ServerConfig.at("ws://127.0.0.1:" + first.address().port()).app("/other", ECHO);
        assertThatThrownBy(() -> start(host, same))
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen at " + first.address() + ": address already in use");
        assertThatItEchoes(clients.open(first, "/echo"));
        assertThat(host.deploymentIDs()).hasSize(1);
    }

    @Test
    @DisplayName("O6 port of the host's own server is refused")
    void portOfTheHostsOwnServerIsRefused(Vertx host) throws Exception {
        int port = host.createNetServer(new NetServerOptions().setHost("127.0.0.1"))
                .connectHandler(NetSocket::close)
                .listen(0)
                .await(Duration.ofSeconds(60))
                .actualPort();
        ServerConfig.Builder same = ServerConfig.at("ws://127.0.0.1:" + port).app("/echo", ECHO);
        assertThatThrownBy(() -> start(host, same)).isInstanceOf(BindException.class);
    }

    @Test
    @DisplayName("O6 port of another program is refused")
    void portOfAnotherProgramIsRefused() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "ws://127.0.0.1:" + other.getLocalPort();
            assertThatThrownBy(() -> VertxServer.start(
                            ServerConfig.at(address).app("/echo", ECHO).build()))
                    .isInstanceOf(BindException.class)
                    .hasMessage("cannot listen at " + address + ": address already in use");
        }
    }

    @Test
    @DisplayName("O6 address of another host is refused")
    void addressOfAnotherHostIsRefused(Vertx host) {
        assertThatThrownBy(() ->
                        start(host, ServerConfig.at("ws://192.0.2.1:18091").app("/echo", ECHO)))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("cannot listen at ws://192.0.2.1:18091: ");
    }

    @Test
    @DisplayName("O6 unknown host name is refused")
    void unknownHostNameIsRefused(Vertx host) {
        assertThatThrownBy(() -> start(
                        host, ServerConfig.at("ws://no.such.host.invalid:18091").app("/echo", ECHO)))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen at ws://no.such.host.invalid:18091: the host name is not known");
    }

    @Test
    void appWhoseOptionsFailFailsTheStart(Vertx host) {
        App broken = new App() {
            @Override
            public Listener onOpen(Session session) {
                throw new AssertionError("it is never started");
            }

            @Override
            public AppOptions options() {
                throw new IllegalArgumentException("no such executor");
            }
        };
        ServerConfig.Builder config = anywhere().app("/broken", broken);
        assertThatThrownBy(() -> start(host, config)).hasMessage("no such executor");
        assertThatThrownBy(() -> VertxServer.start(config.build())).hasMessage("no such executor");
    }

    @Test
    void missingCertificateFailsTheStart(Vertx host) {
        ServerConfig.Builder config = ServerConfig.at("wss://127.0.0.1:0")
                .tls(TlsConfig.of(Path.of("cert.pem"), null))
                .app("/echo", ECHO);
        assertThatThrownBy(() -> start(host, config))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessage("cannot read cert.pem: there is no such file");
    }

    @Test
    void serverAtTheIpv4WildcardDoesNotServeIpv6(Vertx host) throws Exception {
        VertxServer server =
                start(host, ServerConfig.at("ws://0.0.0.0:0").eventLoops(1).app("/echo", ECHO));
        assertThatItEchoes(clients.open(server, "/echo"));
        try (Socket inet6 = new Socket()) {
            inet6.connect(new InetSocketAddress("::1", server.address().port()), 40_000);
            inet6.setSoTimeout(40_000);
            assertThat(inet6.getInputStream().read()).isNegative();
        } catch (IOException refused) {
            assertThat(refused).isNotInstanceOf(SocketTimeoutException.class);
        }
    }
}
