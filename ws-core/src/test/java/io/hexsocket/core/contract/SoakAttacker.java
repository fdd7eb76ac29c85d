package io.hexsocket.core.contract;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;

/** A client that means harm to a server of {@link SoakedServer}: the attacks M1 to M7 of docs/security.md, small, one after the other. One thread. */
final class SoakAttacker {

    /** How many kinds of attacks there are. */
    static final int KINDS = 7;

    private static final int MIB = 1024 * 1024;
    private static final int FIN = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final byte[] OFFER = new String(WsClient.request("/echo"), StandardCharsets.US_ASCII)
            .replaceFirst("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    /** What becomes nearly 5 MiB, the longest message that is taken. */
    private static final byte[] BOMB = compressed(5 * MIB - 1);

    private static final long HELD_MILLIS = 500;

    private final int port;
    private final List<RawClient> open = new ArrayList<>();

    /** Against a host who has an echo at {@code /echo}, a room at {@code /room} and packets at {@code /web}. */
    SoakAttacker(int port) {
        this.port = port;
    }

    /** Leads one attack; all of its connections are gone on return, whatever the server has done to them. */
    void attack(int kind) throws InterruptedException {
        try {
            switch (kind) {
                case 0 -> unfinishedMessages();
                case 1 -> unfinishedCompressedMessages("/echo");
                case 2 -> bufferedChunks();
                case 3 -> receiversThatDoNotRead();
                case 4 -> broadcastFlood();
                case 5 -> tinyFrames();
                case 6 -> compressedEchoes();
                default -> throw new IllegalArgumentException("no kind " + kind);
            }
        } catch (UncheckedIOException ended) {
            // as it should be
        } finally {
            open.forEach(RawClient::reset);
            open.clear();
        }
    }

    /** M1: more than the budget, none of it complete. */
    private void unfinishedMessages() throws InterruptedException {
        byte[] most = Arrays.copyOf(
                ByteBuffer.allocate(14)
                        .put((byte) (FIN | WsClient.BINARY))
                        .put((byte) 0xFF)
                        .putLong(5 * MIB)
                        .putInt(0)
                        .array(),
                4 * MIB);
        for (int i = 0; i < 40; i++) {
            send(upgraded("/echo", 0), most);
        }
        hold();
    }

    /** M2: a few KB each, which are 5 MiB, and not the end of the message. */
    private void unfinishedCompressedMessages(String path) throws InterruptedException {
        for (int i = 0; i < 40; i++) {
            send(compressing(path), frame(COMPRESSED | WsClient.BINARY, BOMB));
        }
        hold();
    }

    /** M3: a chunk, and no bufferOFF. */
    private void bufferedChunks() throws InterruptedException {
        for (int i = 0; i < 40; i++) {
            RawClient client = compressing("/web");
            send(client, WsClient.frame(WsClient.TEXT, "bufferON".getBytes(StandardCharsets.US_ASCII)));
            send(client, frame(FIN | COMPRESSED | WsClient.TEXT, BOMB));
        }
        hold();
    }

    /** M4: many who do not read what one says to all. */
    private void receiversThatDoNotRead() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            upgraded("/room", 4 * 1024);
        }
        RawClient sender = upgraded("/room", 4 * 1024);
        byte[] message = WsClient.frame(WsClient.BINARY, new byte[10 * 1024]);
        for (int i = 0; i < 300; i++) {
            send(sender, message);
        }
        hold();
    }

    /** M5: broadcasts as fast as they go. */
    private void broadcastFlood() {
        for (int i = 0; i < 50; i++) {
            upgraded("/room", 0);
        }
        RawClient sender = upgraded("/room", 0);
        byte[] message = WsClient.frame(WsClient.BINARY, new byte[1024]);
        flood(sender, message);
    }

    /** M6: as many frames as fit in what is read at once. */
    private void tinyFrames() {
        byte[] tiny = WsClient.frame(WsClient.TEXT, new byte[] {'a'});
        ByteBuffer many = ByteBuffer.allocate(256 * 1024 / tiny.length * tiny.length);
        while (many.hasRemaining()) {
            many.put(tiny);
        }
        flood(upgraded("/sink", 0), many.array());
    }

    /** M7: a few KB that are inflated, compressed again and sent back. */
    private void compressedEchoes() {
        flood(compressing("/echo"), frame(FIN | COMPRESSED | WsClient.BINARY, BOMB));
    }

    private void flood(RawClient client, byte[] message) {
        Aside.run(() -> client.readToAnyEnd());
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(2 * HELD_MILLIS)) {
            client.send(message);
        }
    }

    private static void hold() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(HELD_MILLIS);
    }

    /** Sends, also to a server that has ended this connection and goes on with the others. */
    private static void send(RawClient client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (UncheckedIOException ended) {
            // that one is gone
        }
    }

    private RawClient upgraded(String path, int receiveBytes) {
        RawClient client = connect(receiveBytes);
        client.send(WsClient.request(path));
        client.read("HTTP/1.1 101".length());
        return client;
    }

    private RawClient compressing(String path) {
        RawClient client = connect(0);
        client.send(new String(OFFER, StandardCharsets.US_ASCII)
                .replaceFirst("/echo", path)
                .getBytes(StandardCharsets.US_ASCII));
        client.read("HTTP/1.1 101".length());
        return client;
    }

    private RawClient connect(int receiveBytes) {
        RawClient client = RawClient.connect(Wire.PLAIN, port, receiveBytes);
        open.add(client);
        return client;
    }

    /** A frame with its first byte as it is. */
    private static byte[] frame(int firstByte, byte[] payload) {
        byte[] frame = WsClient.frame(WsClient.BINARY, payload);
        frame[0] = (byte) firstByte;
        return frame;
    }

    private static byte[] compressed(int length) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] spaces = new byte[length];
        Arrays.fill(spaces, (byte) ' ');
        deflater.setInput(spaces);
        byte[] block = new byte[64 * 1024];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(block, 0, deflater.deflate(block, 0, block.length, Deflater.SYNC_FLUSH) - 4);
        deflater.end();
        return all.toByteArray();
    }
}
