package io.hexsocket.core.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.Cuts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the PROXY protocol does to a server, whatever transport it runs on. A transport extends this class and adds nothing. */
public abstract class ProxyContract {

    private static final String V1 = "PROXY TCP4 198.51.100.7 192.0.2.1 4711 443\r\n";
    private static final byte[] V2 = HexFormat.of()
            .parseHex("0d0a0d0a000d0a515549540a" + "21110014" + "c6336407c0000201126701bb" + "2000050100000000");
    private static final byte[] LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000");

    /** Tells each client where the server thinks it is. */
    private static final App WHERE = session -> {
        InetSocketAddress address = session.request().remoteAddress();
        session.send(address.getAddress().getHostAddress() + " " + address.getPort() + " "
                + (session.request().isSecure() ? "secure" : "plain")
                + (session.request().isForwarded() ? " forwarded" : ""));
        return Session::send;
    };

    private final TransportUnderTest type;

    @RegisterExtension
    final Opened toClose = new Opened();

    private final LinkedBlockingQueue<String> refusals = new LinkedBlockingQueue<>();

    /** The contract for servers on one transport. */
    protected ProxyContract(TransportUnderTest type) {
        this.type = type;
    }

    private RunningServer start(ServerConfig.Builder config) throws IOException {
        RunningServer server = type.start(config.listener(new ServerListener() {
                    @Override
                    public void onRefused(
                            long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
                        refusals.add(peer.getAddress().getHostAddress() + " " + status + " " + why);
                    }
                })
                .build());
        return toClose.add(server);
    }

    private RunningServer start(Proxies proxies) throws IOException {
        return start(config(proxies));
    }

    private static ServerConfig.Builder config(Proxies proxies) {
        return ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(2)
                .app("/where", WHERE)
                .proxies(proxies);
    }

    private static Proxies loopbackSpeaks() {
        return Proxies.trusting("127.0.0.1").proxyProtocol(true);
    }

    private RawClient connect(RunningServer server) {
        return toClose.add(RawClient.connect(Wire.PLAIN, server.port()));
    }

