package io.hexsocket.core.port.cluster;

import java.util.Arrays;

/**
 * What an engine carries from node to node, and does not look into. Takes the array: nobody changes it from now on, neither the sender
 * nor an engine nor the receiver.
 *
 * @param kind what the payload is, 0 to 255; the core's own numbering, which an engine carries unchanged
 * @param payload the bytes, not a copy; an engine carries at least 1 MiB
 */
public record Envelope(int kind, byte[] payload) {

    /**
     * Checks the kind.
     *
     * @throws IllegalArgumentException if it is no byte
     */
    public Envelope {
        if (kind < 0 || kind > 0xFF) {
            throw new IllegalArgumentException("a kind is 0 to 255");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Envelope that && kind == that.kind && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * kind + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "Envelope[kind=" + kind + ", " + payload.length + " bytes]";
    }
}
