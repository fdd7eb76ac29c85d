package io.hexsocket.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client's connection over TCP, or over what a subclass puts on top. Blocks, with a deadline, until its channel does not any more. */
class Line {

    private static final int PATIENCE_MILLIS = 10_000;

    private final SocketChannel channel;

    Line(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().setSoTimeout(PATIENCE_MILLIS);
    }

    final SocketChannel channel() {
        return channel;
    }

    /** Reads once, what there is; -1 at the end. */
    int read(ByteBuffer target) throws IOException {
        if (!channel.isBlocking()) {
            return channel.read(target);
        }
        // a read of the channel itself would wait for ever for a server that has forgotten us
        byte[] part = new byte[target.remaining()];
        int length = channel.socket().getInputStream().read(part);
        target.put(part, 0, Math.max(0, length));
        return length;
    }

    /** Writes as much as the socket takes. */
    void write(ByteBuffer source) throws IOException {
        channel.write(source);
    }

    /** Whether something that was taken by {@link #write} has not got to the socket yet. */
    boolean isBlocked() {
        return false;
    }
}
