package io.hexsocket.core.protocol;

import io.hexsocket.apps.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's frames and puts messages together (RFC 6455 sections 5 and 6.2). Bytes may come cut anywhere; the same stream gives
 * the same messages and the same violation. A message that arrives in one piece is unmasked where it lies and never copied; an idle
 * reader owns no buffer.
 *
 * <pre>
 *   FIRST -> SECOND -> [LENGTH] -> KEY -> PAYLOAD -> FIRST ...      after a close frame: DONE
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
        /** Inside an extended length. */
        LENGTH,
        /** Inside the masking key. */
        KEY,
        /** Inside the payload. */
        PAYLOAD,
        /** Behind a close frame. */
        DONE
    }

    // 5.3: "a 32-bit value"
    private static final int KEY_BYTES = 4;

    private final MessageBuffers buffers;
    private final MessageLimits limits;

    private Stage stage = Stage.FIRST;
    /** The frame's first byte. */
    private byte first;
    /** The length of the extended length in bytes, 2 or 8. */
    private byte lengthBytes;
    /** Bytes of the extended length or of the key that are still to come. */
    private byte missing;
    /** TEXT or BINARY while a message is under way, otherwise CONTINUATION. */
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

    /** A reader at the beginning of a stream. */
    public MessageReader(MessageBuffers buffers, MessageLimits limits) {
        this.buffers = buffers;
        this.limits = limits;
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

    /** Whether a close frame was read, so that nothing is read any more. */
    public boolean isDone() {
        return stage == Stage.DONE;
    }

    /** Reads nothing more, and gives up what was kept. */
    public void release() {
        stage = Stage.DONE;
        releaseMessage();
        releaseControl();
    }

    /** Reads what there is of a header; true if it is complete. */
    private boolean readHeader(ByteBuffer in) throws ProtocolViolation {
        while (in.hasRemaining()) {
            switch (stage) {
                case FIRST -> {
                    first = in.get();
                    demand(FrameRules.checkFirstByte(first & 0xFF, messageOpcode != Opcode.CONTINUATION, false));
                    stage = Stage.SECOND;
                }
                case SECOND -> {
                    int second = in.get();
                    demand(FrameRules.checkSecondByte(first, second));
                    left = second & 0x7F;
                    if (left < 126) {
                        beginKey();
                    } else {
                        lengthBytes = (byte) (left == 126 ? 2 : 8);
                        missing = lengthBytes;
                        left = 0;
                        stage = Stage.LENGTH;
                    }
                }
                case LENGTH -> {
                    left = left << 8 | in.get() & 0xFF;
                    if (--missing == 0) {
                        demand(FrameRules.checkExtendedLength(lengthBytes, left));
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
            messageOpcode = (byte) opcode();
            fragments = 0;
        }
        fragments++;
        long arrived = message == null ? 0 : message.size;
        // 10.4: "an implementation ... SHOULD impose limits on the frame size and the total message size after
        // reassembly"
        if (left > limits.bytes() - arrived) {
            throw new ProtocolViolation(1009, "the message is longer than " + limits.bytes() + " bytes");
        }
        if (fragments > limits.fragments() && arrived + left < (long) fragments * limits.bytesAFragment()) {
            throw new ProtocolViolation(1008, "the message has more than " + limits.fragments() + " tiny fragments");
        }
    }

    private boolean readData(ByteBuffer in, MessageSink sink) throws ProtocolViolation {
        int available = (int) Math.min(left, in.remaining());
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
        return !isFinal() || deliverKept(sink);
    }

    /** The whole message lies in the input. */
    private boolean deliverInPlace(ByteBuffer in, int length, MessageSink sink) throws ProtocolViolation {
        int from = in.position();
        boolean ascii = Masking.unmask(in, from, length, key);
        boolean text = messageOpcode == Opcode.TEXT;
        // 8.1: "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact,
        // a valid
        // UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_."
        if (text && !ascii && !Utf8.isValid(in, from, length)) {
            throw ProtocolViolation.notUtf8();
        }
        in.position(from + length);
        stage = Stage.FIRST;
        messageOpcode = Opcode.CONTINUATION;
        ReceivedMessage shown = buffers.show(text, in, from, from + length);
        try {
            return sink.onMessage(shown);
        } finally {
            shown.clear();
        }
    }

    private boolean deliverKept(MessageSink sink) throws ProtocolViolation {
        if (utf8 != Utf8.ACCEPT) {
            throw ProtocolViolation.notUtf8();
        }
        MessageBuffer whole = message == null ? buffers.take(0) : message;
        boolean text = messageOpcode == Opcode.TEXT;
        messageOpcode = Opcode.CONTINUATION;
        message = null;
        ReceivedMessage shown = buffers.show(text, whole);
        try {
            return sink.onMessage(shown);
        } finally {
            shown.clear();
            buffers.release(whole);
        }
    }

    /** Moves what there is of the payload to the message's own buffer. */
    private void keep(ByteBuffer in, int length) throws ProtocolViolation {
        int size = message == null ? 0 : message.size;
        int needed = size + length;
        if (message == null || needed > message.capacity()) {
            // Twice of what has arrived at most, however much the header claims: the highest power of two below that,
            // since
            // buffers come in powers of two
            int capacity = (int) Math.min(size + left, Long.highestOneBit(2L * needed));
            message = message == null
                    ? buffers.take(capacity)
                    : buffers.grow(message, (int)
                            Math.max(capacity, Math.min(limits.bytes(), 2L * message.capacity())));
        }
        boolean ascii = Masking.unmask(in, in.position(), message.bytes, size, length, key);
        if (messageOpcode == Opcode.TEXT && !(ascii && utf8 == Utf8.ACCEPT)) {
            utf8 = (byte) Utf8.check(message.bytes, size, length, utf8);
            if (utf8 == Utf8.REJECT) {
                throw ProtocolViolation.notUtf8();
            }
        }
        message.size = needed;
        in.position(in.position() + length);
        key = Masking.advance(key, length);
        left -= length;
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
        Masking.unmask(in, from, control.bytes, control.size, available, key);
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
                sink.onPing(payload);
                return true;
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

    private static void demand(@Nullable String broken) throws ProtocolViolation {
        if (broken != null) {
            throw ProtocolViolation.protocolError(broken);
        }
    }
}
