package io.hexsocket.transport.nio;

import io.hexsocket.core.transport.Link;
import io.hexsocket.core.transport.LinkLoop;
import io.hexsocket.core.transport.Receiver;
import io.hexsocket.core.transport.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket on its event loop. */
final class NioWire implements Wire, NioLoop.Ready {

    private static final Logger log = LoggerFactory.getLogger(NioWire.class);

    // What one write hands to the JDK at most of an array's bytes: it copies them into a buffer outside the heap, as
    // large as that, and keeps it for the thread
    private static final int ARRAY_BYTES = 32 * 1024;

    private SelectionKey key;
    private @Nullable Receiver receiver;
    private @Nullable Link link;

    private NioWire(SelectionKey key) {
        this.key = key;
    }

    /** Takes an accepted channel. The caller closes it if this throws. */
    static void open(NioLoop loop, SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        // without it, a second small write waits for the answer to the first: 40 ms a message
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
        if (peer == null) {
            throw new SocketException("the peer was gone before it could be asked for its address");
        }
        SelectionKey key = channel.register(loop.selector(), SelectionKey.OP_READ);
        NioWire wire = new NioWire(key);
        key.attach(wire);
        wire.link = loop.links().accept(wire, peer);
    }

    void movedTo(SelectionKey moved) {
        key = moved;
    }

    @Override
    public void attach(Receiver next) {
        receiver = next;
    }

    // ---- reading

    @Override
    public void onReady(NioLoop loop, SelectionKey ready) {
        Link link = link();
        link.beginTurn();
        try {
            if (ready.isWritable()) {
                receiver().onWritable();
            }
            if (ready.isReadable()) {
                // another connection may have paused or closed this one in the same turn
                if (receiver().wantsBytes()) {
                    read(loop.readBuffer(), loop.links());
                } else {
                    stopListening();
                }
            }
        } catch (Throwable failed) {
            link.fail(failed);
        }
        // now and not at the end of the loop's turn: what this connection has written to itself is still in the cache
        link.endTurn();
    }

    private void read(ByteBuffer buffer, LinkLoop links) {
        int reads = 0;
        do {
            buffer.clear().limit(receiver().readLimit());
            int length;
            try {
                length = channel().read(buffer);
            } catch (IOException lost) {
                receiver().onLost(lost);
                return;
            }
            if (length < 0) {
                // the selector would report the end again and again
                stopListening();
                receiver().onEndOfStream();
                return;
            }
            if (length == 0) {
                return;
            }
            boolean filled = !buffer.hasRemaining();
            links.onRead(length);
            receiver().onBytes(buffer.flip());
            if (!filled) {
                return;
            }
        } while (links.mayReadOn(++reads) && receiver().wantsBytes());
    }

    /** Most pauses are over before anything comes: as long as nothing does, the selector goes on listening, which costs no system call. */
    @Override
    public void listen(boolean forBytes, boolean forRoom) {
        if (key.isValid()) {
            int reading = forBytes ? SelectionKey.OP_READ : key.interestOps() & SelectionKey.OP_READ;
            listenFor(reading | (forRoom ? SelectionKey.OP_WRITE : 0));
        }
    }

    private void stopListening() {
        listenFor(key.interestOps() & ~SelectionKey.OP_READ);
    }

    private void listenFor(int interest) {
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    // ---- writing

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return bytes.isDirect() ? channel().write(bytes) : writeArray(bytes);
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        int direct = offset;
        while (direct < offset + length && buffers[direct].isDirect()) {
            direct++;
        }
        if (direct == offset + length) {
            return channel().write(buffers, offset, length);
        }
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            all += write(buffers[i]);
            if (buffers[i].hasRemaining()) {
                break;
            }
        }
        return all;
    }

    private int writeArray(ByteBuffer bytes) throws IOException {
        int all = 0;
        int end = bytes.limit();
        while (bytes.position() < end) {
            int piece = Math.min(end - bytes.position(), ARRAY_BYTES);
            int taken;
            try {
                taken = channel().write(bytes.limit(bytes.position() + piece));
            } finally {
                bytes.limit(end);
            }
            all += taken;
            if (taken < piece) {
                break;
            }
        }
        return all;
    }

    // ---- the end

    @Override
    public void shutdownOutput() throws IOException {
        channel().shutdownOutput();
    }

    @Override
    public void resetOnClose() {
        try {
            channel().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            log.trace("no reset needed", gone);
        }
    }

    @Override
    public void close() {
        key.cancel();
        try {
            channel().close();
        } catch (IOException failed) {
            log.debug("closing failed", failed);
        }
    }

    @Override
    public boolean isOpen() {
        return channel().isOpen();
    }

    private SocketChannel channel() {
        return (SocketChannel) key.channel();
    }

    Link link() {
        Link accepted = link;
        if (accepted == null) {
            throw new IllegalStateException("the connection has not begun");
        }
        return accepted;
    }

    private Receiver receiver() {
        Receiver attached = receiver;
        if (attached == null) {
            throw new IllegalStateException("the connection has not begun");
        }
        return attached;
    }
}
