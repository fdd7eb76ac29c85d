package io.hexsocket.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The frames that clients send: one and the same, again and again. */
final class ClientFrames {

    // Half a dozen scripts with words, blanks and faces between: what no run of bytes of one kind can be made of
    private static final String WORLD =
            "na\u00efve \u0431\u0443\u043b\u043e\u043a \u5929\u5730\u7384\u9ec4 \ud83d\ude00 caf\u00e9, \u03ba\u03cc\u03c3\u03bc\u03b5! \u05e9\u05dc\u05d5\u05dd ok ";

    private static final int KEY = 0x37FA213D;

    private ClientFrames() {}

    static ByteBuffer of(Workload workload) {
        byte[] payload = payload(workload);
        ByteBuffer frame = ByteBuffer.allocateDirect(14 + payload.length);
        frame.put((byte) (workload.isText() ? 0x81 : 0x82));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ KEY >>> 24 - 8 * (i & 3)));
        }
        return frame.flip();
    }

    private static byte[] payload(Workload workload) {
        byte[] payload = new byte[workload.bytes];
        byte[] sample = (workload.kind == Workload.Kind.WORLD ? WORLD : "abcdefghijklmnopqrstuvwxyz")
                .getBytes(StandardCharsets.UTF_8);
        // what is left behind the last whole sample is blank, so that no code point is cut
        Arrays.fill(payload, (byte) ' ');
        for (int at = 0; at + sample.length <= payload.length; at += sample.length) {
            System.arraycopy(sample, 0, payload, at, sample.length);
        }
        return payload;
    }
}
