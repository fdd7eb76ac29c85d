package io.hexsocket.core.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that owns nothing but its channel, for tests that count bytes. Not for two threads at once. */
final class SmallClient implements AutoCloseable {

    private static final ThreadLocal<ByteBuffer> BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(4096));

    private final SocketChannel channel;

    private SmallClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects, and does its opening handshake. */
    static SmallClient connect(int port, String path) throws IOException {
        SmallClient client =
                new SmallClient(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        client.send(WsClient.request(path));
        ByteBuffer head = BUFFER.get().clear();
        while (!endsWithEmptyLine(head)) {
            if (client.channel.read(head) < 0) {
                throw new IOException("the server ended the connection");
            }
        }
        byte[] start = new byte[12];
        head.flip().get(start);
        String status = new String(start, StandardCharsets.US_ASCII);
        if (!status.equals("HTTP/1.1 101")) {
            throw new IOException("the server answered " + status);
        }
        return client;
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer out = BUFFER.get().clear().put(bytes).flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private static boolean endsWithEmptyLine(ByteBuffer head) {
        int end = head.position();
        return end >= 4 && head.getInt(end - 4) == 0x0D0A0D0A;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
