package io.hexsocket.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A socket of the host's that listens")
class NioGivenSocketTest {

    @Test
    @DisplayName("is where the server is, stays open, and serves the next one with those who came in between")
    void outlivesItsServer() throws Exception {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
            try (NioServer first = NioServer.start(config(), listening)) {
                assertThat(first.address().toString()).isEqualTo("ws://127.0.0.1:" + port);
                try (WsClient client = WsClient.connect(Wire.PLAIN, port, "/echo")) {
                    client.echo("to the first");
                }
            }
            assertThat(listening.isOpen()).isTrue();

            try (RawClient between = RawClient.connect(Wire.PLAIN, port)) {
                between.send(WsClient.request("/echo"));
                try (NioServer second = NioServer.start(config(), listening)) {
                    assertThat(second.address().port()).isEqualTo(port);
                    WsClient waited = WsClient.after(between);
                    waited.echo("to the second");
                    waited.leave();
                }
            }
        }
    }

    @Test
    @DisplayName("has to be bound; one that is not stays the host's as well")
    void hasToBeBound() throws IOException {
        try (ServerSocketChannel unbound = ServerSocketChannel.open()) {
            assertThatThrownBy(() -> NioServer.start(config(), unbound))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen at the given socket: it is not bound to a TCP port");
            assertThat(unbound.isOpen()).isTrue();
        }
    }

    private static ServerConfig config() {
        return ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app("/echo", session -> Session::send)
                .build();
    }
}
