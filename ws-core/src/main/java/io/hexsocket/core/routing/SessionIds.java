package io.hexsocket.core.routing;

import io.hexsocket.core.port.transport.Entropy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes session ids and tells its own from forged ones: a UUID version 4 (RFC 9562), a dot, and the HMAC-SHA-256 of the UUID, both in
 * hexadecimal digits, so that no id contains a word. Any thread.
 */
public final class SessionIds {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int UUID_CHARS = 36;
    private static final int ID_CHARS = UUID_CHARS + 1 + 64;

    private final Entropy entropy;
    private final SecretKeySpec secret;

    /** Makes a secret of its own. */
    public SessionIds(Entropy entropy) {
        this.entropy = entropy;
        byte[] key = new byte[32];
        entropy.fill(key);
        this.secret = new SecretKeySpec(key, ALGORITHM);
    }

    /** A new id. */
    public String mint() {
        byte[] random = new byte[16];
        entropy.fill(random);
        random[6] = (byte) (random[6] & 0x0F | 0x40); // version 4
        random[8] = (byte) (random[8] & 0x3F | 0x80); // variant 10
        String uuid = new UUID(longAt(random, 0), longAt(random, 8)).toString();
        return uuid + "." + signature(uuid);
    }

    /** Whether an id is one of ours. Takes the same time for every wrong one of the right length. */
    public boolean isGenuine(String id) {
        if (id.length() != ID_CHARS || id.charAt(UUID_CHARS) != '.') {
            return false;
        }
        byte[] claimed = id.substring(UUID_CHARS + 1).getBytes(StandardCharsets.UTF_8);
        byte[] right = signature(id.substring(0, UUID_CHARS)).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(claimed, right);
    }

    private String signature(String uuid) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(uuid.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            // every Java platform is required to have HmacSHA256
            throw new IllegalStateException(impossible);
        }
    }

    private static long longAt(byte[] bytes, int from) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[from + i] & 0xFF;
        }
        return value;
    }
}
