package io.hexsocket.core.protocol;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.apps.message.OwnedMessage;
import io.hexsocket.core.deflate.PerMessageDeflate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's frames and puts messages together (RFC 6455 sections 5 and 6.2). Bytes may come cut anywhere; the same stream gives
 * the same messages and the same violation. A message that arrives in one piece is unmasked where it lies and never copied; an idle
 * reader owns no buffer. What is compressed is inflated as it comes, and never kept as it came.
 *
 * <pre>
 *   FIRST -> SECOND -> [LENGTH_16 or LENGTH_64] -> KEY -> PAYLOAD -> FIRST ...      after a close frame: DONE
 * </pre>
 *
 * <p>Used on one event loop. After a violation it is used no more, but for {@link #release()}.
 */
public final class MessageReader {

    private enum Stage {
        /** Before the byte with FIN, RSV and opcode. */
        FIRST,
        /** Before the byte with MASK and the short length. */
        SECOND,
        /** Inside an extended length of two bytes. */
        LENGTH_16,
        /** Inside an extended length of eight bytes. */
        LENGTH_64,
        /** Inside the masking key. */
        KEY,
        /** Inside the payload. */
        PAYLOAD,
        /** Behind a close frame. */
        DONE
    }

    // Before the sink is asked whether to go on
    private static final int INFLATED_AT_ONCE = 64 * 1024;
    // 5.3: "a 32-bit value"
    private static final int KEY_BYTES = 4;

    private final MessageBuffers buffers;
    private MessageLimits limits;
    /** Null if messages are never compressed. */
    private final @Nullable PerMessageDeflate deflate;

    private Stage stage = Stage.FIRST;
    /** The frame's first byte. */
    private byte first;
    /** Bytes of the extended length or of the key that are still to come. */
    private byte missing;
    /** TEXT or BINARY while a message is under way, with RSV1 if it is compressed; otherwise CONTINUATION. */
    private byte messageOpcode = Opcode.CONTINUATION;
    /** How far the text of the message under way has been checked. */
    private byte utf8 = Utf8.ACCEPT;
    /** The masking key, turned to the next byte of payload. */
    private int key;
    /** How many frames of the message under way have begun. */
    private int fragments;
    /** What is still to come of the frame's payload; while the extended length is read, what is known of it. */
    private long left;
    /** What has arrived of the message under way; null if nothing had to be kept. */
    private @Nullable MessageBuffer message;
    /** What has arrived of a control frame that came in pieces. */
    private @Nullable MessageBuffer control;

    /** A reader at the beginning of a stream without extensions. */
    public MessageReader(MessageBuffers buffers, MessageLimits limits) {
        this(buffers, limits, null);
    }

    /**
     * A reader at the beginning of a stream.
     *
     * @param deflate what was agreed on for compressed messages, or null; released with the reader
     */
    public MessageReader(MessageBuffers buffers, MessageLimits limits, @Nullable PerMessageDeflate deflate) {
        this.buffers = buffers;
        this.limits = limits;
        this.deflate = deflate;
    }

    /** Between two messages: what the next ones are measured by. */
    public void limitTo(MessageLimits others) {
        limits = others;
    }

    /** What was agreed on for compressed messages, or null. */
    public @Nullable PerMessageDeflate deflate() {
        return deflate;
    }

    /**
     * Reads until the input is empty, the sink wants to stop, or a close frame was read. Overwrites the input.
     *
     * @throws ProtocolViolation if the client broke a rule; what came before it was delivered
     */
    public void read(ByteBuffer in, MessageSink sink) throws ProtocolViolation {
        in.order(ByteOrder.nativeOrder());
        while (stage == Stage.PAYLOAD || stage != Stage.DONE && readHeader(in)) {
            boolean goOn = Opcode.isControl(opcode()) ? readControl(in, sink) : readData(in, sink);
            if (!goOn) {
                return;
            }
        }
    }

    /** Whether a frame has begun and is not complete. */
    public boolean isInsideFrame() {
        return stage != Stage.FIRST && stage != Stage.DONE;
    }

    /** Whether neither a frame nor a message has begun and is not complete. */
    public boolean isBetweenMessages() {
        return stage == Stage.FIRST && messageOpcode == Opcode.CONTINUATION;
    }

    /** How many bytes of memory it has for what has arrived and is not complete. */
    public int heldBytes() {
        int held = control == null ? 0 : control.capacity();
        for (MessageBuffer one = message; one != null; one = one.before) {
            held += one.bytes.isDirect() ? one.capacity() : OwnedMessage.arrayBytes(one.capacity());
        }
        return deflate == null ? held : held + deflate.heldBytes();
    }

    /** Whether a close frame was read, so that nothing is read any more. */
    public boolean isDone() {
        return stage == Stage.DONE;
    }

    /** Reads nothing more, and gives up what was kept. */
    public void release() {
        stage = Stage.DONE;
        releaseMessage();
        releaseControl();
        if (deflate != null) {
            deflate.release();
        }
    }

    /** Reads what there is of a header; true if it is complete. */
    private boolean readHeader(ByteBuffer in) throws ProtocolViolation {
        while (in.hasRemaining()) {
            switch (stage) {
                case FIRST -> {
                    first = in.get();
                    require(FrameRules.checkFirstByte(
                            first & 0xFF, messageOpcode != Opcode.CONTINUATION, deflate != null));
                    stage = Stage.SECOND;
                }
                case SECOND -> {
                    int second = in.get();
                    require(FrameRules.checkSecondByte(first, second));
                    left = second & 0x7F;
                    if (left < 126) {
                        beginKey();
                    } else {
                        stage = left == 126 ? Stage.LENGTH_16 : Stage.LENGTH_64;
                        missing = (byte) (left == 126 ? 2 : 8);
                        left = 0;
                    }
                }
                case LENGTH_16, LENGTH_64 -> {
                    left = left << 8 | in.get() & 0xFF;
                    if (--missing == 0) {
                        require(FrameRules.checkExtendedLength(stage == Stage.LENGTH_16 ? 2 : 8, left));
                        beginKey();
                    }
                }
                case KEY -> {
                    if (missing == KEY_BYTES && in.remaining() >= KEY_BYTES) {
                        key = in.getInt();
                        missing = 0;
                    } else {
                        key = Masking.withByte(key, KEY_BYTES - missing, in.get());
                        missing--;
                    }
                    if (missing == 0) {
                        stage = Stage.PAYLOAD;
                        return true;
                    }
                }
                case PAYLOAD, DONE -> throw new IllegalStateException("no header is due at stage " + stage);
            }
        }
        return false;
    }

    /** The length is known: this is the place to refuse it, before anything of it is taken. */
    private void beginKey() throws ProtocolViolation {
        stage = Stage.KEY;
        missing = KEY_BYTES;
        if (Opcode.isControl(opcode())) {
            return;
        }
        if (opcode() != Opcode.CONTINUATION) {
            messageOpcode = (byte) (first & (Opcode.RSV1 | 0x0F));
            fragments = 0;
        }
        fragments++;
        long arrived = arrived();
        // 10.4: "an implementation ... SHOULD impose limits on the frame size and the total message size after
        // reassembly"
        if (left > mostOnTheWire() - arrived) {
            throw ProtocolViolation.tooLong(limits.bytes());
        }
        if (fragments > limits.fragments() && arrived + left < (long) fragments * limits.bytesAFragment()) {
            throw new ProtocolViolation(1008, "the message has more than " + limits.fragments() + " tiny fragments");
        }
    }

    /** What has arrived of the message under way, in bytes as they came over the wire. */
    private long arrived() {
        if (deflate != null && isCompressed()) {
            return deflate.wireBytes();
        }
        return message == null ? 0 : message.size;
    }

    private long mostOnTheWire() {
        // what cannot be compressed becomes longer by that, and a bit: zlib.h, deflateBound()
        return isCompressed() ? limits.bytes() + (long) limits.bytes() / 1024 + 64 : limits.bytes();
    }

    private boolean readData(ByteBuffer in, MessageSink sink) throws ProtocolViolation {
        int available = (int) Math.min(left, in.remaining());
        if (deflate != null && isCompressed()) {
            return readCompressed(deflate, in, available, sink);
        }
        if (available == left && isFinal() && message == null) {
            return deliverInPlace(in, available, sink);
        }
        if (available > 0) {
            keep(in, available);
        }
        if (left > 0) {
            return false;
        }
        stage = Stage.FIRST;
        return isFinal() ? deliverKept(sink) : sink.onFragment();
    }

    /** The whole message lies in the input. */
    private boolean deliverInPlace(ByteBuffer in, int length, MessageSink sink) throws ProtocolViolation {
        int from = in.position();
        boolean text = messageOpcode == Opcode.TEXT;
        if (!text) {
            Masking.unmask(in, from, length, key);
        } else if (!Masking.unmaskText(in, from, length, key) && !Utf8.isValid(in, from, length)) {
            // 8.1: "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in
            // fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_."
            throw ProtocolViolation.notUtf8();
        }
        in.position(from + length);
        stage = Stage.FIRST;
        messageOpcode = Opcode.CONTINUATION;
        MessageView shown = buffers.show(text, in, from, from + length);
        try {
            return sink.onMessage(shown);
        } finally {
            shown.end();
        }
    }

    private boolean deliverKept(MessageSink sink) throws ProtocolViolation {
        if (utf8 != Utf8.ACCEPT) {
            throw ProtocolViolation.notUtf8();
        }
        MessageBuffer whole = message == null ? buffers.take(0) : buffers.join(message);
        boolean text = isText();
        messageOpcode = Opcode.CONTINUATION;
        message = null;
        MessageView shown = buffers.show(text, whole);
        try {
            return sink.onMessage(shown);
        } finally {
            shown.end();
            buffers.release(whole);
        }
    }

    /** Moves what there is of the payload to the message's own buffer. */
    private void keep(ByteBuffer in, int length) throws ProtocolViolation {
        int size = message == null ? 0 : message.size;
        int needed = size + length;
        if (message == null || needed > message.capacity()) {
            // Twice of what has arrived at most, however much the header claims: the highest power of two below that,
            // since buffers come in powers of two
            int capacity = (int) Math.min(size + left, MessageBuffers.roomFor(needed));
            message = message == null
                    ? buffers.take(capacity)
                    : buffers.grow(message, (int)
                            Math.max(capacity, Math.min(limits.bytes(), 2L * message.capacity())));
        }
        // a copy first: that, and a loop over one buffer, is quicker than a loop over two
        message.bytes.put(size, in, in.position(), length);
        in.position(in.position() + length);
        if (!isText()) {
            Masking.unmask(message.bytes, size, length, key);
        } else if (!Masking.unmaskText(message.bytes, size, length, key) || utf8 != Utf8.ACCEPT) {
            checkText(message, size, length);
        }
        message.size = needed;
        key = Masking.advance(key, length);
        left -= length;
    }

    private void checkText(MessageBuffer buffer, int from, int length) throws ProtocolViolation {
        utf8 = (byte) Utf8.check(buffer.bytes, from, length, utf8);
        if (utf8 == Utf8.REJECT) {
            throw ProtocolViolation.notUtf8();
        }
    }

    /** Inflates what there is of the payload from where it lies. */
    private boolean readCompressed(PerMessageDeflate deflate, ByteBuffer in, int available, MessageSink sink)
            throws ProtocolViolation {
        int from = in.position();
        Masking.unmask(in, from, available, key);
        int unused = 0;
        try {
            if (available > 0) {
                deflate.feed(buffers.viewOf(in).limit(from + available).position(from));
                unused = inflate(deflate, sink);
            }
            int used = available - unused;
            in.position(from + used);
            key = Masking.advance(key, used);
            left -= used;
            if (unused > 0) {
                // the rest is read again, as it came
                Masking.unmask(in, from + used, unused, key);
            }
            if (left > 0) {
                return false;
            }
            stage = Stage.FIRST;
            if (!isFinal()) {
                return sink.onFragment();
            }
            deflate.endMessage();
        } catch (DataFormatException corrupt) {
            throw new ProtocolViolation(1007, "the compressed data are corrupt");
        }
        return deliverKept(sink);
    }

    /**
     * Room is taken for what has come out, and given up to the limit: one byte more is too long.
     *
     * @return how many bytes of what was fed are not used, since the sink wants to stop
     */
    private int inflate(PerMessageDeflate deflate, MessageSink sink) throws DataFormatException, ProtocolViolation {
        boolean more = true;
        while (more) {
            MessageBuffer target = message;
            int before = target == null ? 0 : target.sizeBefore();
            int room = target == null ? 0 : Math.min(target.capacity(), limits.bytes() - before);
            if (target == null || target.size == room) {
                if (before + room == limits.bytes()) {
                    if (deflate.hasMore()) {
                        throw ProtocolViolation.tooLong(limits.bytes());
                    }
                    return 0;
                }
                message = buffers.extend(target, limits.bytes());
                continue;
            }
            int size = target.size;
            more = deflate.inflate(
                    target.bytes.limit(Math.min(room, size + INFLATED_AT_ONCE)).position(size));
            target.size = target.bytes.position();
            target.bytes.clear();
            if (isText()) {
                checkText(target, size, target.size - size);
            }
            // without input there would be nothing to go on with; what zlib has by then is little
            if (!sink.onInflated(target.size - size) && more && deflate.hasInput()) {
                return deflate.takeInput();
            }
        }
        return 0;
    }

    private boolean readControl(ByteBuffer in, MessageSink sink) throws ProtocolViolation {
        int available = (int) Math.min(left, in.remaining());
        int from = in.position();
        if (control == null && available == left) {
            Masking.unmask(in, from, available, key);
            in.position(from + available);
            return deliverControl(buffers.viewOf(in).limit(from + available).position(from), sink);
        }
        if (control == null) {
            control = buffers.take((int) left);
        }
        control.bytes.put(control.size, in, from, available);
        Masking.unmask(control.bytes, control.size, available, key);
        control.size += available;
        in.position(from + available);
        key = Masking.advance(key, available);
        left -= available;
        if (left > 0) {
            return false;
        }
        try {
            return deliverControl(control.view.limit(control.size).position(0), sink);
        } finally {
            releaseControl();
        }
    }

    private boolean deliverControl(ByteBuffer payload, MessageSink sink) throws ProtocolViolation {
        stage = Stage.FIRST;
        switch (opcode()) {
            case Opcode.PING -> {
                return sink.onPing(payload);
            }
            case Opcode.PONG -> {
                return sink.onPong(payload);
            }
            default -> {
                CloseStatus status = CloseFrame.parse(payload);
                stage = Stage.DONE;
                sink.onCloseFrame(status);
                return false;
            }
        }
    }

    private int opcode() {
        return first & 0x0F;
    }

    private boolean isText() {
        return (messageOpcode & 0x0F) == Opcode.TEXT;
    }

    private boolean isCompressed() {
        return (messageOpcode & Opcode.RSV1) != 0;
    }

    private boolean isFinal() {
        return first < 0;
    }

    private void releaseMessage() {
        if (message != null) {
            buffers.release(message);
            message = null;
        }
    }

    private void releaseControl() {
        if (control != null) {
            buffers.release(control);
            control = null;
        }
    }

    private static void require(@Nullable String broken) throws ProtocolViolation {
        if (broken != null) {
            throw ProtocolViolation.protocolError(broken);
        }
    }
}
