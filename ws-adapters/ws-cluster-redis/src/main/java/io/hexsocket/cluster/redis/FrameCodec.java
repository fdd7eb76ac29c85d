package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.NodeId;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.ToByteBufEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Names of keys and channels as UTF-8, messages as frames:
 *
 * <pre>
 *   version (1) | type (1) | kind (1) | length of origin (1) | length of text (2) | a (8) | b (8) | origin | text | payload
 * </pre>
 */
final class FrameCodec implements RedisCodec<String, Frame>, ToByteBufEncoder<String, Frame> {

    static final FrameCodec CODEC = new FrameCodec();

    private static final int VERSION = 1;
    private static final int FIXED_BYTES = 22;
    private static final Frame.Type[] TYPES = Frame.Type.values();

    private FrameCodec() {}

    @Override
    public String decodeKey(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public Frame decodeValue(ByteBuffer bytes) {
        try {
            int version = bytes.get();
            int type = bytes.get();
            if (version != VERSION || type < 0 || type >= Frame.Type.UNREADABLE.ordinal()) {
                return Frame.UNREADABLE;
            }
            int kind = bytes.get() & 0xFF;
            int originBytes = bytes.get() & 0xFF;
            int textBytes = bytes.getShort() & 0xFFFF;
            long a = bytes.getLong();
            long b = bytes.getLong();
            String origin = new String(take(bytes, originBytes), StandardCharsets.US_ASCII);
            if (a < 0 || b < 0 || !NodeId.isName(origin)) {
                return Frame.UNREADABLE;
            }
            String text = textBytes == 0 ? "" : new String(take(bytes, textBytes), StandardCharsets.UTF_8);
            return new Frame(TYPES[type], origin, a, b, text, kind, take(bytes, bytes.remaining()));
        } catch (BufferUnderflowException truncated) {
            return Frame.UNREADABLE;
        }
    }

    private static byte[] take(ByteBuffer bytes, int count) {
        if (count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }

    @Override
    public ByteBuffer encodeKey(String key) {
        return StandardCharsets.UTF_8.encode(key);
    }

    @Override
    public ByteBuffer encodeValue(Frame frame) {
        ByteBuf bytes = Unpooled.buffer(estimateSize(frame));
        encodeValue(frame, bytes);
        return bytes.nioBuffer();
    }

    @Override
    public void encodeKey(String key, ByteBuf target) {
        ByteBufUtil.writeUtf8(target, key);
    }

    @Override
    public void encodeValue(Frame frame, ByteBuf target) {
        target.writeByte(VERSION);
        target.writeByte(frame.type().ordinal());
        target.writeByte(frame.kind());
        target.writeByte(frame.origin().length());
        target.writeShort(ByteBufUtil.utf8Bytes(frame.text()));
        target.writeLong(frame.a());
        target.writeLong(frame.b());
        ByteBufUtil.writeAscii(target, frame.origin());
        ByteBufUtil.writeUtf8(target, frame.text());
        target.writeBytes(frame.payload());
    }

    @Override
    public int estimateSize(Object keyOrValue) {
        return keyOrValue instanceof Frame frame
                ? FIXED_BYTES + frame.origin().length() + ByteBufUtil.utf8Bytes(frame.text()) + frame.payload().length
                : ByteBufUtil.utf8Bytes((String) keyOrValue);
    }

    @Override
    public boolean isEstimateExact() {
        return true;
    }
}
