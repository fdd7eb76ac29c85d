package io.hexsocket.transport.vertx;

import io.hexsocket.core.transport.Link;
import io.hexsocket.core.transport.Receiver;
import io.hexsocket.core.transport.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty channel on its event loop: the handler where the bytes of a {@code NetSocket} come out.
 *
 * <p>Output goes around Netty's queue, which takes all it is given and says later what became of it. A {@link FileRegion} is what Netty
 * lends a channel's own {@link WritableByteChannel} to, so the wire is one: the first write asks for that by a region of one byte, which
 * writes nothing. From then on each write is a system call at once, and what it has not taken is the caller's. To be told of room, the wire
 * writes a region again: Netty asks it for bytes, gets none, waits until the socket takes more, and asks again.
 */
final class VertxWire extends ChannelDuplexHandler implements Wire, FileRegion {

    private static final Logger log = LoggerFactory.getLogger(VertxWire.class);

    // What one write hands to the JDK at most of an array's bytes: it copies them into a buffer outside the heap, as
    // large as that, and keeps it for the thread
    private static final int ARRAY_BYTES = 32 * 1024;

    /** What becomes of the region when Netty asks it for bytes. */
    private enum Region {
        /** It is not with Netty, or is about to be taken off its queue. */
        DONE,
        /** It takes the socket, and is done. */
        TAKES_SOCKET,
        /** It gives nothing, so that Netty waits for the socket to have room. */
        AWAITS_ROOM,
        /** The socket has room, and it is done. */
        HAS_ROOM
    }

    private final VertxLoop loop;
    private final ChannelHandlerContext context;
    private @Nullable Receiver receiver;
    private @Nullable Link link;
    private @Nullable WritableByteChannel socket;
    private Region region = Region.DONE;
    /** Whether a region is on its way to Netty, which may find on this occasion that the channel is broken. */
    private boolean giving;

    private boolean closed;

    private VertxWire(VertxLoop loop, ChannelHandlerContext place) {
        this.loop = loop;
        place.pipeline().addBefore(place.name(), "hexsocket", this);
        this.context = place.pipeline().context(this);
    }

    /** A wire before this place of a pipeline. */
    static VertxWire before(ChannelHandlerContext place, VertxLoop loop) {
        return new VertxWire(loop, place);
    }

    @Override
    public void attach(Receiver next) {
        receiver = next;
    }

    /** The connection, once it is accepted. */
    void begin(Link accepted) {
        link = accepted;
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        ByteBuf input = (ByteBuf) message;
        try {
            if (!closed) {
                beginTurn();
                Context before = loop.enter();
                try {
                    receiver().onBytes(loop.readBuffer().view(input));
                } catch (Throwable failed) {
                    link().fail(failed);
                } finally {
                    loop.leave(before);
                }
                loop.readBuffer().readOn(receiver().wantsBytes());
            }
        } finally {
            input.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext unused) {
        endTurn();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext unused, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            // nothing follows that would end the turn
            tell(receiver()::onEndOfStream);
        } else if (event.getClass().getPackageName().startsWith("io.vertx.")) {
            // the one event that Vert.x has, of a class of its own: the server has closed its port and wants to end
            loop.leavePort();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext unused, Throwable failed) {
        if (failed instanceof IOException lost) {
            tell(() -> receiver().onLost(lost));
        } else if (closed) {
            loop.report("a channel failed after its end", failed);
        } else {
            tell(() -> link().fail(failed));
        }
    }

    /** Somebody above has lost patience: the server's time to end is up, or the host closes its Vert.x. */
    @Override
    public void close(ChannelHandlerContext unused, ChannelPromise done) {
        if (!closed) {
            loop.onCut();
            resetOnClose();
        }
        context.close(done);
    }

    @Override
    public void channelInactive(ChannelHandlerContext unused) {
        onGone();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext unused) {
        onGone();
    }

    /** Somebody else has closed the channel. */
    private void onGone() {
        if (!closed) {
            tell(link()::abort);
        }
    }

    private void tell(Runnable event) {
        if (closed) {
            return;
        }
        if (giving) {
            // no method of a wire calls its receiver before it returns
            loop.execute(() -> tell(event));
            return;
        }
        beginTurn();
        try {
            loop.tell(link(), event);
        } finally {
            endTurn();
        }
    }

    private void beginTurn() {
        link().beginTurn();
    }

    private void endTurn() {
        if (closed) {
            return;
        }
        loop.endTurn(link());
    }

    // ---- writing

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return bytes.isDirect() ? socket().write(bytes) : writeArray(bytes);
    }

