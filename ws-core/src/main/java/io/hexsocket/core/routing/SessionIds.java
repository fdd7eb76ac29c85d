package io.hexsocket.core.routing;

import io.hexsocket.core.port.transport.Entropy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes session ids and tells genuine from forged ones. All parts are hexadecimal digits, so that no id contains a word:
 *
 * <pre>
 *   UUID version 4 (RFC 9562) "." HMAC-SHA-256                          of a server that is alone
 *   UUID version 4 "." name of the node "." number of the key "." HMAC-SHA-256     of a node of several
 * </pre>
 *
 * The HMAC is that of all before it. The number of a key is a part of its own HMAC, so that it tells keys apart and nothing of them.
 * Any thread.
 */
public final class SessionIds {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int UUID_CHARS = 36;
    private static final int HMAC_CHARS = 64;
    private static final int KEY_CHARS = 8;

    private final Entropy entropy;
    private final String node;
    /** The first signs. */
    private final List<Key> keys = new ArrayList<>();

    private record Key(SecretKeySpec secret, String number) {}

    /** Those of a server that is alone: makes a secret of its own. */
    public SessionIds(Entropy entropy) {
        this.entropy = entropy;
        this.node = "";
        byte[] secret = new byte[32];
        entropy.fill(secret);
        keys.add(new Key(new SecretKeySpec(secret, ALGORITHM), ""));
    }

    /**
     * Those of a node of several.
     *
     * @param node its name
     * @param secrets what ids are signed with, of which the first signs
     */
    public SessionIds(Entropy entropy, String node, List<byte[]> secrets) {
        this.entropy = entropy;
        this.node = node;
        for (byte[] secret : secrets) {
            SecretKeySpec key = new SecretKeySpec(secret, ALGORITHM);
            keys.add(new Key(key, hmac(key, "number of this key").substring(0, KEY_CHARS)));
        }
    }

    /** The numbers of the keys, as ids show them: the first signs, all are accepted. */
    public List<String> keyNumbers() {
        return keys.stream().map(Key::number).toList();
    }

    /** A new id. */
    public String mint() {
        byte[] random = new byte[16];
        entropy.fill(random);
        random[6] = (byte) (random[6] & 0x0F | 0x40); // version 4
        random[8] = (byte) (random[8] & 0x3F | 0x80); // variant 10
        String uuid = new UUID(longAt(random, 0), longAt(random, 8)).toString();
        Key key = keys.get(0);
        String signed = node.isEmpty() ? uuid : uuid + "." + hex(node) + "." + key.number;
        return signed + "." + hmac(key.secret, signed);
    }

    /**
     * Which node an id is of: this one's name, empty if it is alone, or another's. Takes the same time for every wrong one of the right length.
     *
     * @return null if nobody who has one of the secrets has made it
     */
    public @Nullable String nodeOf(String id) {
        int end = id.length() - HMAC_CHARS - 1;
        if (!hasForm(id)) {
            return null;
        }
        String signed = id.substring(0, end);
        for (Key key : keys) {
            if (isSignedBy(key, signed)) {
                byte[] claimed = id.substring(end + 1).getBytes(StandardCharsets.UTF_8);
                byte[] right = hmac(key.secret, signed).getBytes(StandardCharsets.UTF_8);
                return MessageDigest.isEqual(claimed, right) ? nodeIn(signed, key) : null;
            }
        }
        return null;
    }

    /** Whether a name looks like an id, genuine or not. */
    public static boolean hasForm(String name) {
        int end = name.length() - HMAC_CHARS - 1;
        return end >= UUID_CHARS && name.charAt(UUID_CHARS) == '.' && name.charAt(end) == '.';
    }

    private boolean isSignedBy(Key key, String signed) {
        return node.isEmpty() ? signed.length() == UUID_CHARS : signed.endsWith("." + key.number);
    }

    private static String nodeIn(String signed, Key key) {
        if (key.number.isEmpty()) {
            return "";
        }
        String name = signed.substring(UUID_CHARS + 1, signed.length() - KEY_CHARS - 1);
        return new String(HexFormat.of().parseHex(name), StandardCharsets.US_ASCII);
    }

    private static String hex(String name) {
        return HexFormat.of().formatHex(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
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
