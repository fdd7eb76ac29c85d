package io.hexsocket.core.contract;

import io.hexsocket.core.contract.RawClient.End;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.Deflater;

/** Clients that come and go, one after the other, each in a way that could leave something behind. One thread. */
final class Visitor {

    /** How many kinds of visits there are. */
    static final int KINDS = 20;

    private static final int STAYING = 20;

    private static final int CROWD = 160;
    private static final int CROWD_BYTES = 900 * 1024;
    private static final int CROWD_SIZES = 9;

    private static final byte[] REQUEST = WsClient.request("/echo");
    private static final byte[] OFFER = text(new String(REQUEST, StandardCharsets.US_ASCII)
            .replaceFirst("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"));

    private final int plain;
    private final int tls;
    /** Those who say nothing more, and wait to be shown out. */
    private final Deque<RawClient> staying = new ArrayDeque<>();

    /**
     * A visitor of one host, who has an echo at {@code /echo}.
     *
     * @param plain the port without TLS
     * @param tls the port with TLS
     */
    Visitor(int plain, int tls) {
        this.plain = plain;
        this.tls = tls;
    }

    /** Many at once, for whom as much is kept as ever will be: with answers that wait, or in the middle of messages of all sizes. */
    static void crowd(Wire wire, int port) {
        byte[] much = WsClient.frame(WsClient.BINARY, new byte[CROWD_BYTES]);
        List<WsClient> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            WsClient client = open(connect(wire, port, 4 * 1024));
            client.socket().send(much, 0, much.length >> i % CROWD_SIZES);
            crowd.add(client);
        }
        crowd.forEach(client -> client.socket().reset());
    }

    /** Comes once, and is gone on return; or stays in silence for a while. */
    void visit(int kind) {
        switch (kind) {
            // those who never ask
            case 0 -> connect().close();
            case 1 -> connect().reset();
            case 2 -> saying(REQUEST, REQUEST.length - 3).close();
            case 3 -> saying(REQUEST, REQUEST.length / 2).reset();
            case 4 -> stay(saying(REQUEST, REQUEST.length / 3));
            case 5 -> connect(Wire.TLS, tls).reset();

            // those who are refused
            case 6 -> refused("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 404 ");
            case 7 -> refused("GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 4");
            case 8 -> refused("nonsense\r\n\r\n", "HTTP/1.1 400 ");
            case 9 -> wrongDoor();

            // those who are let in
            case 10 -> polite(open(connect()));
            case 11 -> polite(open(connect(Wire.TLS, tls)));
            case 12 -> rude(open(connect()));
            case 13 -> rude(open(connect(Wire.TLS, tls)));
            case 14 -> open(connect()).close();
            case 15 -> unmasked();
            case 16 -> longWinded();
            case 17 -> compressing();
            case 18 -> deaf();
            case 19 -> raw();
            default -> throw new IllegalArgumentException("no kind " + kind);
        }
    }

    /** Waits until those who have stayed are shown out. */
    void end() {
        for (RawClient client : staying) {
            client.awaitEnd();
            client.close();
        }
        staying.clear();
    }

    private void stay(RawClient client) {
        staying.add(client);
        if (staying.size() > STAYING) {
            staying.remove().reset();
        }
    }

    private void refused(String request, String answer) {
        try (RawClient client = connect()) {
            client.send(text(request));
            String told = new String(client.read(answer.length()), StandardCharsets.US_ASCII);
            if (!told.equals(answer) || client.awaitEnd() != End.FIN) {
                throw new AssertionError(told + " for " + request);
            }
        }
    }

    private void wrongDoor() {
        try (RawClient client = connect(Wire.PLAIN, tls)) {
            client.send(REQUEST);
            client.awaitEnd();
        }
    }

    private static void polite(WsClient client) {
        client.echo("here");
        client.leave();
    }

    private static void rude(WsClient client) {
        client.send("here");
        client.socket().reset();
    }

    private void unmasked() {
        try (WsClient client = open(connect())) {
            client.socket().send(new byte[] {(byte) 0x81, 4, 'h', 'e', 'r', 'e'});
            if (client.readMessage().status() != 1002) {
                throw new AssertionError("an unmasked frame is taken");
            }
            client.readEnd();
        }
    }

    private void longWinded() {
        try (WsClient client = open(connect())) {
            byte[] much = new byte[200 * 1024];
            client.sendBinary(much);
            if (client.readMessage().payload().length != much.length) {
                throw new AssertionError("an echo is cut");
            }
            // and then begins something
            client.socket().send(WsClient.frame(WsClient.BINARY, much), 0, 20 * 1024);
        }
    }

    /** Lets itself be compressed at, and does not look. */
    private void compressing() {
        try (RawClient client = connect()) {
            client.send(OFFER);
            client.read("HTTP/1.1 101".length());
            client.send(WsClient.frame(0x40 | WsClient.BINARY, compressed(4 * 1024)));
            client.send(WsClient.frame(WsClient.CLOSE, new byte[] {3, (byte) 0xE8}));
            if (client.awaitEnd() != End.FIN) {
                throw new AssertionError("no end in order");
            }
        }
    }

    private void deaf() {
        WsClient client = open(connect(Wire.PLAIN, plain, 4 * 1024));
        client.sendBinary(new byte[300 * 1024]);
        client.socket().reset();
    }

    private void raw() {
        try (RawClient client = connect()) {
            client.send(text("php process\nGET /echo HTTP/1.1\n{\"a\":1}"));
            client.read("{\"a\":1}".length());
        }
    }

    private static WsClient open(RawClient client) {
        return WsClient.open(client, "/echo");
    }

    private RawClient saying(byte[] bytes, int length) {
        RawClient client = connect();
        client.send(bytes, 0, length);
        return client;
    }

    private RawClient connect() {
        return connect(Wire.PLAIN, plain);
    }

    private static RawClient connect(Wire wire, int port) {
        return connect(wire, port, 0);
    }

    private static RawClient connect(Wire wire, int port, int receiveBytes) {
        return RawClient.connect(wire, port, receiveBytes);
    }

    /** What permessage-deflate makes of a message of zeros. */
    private static byte[] compressed(int length) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        deflater.setInput(new byte[length]);
        byte[] block = new byte[1024];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(block, 0, deflater.deflate(block, 0, block.length, Deflater.SYNC_FLUSH) - 4);
        deflater.end();
        return all.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