    private String refusal() throws InterruptedException {
        return refusals.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private WsClient open(RunningServer server, byte[] header, String... headers) {
        RawClient socket = connect(server);
        socket.send(Cuts.join(List.of(header, request(headers))));
        return toClose.add(WsClient.after(socket));
    }

    private static byte[] request(String... headers) {
        String request = new String(WsClient.request("/where"), ISO_8859_1);
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return (request.substring(0, request.length() - 2) + more + "\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void bothVersionsNameTheClient() throws Exception {
        RunningServer server = start(loopbackSpeaks());
        assertThat(open(server, bytes(V1)).readMessage().text()).isEqualTo("198.51.100.7 4711 plain forwarded");
        assertThat(open(server, V2).readMessage().text()).isEqualTo("198.51.100.7 4711 secure forwarded");
        assertThat(open(server, bytes("PROXY TCP6 2001:db8::7 ::1 4711 443\r\n"))
                        .readMessage()
                        .text())
                .isEqualTo("2001:db8:0:0:0:0:0:7 4711 plain forwarded");
        assertThat(open(server, bytes("PROXY UNKNOWN\r\n")).readMessage().text())
                .isEqualTo("0.0.0.0 0 plain forwarded");
        assertThat(open(server, LOCAL).readMessage().text())
                .startsWith("127.0.0.1 ")
                .endsWith(" plain");
    }

    @Test
    void headerRequestAndFramesInOnePieceOrInBytes() throws Exception {
        RunningServer server = start(loopbackSpeaks());
        byte[] frame = WsClient.frame(WsClient.TEXT, bytes("hello"));
        for (byte[] header : List.of(bytes(V1), V2)) {
            byte[] all = Cuts.join(List.of(header, request(), frame));
            List<List<byte[]>> ways = new ArrayList<>();
            ways.add(List.of(all));
            ways.add(Cuts.every(1, all));
            for (int cut = 1; cut <= header.length + 1; cut++) {
                ways.add(Cuts.at(cut, all));
            }
            for (List<byte[]> pieces : ways) {
                try (RawClient socket = RawClient.connect(Wire.PLAIN, server.port())) {
                    pieces.forEach(socket::send);
                    WsClient client = WsClient.after(socket);
                    assertThat(client.readMessage().text()).startsWith("198.51.100.7 4711 ");
                    assertThat(client.readMessage().text()).isEqualTo("hello");
                }
            }
        }
    }

    @Test
    @DisplayName("H26 H27 what the client of a proxy writes into its headers does not count")
    void headersOfTheClientDoNotCount() throws Exception {
        RunningServer server = start(loopbackSpeaks());
        assertThat(open(server, bytes(V1), "X-Forwarded-For: ::1", "X-Forwarded-Proto: https")
                        .readMessage()
                        .text())
                .isEqualTo("198.51.100.7 4711 plain forwarded");
        assertThat(open(server, bytes("PROXY UNKNOWN\r\n"), "X-Forwarded-For: 203.0.113.9")
                        .readMessage()
                        .text())
                .isEqualTo("0.0.0.0 0 plain forwarded");
    }

    @Test
    void aProxyBehindTheProxyIsBelievedIfItIsListed() throws Exception {
        RunningServer server =
                start(Proxies.trusting("127.0.0.1", "198.51.100.7").proxyProtocol(true));
        assertThat(open(server, bytes(V1), "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https")
                        .readMessage()
                        .text())
                .isEqualTo("203.0.113.9 0 secure forwarded");
    }

    @Test
    void listedPeerThatSendsNoHeaderIsClosed() throws Exception {
        RunningServer server = start(loopbackSpeaks());
        for (byte[] first : List.of(WsClient.request("/where"), bytes("PROXY NONSENSE\r\n\r\n\r\n"))) {
            RawClient client = connect(server);
            client.send(first);
            client.awaitEnd();
            assertThat(refusal()).startsWith("127.0.0.1 0 ").contains("PROXY protocol");
        }
        Await.until("the end of all", () -> server.connections() == 0);
    }

    @Test
    void unlistedPeerThatSendsOneIsRefused() throws Exception {
        for (Proxies proxies : List.of(
                Proxies.NONE,
                Proxies.trusting("127.0.0.1"),
                Proxies.trusting("203.0.113.9").proxyProtocol(true))) {
            RunningServer server = start(proxies);
            for (byte[] header : List.of(bytes(V1), V2)) {
                RawClient client = connect(server);
                client.send(Cuts.join(List.of(header, request())));
                assertThat(new String(client.readToEnd(), ISO_8859_1))
                        .startsWith("HTTP/1.1 400 Bad Request\r\n")
                        .contains("PROXY");
            }
            assertThat(open(server, new byte[0]).readMessage().text()).startsWith("127.0.0.1 ");
        }
    }

    @Test
    void headerThatNeverEndsIsCutByTheDeadlineOfTheHead() throws Exception {
        RunningServer server = start(config(loopbackSpeaks()).timeouts(Timeouts.DEFAULT.head(Duration.ofSeconds(1))));
        RawClient silent = connect(server);
        RawClient slow = connect(server);
        slow.send(bytes("PROXY TCP4 198."));
        silent.awaitEnd();
        slow.awaitEnd();
        Await.until("the end of all", () -> server.connections() == 0);
    }

    @Test
    void tlsComesBehindTheHeader() throws Exception {
        RunningServer server = start(ServerConfig.at("wss://127.0.0.1:0")
                .tls(TestTls.server())
                .eventLoops(2)
                .app("/where", WHERE)
                .proxies(loopbackSpeaks()));
        for (byte[] header : List.of(bytes(V1), V2)) {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
            toClose.add(plain);
            plain.getOutputStream().write(header);
            RawClient socket = RawClient.over(
                    Wire.TLS.context().getSocketFactory().createSocket(plain, "localhost", server.port(), true));
            socket.send(request());
            WsClient client = WsClient.after(socket);
            assertThat(client.readMessage().text()).isEqualTo("198.51.100.7 4711 secure forwarded");
            client.echo("hello");
        }
        RawClient withoutHeader = RawClient.connect(Wire.PLAIN, server.port());
        toClose.add(withoutHeader);
        withoutHeader.send(new byte[] {0x16, 3, 1, 0, 0});
        withoutHeader.awaitEnd();
        assertThat(refusal()).contains("PROXY protocol");
    }

    @Test
    @DisplayName("R3 the limit for each address counts the clients, and not the proxy")
    void limitCountsClients() throws Exception {
        RunningServer server = start(
                config(loopbackSpeaks()).limits(Limits.DEFAULT.connections(100).connectionsPerAddress(2)));
        List<WsClient> clients = new ArrayList<>();
        for (int host = 1; host <= 3; host++) {
            byte[] header = bytes("PROXY TCP4 198.51.100." + host + " 192.0.2.1 4711 443\r\n");
            clients.add(open(server, header));
            clients.add(open(server, header));
            RawClient third = connect(server);
            third.send(Cuts.join(List.of(header, request())));
            assertThat(new String(third.readToEnd(), ISO_8859_1)).startsWith("HTTP/1.1 503 ");
            assertThat(refusal()).startsWith("198.51.100." + host + " 503 ");
        }
        for (WsClient client : clients) {
            client.readMessage();
            client.leave();
        }
        Await.until("the end of all", () -> server.connections() == 0);
        open(server, bytes("PROXY TCP4 198.51.100.1 192.0.2.1 4711 443\r\n")).readMessage();
    }

    @Test
    @DisplayName("B2 H27 raw TCP through a proxy that says loopback stays outside")
    void rawTcpThroughAProxyStaysOutside() throws Exception {
        RunningServer server = start(config(loopbackSpeaks()).rawDoor(RawDoor.LOOPBACK));
        for (String client : List.of("TCP4 127.0.0.1 127.0.0.1 1 1", "TCP6 ::1 ::1 1 1", "UNKNOWN")) {
            RawClient raw = connect(server);
            raw.send(bytes("PROXY " + client + "\r\nphp process\nGET /where HTTP/1.1\n"));
            assertThat(raw.readToEnd()).isEmpty();
            assertThat(refusal()).contains("raw TCP is not open to this address; rawDoor says");
        }
    }
}