    private int writeArray(ByteBuffer bytes) throws IOException {
        int all = 0;
        int end = bytes.limit();
        while (bytes.position() < end) {
            int piece = Math.min(end - bytes.position(), ARRAY_BYTES);
            int taken;
            try {
                taken = socket().write(bytes.limit(bytes.position() + piece));
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

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        WritableByteChannel open = socket();
        if (open instanceof GatheringByteChannel gathering && isDirect(buffers, offset, length)) {
            return gathering.write(buffers, offset, length);
        }
        // native transports lend a channel that takes one buffer at a time
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            all += write(buffers[i]);
            if (buffers[i].hasRemaining()) {
                break;
            }
        }
        return all;
    }

    private static boolean isDirect(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (!buffers[i].isDirect()) {
                return false;
            }
        }
        return true;
    }

    private WritableByteChannel socket() throws IOException {
        if (socket == null) {
            give(Region.TAKES_SOCKET);
            if (socket == null) {
                throw new ClosedChannelException();
            }
        }
        return socket;
    }

    @Override
    public void listen(boolean forBytes, boolean forRoom) {
        Channel channel = context.channel();
        if (channel.config().isAutoRead() != forBytes) {
            channel.config().setAutoRead(forBytes);
        }
        if (forRoom && region == Region.DONE) {
            give(Region.AWAITS_ROOM);
        }
    }

    private void give(Region use) {
        region = use;
        giving = true;
        context.writeAndFlush(this, context.voidPromise());
        giving = false;
    }

    // ---- what Netty asks of a region

    @Override
    public long transferTo(WritableByteChannel target, long position) {
        socket = target;
        switch (region) {
            case TAKES_SOCKET -> region = Region.DONE;
            case AWAITS_ROOM -> {
                region = Region.HAS_ROOM;
                return 0;
            }
            case HAS_ROOM -> {
                region = Region.DONE;
                // not here: Netty is in the middle of its queue
                loop.execute(this::onWritable);
            }
            case DONE -> throw new IllegalStateException("a region that is done is asked for bytes");
        }
        return count();
    }

    private void onWritable() {
        if (!closed) {
            tell(receiver()::onWritable);
        }
    }

    @Override
    public long count() {
        return 1;
    }

    @Override
    public long transferred() {
        return region == Region.DONE ? count() : 0;
    }

    @Override
    @Deprecated
    public long transfered() {
        return transferred();
    }

    @Override
    public long position() {
        return 0;
    }

    // There is nothing to be freed.

    @Override
    public int refCnt() {
        return 1;
    }

    @Override
    public FileRegion retain() {
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }

    @Override
    public boolean release() {
        return false;
    }

    @Override
    public boolean release(int decrement) {
        return false;
    }

    // ---- the end

    @Override
    public void shutdownOutput() throws IOException {
        ChannelFuture ended = ((DuplexChannel) context.channel()).shutdownOutput();
        if (ended.isDone() && ended.cause() instanceof IOException lost) {
            throw lost;
        }
    }

    @Override
    public void resetOnClose() {
        try {
            context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException gone) {
            log.trace("no reset needed", gone);
        }
    }

    @Override
    public void close() {
        closed = true;
        context.close();
    }

    @Override
    public boolean isOpen() {
        return !closed && context.channel().isOpen();
    }

    private Link link() {
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
