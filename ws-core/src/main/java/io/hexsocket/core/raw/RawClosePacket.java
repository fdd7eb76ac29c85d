package io.hexsocket.core.raw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The packet that tells a raw client, and one of the PHP server's, why it is sent away. */
public final class RawClosePacket {

    private RawClosePacket() {}

    /** The packet with a reason in the server's words, or the app's. */
    public static ByteBuffer saying(String reason) {
        StringBuilder packet = new StringBuilder("{\"opcode\":\"close\",\"error\":\"");
        // RFC 8259, 7: "quotation mark, reverse solidus, and the control characters (U+0000 through U+001F)" are
        // escaped
        for (char c : reason.toCharArray()) {
            if (c == '"' || c == '\\') {
                packet.append('\\').append(c);
            } else if (c < 0x20) {
                packet.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
            } else {
                packet.append(c);
            }
        }
        return ByteBuffer.wrap(packet.append("\"}").toString().getBytes(StandardCharsets.UTF_8));
    }
}
