package io.hexsocket.core.transport;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes that become more, to be compared without a copy. */
final class ByteLog extends ByteArrayOutputStream {

    private int compared;

    /** Where these bytes are not how the others begin, or -1. What was compared before is not compared again. */
    int mismatch(ByteLog longer) {
        if (count > longer.count) {
            return longer.count;
        }
        int at = Arrays.mismatch(buf, compared, count, longer.buf, compared, count);
        if (at >= 0) {
            return compared + at;
        }
        compared = count;
        return -1;
    }
}
