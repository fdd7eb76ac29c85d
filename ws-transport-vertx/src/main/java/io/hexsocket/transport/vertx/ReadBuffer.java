package io.hexsocket.transport.vertx;

import io.hexsocket.core.transport.LinkLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The one buffer into which all sockets of an event loop are read, so that an idle connection owns none and a read allocates nothing.
 * Fit for transports that fill a buffer at the moment they ask for it.
 */
final class ReadBuffer implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(LinkLoop.READ_BYTES);
    /** The same memory for Netty. Our reference to it is never given back, so that it is never freed. */
    private final ByteBuf shared = Unpooled.wrappedBuffer(bytes);

    private final LinkLoop links;

    // Of the turn under way: no two channels of a loop read at a time
    private @Nullable ChannelConfig reader;
    private int reads;
    private boolean wanted;
    private int attempted;
    private int last;

    ReadBuffer(LinkLoop links) {
        this.links = links;
    }

    /** What arrived, from position to limit; always the same object if it lies here. */
    ByteBuffer view(ByteBuf input) {
        if (input == shared) {
            return bytes.limit(input.writerIndex()).position(input.readerIndex());
        }
        return input.nioBuffer();
    }

    /** Whether the connection wants more in this turn. */
    void readOn(boolean wantsBytes) {
        wanted = wantsBytes;
    }

    @Override
    public ExtendedHandle newHandle() {
        return this;
    }

    @Override
    public void reset(ChannelConfig config) {
        reader = config;
        reads = 0;
        wanted = true;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator unused) {
        // Netty fills what is left of it
        int from = LinkLoop.READ_BYTES - links.readLimit();
        return shared.setIndex(from, from).retain();
    }

    @Override
    public boolean continueReading() {
        // less than there was room for is all there was
        return attempted == last && mayReadOn();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
        return mayReadOn() && mayBeMore.get();
    }

    private boolean mayReadOn() {
        return wanted && links.mayReadOn(reads) && reader != null && reader.isAutoRead();
    }

    @Override
    public int guess() {
        return links.readLimit();
    }

    @Override
    public void incMessagesRead(int number) {
        reads += number;
    }

    @Override
    public void lastBytesRead(int number) {
        last = number;
        if (number > 0) {
            links.onRead(number);
        }
    }

    @Override
    public int lastBytesRead() {
        return last;
    }

    @Override
    public void attemptedBytesRead(int number) {
        attempted = number;
    }

    @Override
    public int attemptedBytesRead() {
        return attempted;
    }

    @Override
    public void readComplete() {
        reader = null;
    }
}
