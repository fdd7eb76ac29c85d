package io.hexsocket.core.protocol;

/** The opcodes of RFC 6455 section 5.2, as in the low four bits of a frame's first byte. */
public final class Opcode {

    /** A further frame of the message that is under way. */
    public static final int CONTINUATION = 0x0;
    /** The first or only frame of a text message. */
    public static final int TEXT = 0x1;
    /** The first or only frame of a binary message. */
    public static final int BINARY = 0x2;
    /** The closing handshake. */
    public static final int CLOSE = 0x8;
    /** Asks for a pong. */
    public static final int PING = 0x9;
    /** Answers a ping, or is unsolicited. */
    public static final int PONG = 0xA;

    /** The bit above an opcode that marks the first frame of a compressed message (RFC 7692 section 6). */
    public static final int RSV1 = 0x40;

    private Opcode() {}

    /** Whether a frame is none of a message. */
    // 5.5: "Control frames are identified by opcodes where the most significant bit of the opcode is 1."
    public static boolean isControl(int opcode) {
        return (opcode & 0x8) != 0;
    }
}
