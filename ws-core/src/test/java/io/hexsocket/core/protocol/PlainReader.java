package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * RFC 6455 section 5 read as plainly as can be: the whole stream in an array, one frame after the other, copies everywhere. What
 * {@link MessageReader} says has to be the same.
 */
final class PlainReader {

    private final int limit;
    private final int fragmentLimit;
    private final int bytesAFragment;

    private final List<String> events = new ArrayList<>();
    private byte[] message = new byte[0];
    private int messageOpcode;
    private int fragments;

    PlainReader(int limit, int fragmentLimit, int bytesAFragment) {
        this.limit = limit;
        this.fragmentLimit = fragmentLimit;
        this.bytesAFragment = bytesAFragment;
    }

    List<String> read(byte[] stream) {
        int at = 0;
        while (at >= 0 && at < stream.length) {
            at = readFrame(stream, at);
        }
        return events;
    }

    /** Gives the place of the next frame; -1 if there is none. */
    private int readFrame(byte[] s, int at) {
        int first = s[at] & 0xFF;
        int opcode = first & 0xF;
        boolean fin = first >= 0x80;
        boolean control = opcode >= 8;
        if ((first & 0x70) != 0
                || opcode > 10
                || opcode > 2 && opcode < 8
                || control && !fin
                || !control && opcode == 0 && messageOpcode == 0
                || !control && opcode != 0 && messageOpcode != 0) {
            return fail(1002);
        }
        if (at + 1 >= s.length) {
            return -1;
        }
        int second = s[at + 1] & 0xFF;
        if (second < 0x80 || control && (second & 0x7F) > 125) {
            return fail(1002);
        }
        int extended = second == 0xFE ? 2 : second == 0xFF ? 8 : 0;
        if (at + 2 + extended > s.length) {
            return -1;
        }
        long length = second & 0x7F;
        if (extended > 0) {
            length = 0;
            for (int i = 0; i < extended; i++) {
                length = length << 8 | s[at + 2 + i] & 0xFF;
            }
            if (length < 0 || length < 126 || extended == 8 && length <= 0xFFFF) {
                return fail(1002);
            }
        }
        if (!control) {
            fragments = opcode == 0 ? fragments + 1 : 1;
            if (length > limit - message.length) {
                return fail(1009);
            }
            if (fragments > fragmentLimit && message.length + length < fragments * bytesAFragment) {
                return fail(1008);
            }
            messageOpcode = opcode == 0 ? messageOpcode : opcode;
        }
        int keyAt = at + 2 + extended;
        int payloadAt = keyAt + 4;
        if (payloadAt > s.length) {
            return -1;
        }
        int there = (int) Math.min(length, s.length - payloadAt);
        byte[] payload = Arrays.copyOfRange(s, payloadAt, payloadAt + there);
        for (int i = 0; i < there; i++) {
            payload[i] ^= s[keyAt + i % 4];
        }
        boolean complete = there == length;
        if (control) {
            return complete && control(opcode, payload) ? payloadAt + there : -1;
        }
        int before = message.length;
        message = Arrays.copyOf(message, before + there);
        System.arraycopy(payload, 0, message, before, there);
        if (messageOpcode == 1 && !mayBecomeUtf8(message, complete && fin)) {
            return fail(1007);
        }
        if (!complete) {
            return -1;
        }
        if (fin) {
            events.add((messageOpcode == 1 ? "text " : "binary ") + latin1(message));
            message = new byte[0];
            messageOpcode = 0;
        }
        return payloadAt + there;
    }

    private boolean control(int opcode, byte[] payload) {
        if (opcode != 8) {
            events.add((opcode == 9 ? "ping " : "pong ") + latin1(payload));
            return true;
        }
        if (payload.length == 0) {
            events.add("close 1005");
            return false;
        }
        int code = payload.length == 1 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        boolean allowed =
                code >= 1000 && code < 5000 && !(code >= 1015 && code < 3000) && !(code >= 1004 && code <= 1006);
        if (!allowed) {
            fail(1002);
        } else {
            try {
                String reason = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(payload, 2, payload.length - 2))
                        .toString();
                events.add(close(code, reason));
            } catch (CharacterCodingException notUtf8) {
                fail(1007);
            }
        }
        return false;
    }

    /** A close frame in words. */
    static String close(int code, String reason) {
        return "close " + code + (reason.isEmpty() ? "" : " " + reason);
    }

    private int fail(int code) {
        events.add("fail " + code);
        return -1;
    }

    private static boolean mayBecomeUtf8(byte[] text, boolean complete) {
        if (decodes(text, 0)) {
            return true;
        }
        if (complete) {
            return false;
        }
        byte[] tails = {(byte) 0x80, (byte) 0x90, (byte) 0xA0};
        byte[] longer = Arrays.copyOf(text, text.length + 3);
        for (byte a : tails) {
            for (byte b : tails) {
                for (byte c : tails) {
                    longer[text.length] = a;
                    longer[text.length + 1] = b;
                    longer[text.length + 2] = c;
                    if (decodes(longer, 2) || decodes(longer, 1) || decodes(longer, 0)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean decodes(byte[] text, int without) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, 0, text.length - without));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
