package io.hexsocket.core.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** As much of X.690's DER as it takes to put the older forms of private keys into PKCS#8. Pure functions. */
final class Der {

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SEQUENCE = 0x30;
    /** The tag of an EC key's parameters within RFC 5915's ECPrivateKey. */
    private static final int PARAMETERS = 0xA0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** 1.2.840.113549.1.1.1 with its NULL parameters. */
    private static final byte[] RSA = {
        OBJECT_IDENTIFIER, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
    };
    /** 1.2.840.10045.2.1; its parameters are the curve. */
    private static final byte[] EC = {OBJECT_IDENTIFIER, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    /** An encoding does not begin with what is expected there. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private Der() {}

    /** RFC 8017's RSAPrivateKey ("PKCS#1") as RFC 5208's PrivateKeyInfo ("PKCS#8"). */
    static byte[] rsaToPkcs8(byte[] rsaPrivateKey) {
        return sequence(VERSION_0, sequence(RSA), value(OCTET_STRING, rsaPrivateKey));
    }

    /**
     * RFC 5915's ECPrivateKey ("SEC1") as RFC 5208's PrivateKeyInfo.
     *
     * @param curve the encoded name of the curve, for keys that do not name it themselves; may be empty
     */
    static byte[] ecToPkcs8(byte[] ecPrivateKey, byte[] curve) throws Malformed {
        ByteBuffer fields = contentOf(SEQUENCE, ByteBuffer.wrap(ecPrivateKey));
        contentOf(INTEGER, fields);
        contentOf(OCTET_STRING, fields);
        byte[] named = curve;
        if (fields.hasRemaining() && (fields.get(fields.position()) & 0xFF) == PARAMETERS) {
            ByteBuffer parameters = contentOf(PARAMETERS, fields);
            named = new byte[parameters.remaining()];
            parameters.get(named);
        }
        if (named.length == 0) {
            throw new Malformed("it does not say on which curve it is");
        }
        return sequence(VERSION_0, sequence(EC, named), value(OCTET_STRING, ecPrivateKey));
    }

    /** The object identifier of the algorithm in a PrivateKeyInfo, in the usual dotted form. */
    static String algorithmOf(byte[] privateKeyInfo) throws Malformed {
        ByteBuffer fields = contentOf(SEQUENCE, ByteBuffer.wrap(privateKeyInfo));
        contentOf(INTEGER, fields);
        ByteBuffer identifier = contentOf(OBJECT_IDENTIFIER, contentOf(SEQUENCE, fields));
        StringBuilder dotted = new StringBuilder();
        long arc = 0;
        while (identifier.hasRemaining()) {
            byte next = identifier.get();
            arc = arc << 7 | next & 0x7F;
            if (next >= 0) {
                // X.690 8.19.4: the first two arcs share one number
                if (dotted.isEmpty()) {
                    long first = Math.min(2, arc / 40);
                    dotted.append(first).append('.').append(arc - 40 * first);
                } else {
                    dotted.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return dotted.toString();
    }

    /** Takes a value off the front of what is left, and gives its content. */
    private static ByteBuffer contentOf(int tag, ByteBuffer encoding) throws Malformed {
        if (encoding.remaining() < 2 || (encoding.get() & 0xFF) != tag) {
            throw new Malformed("it is not what its first line says");
        }
        int length = encoding.get() & 0xFF;
        if (length > 0x7F) {
            int digits = length & 0x7F;
            // three bytes of length are sixteen megabytes of key
            if (digits < 1 || digits > 3 || digits > encoding.remaining()) {
                throw new Malformed("it is not what its first line says");
            }
            length = 0;
            for (int i = 0; i < digits; i++) {
                length = length << 8 | encoding.get() & 0xFF;
            }
        }
        if (length > encoding.remaining()) {
            throw new Malformed("its end is missing");
        }
        ByteBuffer content = encoding.slice(encoding.position(), length);
        encoding.position(encoding.position() + length);
        return content;
    }

    private static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
    }

    private static byte[] value(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        // 10.1: "The definite form of length encoding shall be used, encoded in the minimum number of octets."
        int digits = length <= 0x7F ? 0 : length <= 0xFF ? 1 : length <= 0xFFFF ? 2 : 3;
        ByteBuffer encoding = ByteBuffer.allocate(2 + digits + length).put((byte) tag);
        encoding.put((byte) (digits == 0 ? length : 0x80 | digits));
        for (int shift = 8 * (digits - 1); shift >= 0; shift -= 8) {
            encoding.put((byte) (length >> shift));
        }
        for (byte[] part : parts) {
            encoding.put(part);
        }
        return encoding.array();
    }
}
