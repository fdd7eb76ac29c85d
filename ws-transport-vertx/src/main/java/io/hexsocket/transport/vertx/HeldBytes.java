package io.hexsocket.transport.vertx;

import io.hexsocket.core.port.transport.SharedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.nio.ByteBuffer;

/** Shared bytes as Netty can send them: without a copy, and held until the last channel has let go of them. */
final class HeldBytes extends UnpooledDirectByteBuf {

    private final SharedBytes shared;

    private HeldBytes(SharedBytes shared, ByteBuffer bytes) {
        super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.remaining());
        this.shared = shared;
        shared.retain();
    }

    /** A buffer of these bytes that is full. Netty can send no arrays, so one is copied, once for all who send it. */
    static ByteBuf of(SharedBytes shared, ByteBufAllocator allocator) {
        ByteBuffer bytes = shared.bytes().duplicate();
        if (bytes.isDirect() && !bytes.isReadOnly()) {
            return new HeldBytes(shared, bytes);
        }
        int length = bytes.remaining();
        return allocator.directBuffer(length, length).writeBytes(bytes);
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        shared.release();
    }
}
