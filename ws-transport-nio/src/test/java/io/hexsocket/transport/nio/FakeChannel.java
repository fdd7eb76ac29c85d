package io.hexsocket.transport.nio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A socket that takes as many bytes as a test says, and remembers them. */
final class FakeChannel extends SocketChannel {

    /** What it takes before it says that it is full. */
    long room;

    /** How many bytes of input wait. */
    int input;

    /** What every write fails with, if anything. */
    @Nullable IOException failure;

    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    /** What the last write was given; its caller's own. */
    ByteBuffer[] given = {};

    int writes;
    int longestFromHeap;
    boolean outputEnded;
    private final int port;

    FakeChannel(SelectorProvider provider, int port) {
        super(provider);
        this.port = port;
    }

    int readiness() {
        int writing = room > 0 || failure != null ? SelectionKey.OP_WRITE : 0;
        return writing | (input > 0 ? SelectionKey.OP_READ : 0);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return (int) write(new ByteBuffer[] {source}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        writes++;
        given = sources;
        for (int i = offset; i < offset + length; i++) {
            if (!sources[i].isDirect()) {
                longestFromHeap = Math.max(longestFromHeap, sources[i].remaining());
            }
        }
        if (failure != null) {
            throw failure;
        }
        long taken = 0;
        for (int i = offset; i < offset + length && room > 0; i++) {
            byte[] piece = new byte[(int) Math.min(room, sources[i].remaining())];
            sources[i].get(piece);
            sent.writeBytes(piece);
            room -= piece.length;
            taken += piece.length;
        }
        return taken;
    }

    @Override
    public int read(ByteBuffer target) {
        int length = Math.min(input, target.remaining());
        target.position(target.position() + length);
        input -= length;
        return length;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        return 0;
    }

    @Override
    public SocketChannel shutdownOutput() {
        outputEnded = true;
        return this;
    }

    @Override
    public SocketChannel shutdownInput() {
        return this;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public SocketAddress getLocalAddress() {
        return getRemoteAddress();
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
}
