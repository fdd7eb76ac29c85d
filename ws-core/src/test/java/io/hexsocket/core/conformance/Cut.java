package io.hexsocket.core.conformance;

import io.hexsocket.core.testkit.Cuts;
import java.util.List;

/** How what a client sends is cut into pieces, wherever frames begin and end. */
@FunctionalInterface
interface Cut {

    // longer streams are not sent byte by byte: it would show nothing new
    int LONGEST_BYTEWISE = 256 * 1024;
    int SEGMENT_BYTES = 64 * 1024;

    /**
     * Cuts.
     *
     * @param chop in pieces of how many bytes the case wants it; 0 if it does not care
     */
    List<byte[]> pieces(byte[] bytes, int chop);

    /** As the case says. */
    Cut DECLARED =
            (bytes, chop) -> bytes.length == 0 ? List.of() : chop == 0 ? List.of(bytes) : Cuts.every(chop, bytes);

    /** Byte by byte. */
    Cut BYTEWISE = (bytes, chop) -> Cuts.every(bytes.length <= LONGEST_BYTEWISE ? 1 : SEGMENT_BYTES, bytes);

    /** At places that a seed decides. */
    static Cut random(long seed) {
        return (bytes, chop) -> Cuts.random(seed, bytes);
    }
}
