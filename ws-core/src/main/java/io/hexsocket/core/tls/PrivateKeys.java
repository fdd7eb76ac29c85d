package io.hexsocket.core.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Private keys as OpenSSL, certbot and others write them: RSA, EC and Ed25519 in PKCS#8, PKCS#1 and SEC1, encrypted or not. Pure functions. */
final class PrivateKeys {

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String ENCRYPTED_PKCS8 = "ENCRYPTED PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    /** The name of the curve, which OpenSSL puts before a key in SEC1. */
    private static final String CURVE = "EC PARAMETERS";

    /** RFC 8446 4.2.3: those for signatures. */
    private static final List<String> CURVES = List.of("secp256r1", "secp384r1", "secp521r1");

    // RFC 1421 4.6.1.1, with the names that OpenSSL gives to ciphers
    private static final String ENCRYPTED = "4,ENCRYPTED";
    private static final Pattern DEK_INFO =
            Pattern.compile("(?<cipher>AES-(?<bits>128|192|256)-CBC|DES-EDE3-CBC),(?<iv>[0-9A-Fa-f]{16,32})");

    private PrivateKeys() {}

    /** Whether a block holds a private key. */
    static boolean isKey(Pem.Block block) {
        return block.label().endsWith(PKCS8);
    }

    /**
     * The one private key among the blocks of a file.
     *
     * @param password null if there is none
     */
    static PrivateKey read(Path file, List<Pem.Block> blocks, @Nullable String password) throws TlsMaterialException {
        List<Pem.Block> keys = blocks.stream().filter(PrivateKeys::isKey).toList();
        if (keys.size() != 1) {
            throw new TlsMaterialException(file + " has " + keys.size() + " private keys, must have one");
        }
        Pem.Block block = keys.get(0);
        boolean encrypted = block.label().equals(ENCRYPTED_PKCS8)
                || ENCRYPTED.equals(block.headers().get("Proc-Type"));
        byte[] plain = encrypted ? opened(file, block, password) : block.content();
        try {
            return key(file, pkcs8(block.label(), plain, blocks));
        } catch (Der.Malformed e) {
            // one time in 256, what a wrong password yields ends as if it were whole
            throw encrypted ? doesNotOpen(file, e) : damaged(file, e.getMessage(), e);
        }
    }

    private static byte[] opened(Path file, Pem.Block block, @Nullable String password) throws TlsMaterialException {
        if (password == null) {
            throw new TlsMaterialException("the private key in " + file + " is encrypted; give its password, too");
        }
        try {
            return block.label().equals(ENCRYPTED_PKCS8)
                    ? decrypted(block.content(), password)
                    : decryptedByOpenSsl(block, password);
        } catch (InvalidKeySpecException e) {
            throw new TlsMaterialException(
                    "the password for the private key in " + file
                            + " has letters beyond ASCII; encrypt the key with another one",
                    e);
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new TlsMaterialException(
                    "the private key in " + file
                            + " is encrypted in a way that Java does not know; write it anew: openssl pkcs8 -topk8 -v2 aes256",
                    e);
        } catch (GeneralSecurityException e) {
            throw doesNotOpen(file, e);
        }
    }

    /** RFC 5958's EncryptedPrivateKeyInfo, by the schemes of RFC 8018 and older ones. */
    private static byte[] decrypted(byte[] encrypted, String password) throws IOException, GeneralSecurityException {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
        AlgorithmParameters parameters = info.getAlgParameters();
        // of PBES2 the parameters say which functions it is made of, and the platform calls it by their names
        String scheme = parameters == null || !info.getAlgName().startsWith("PBES2")
                ? info.getAlgName()
                : parameters.toString();
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
        SecretKey key = SecretKeyFactory.getInstance(scheme).generateSecret(spec);
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(Cipher.DECRYPT_MODE, key, parameters);
        return cipher.doFinal(info.getEncryptedData());
    }

    /** The older form of OpenSSL, a header with a cipher and a start: the key is EVP_BytesToKey with MD5, once, salted by the start. */
    private static byte[] decryptedByOpenSsl(Pem.Block block, String password) throws GeneralSecurityException {
        Matcher info =
                DEK_INFO.matcher(block.headers().getOrDefault("DEK-Info", "").toUpperCase(Locale.ROOT));
        if (!info.matches()) {
            throw new NoSuchAlgorithmException(block.headers().getOrDefault("DEK-Info", "no DEK-Info"));
        }
        byte[] iv = HexFormat.of().parseHex(info.group("iv"));
        boolean isAes = info.group("bits") != null;
        int keyBytes = isAes ? Integer.parseInt(info.group("bits")) / 8 : 24;
        byte[] key = new byte[keyBytes];
        byte[] last = {};
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        for (int done = 0; done < keyBytes; done += last.length) {
            md5.update(last);
            md5.update(password.getBytes(StandardCharsets.UTF_8));
            md5.update(iv, 0, 8);
            last = md5.digest();
            System.arraycopy(last, 0, key, done, Math.min(last.length, keyBytes - done));
        }
        Cipher cipher = Cipher.getInstance(isAes ? "AES/CBC/PKCS5Padding" : "DESede/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, isAes ? "AES" : "DESede"), new IvParameterSpec(iv));
        return cipher.doFinal(block.content());
    }

    private static byte[] pkcs8(String label, byte[] plain, List<Pem.Block> blocks) throws Der.Malformed {
        return switch (label) {
            case PKCS1 -> Der.rsaToPkcs8(plain);
            case SEC1 -> Der.ecToPkcs8(plain, curve(blocks));
            case PKCS8, ENCRYPTED_PKCS8 -> plain;
            default -> throw new Der.Malformed("a " + label + " is not for TLS; RSA, EC and Ed25519 are");
        };
    }

    private static byte[] curve(List<Pem.Block> blocks) {
        return blocks.stream()
                .filter(block -> block.label().equals(CURVE))
                .findFirst()
                .map(Pem.Block::content)
                .orElse(new byte[0]);
    }

    private static PrivateKey key(Path file, byte[] pkcs8) throws TlsMaterialException, Der.Malformed {
        String algorithm = switch (Der.algorithmOf(pkcs8)) {
            case "1.2.840.113549.1.1.1" -> "RSA";
            case "1.2.840.10045.2.1" -> "EC";
            case "1.3.101.112" -> "Ed25519";
            default ->
                throw new TlsMaterialException("the private key in " + file
                        + " is of a kind that is not for TLS here; issue one with RSA, EC or Ed25519");
        };
        PrivateKey key;
        try {
            key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw damaged(file, "it is damaged", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
        if (key instanceof ECKey ec && !isCurveOfTls(ec.getParams())) {
            throw new TlsMaterialException(
                    "the private key in " + file + " is on a curve that is not for TLS; issue one on P-256 or P-384");
        }
        return key;
    }

    private static boolean isCurveOfTls(ECParameterSpec curve) {
        try {
            for (String name : CURVES) {
                AlgorithmParameters known = AlgorithmParameters.getInstance("EC");
                known.init(new ECGenParameterSpec(name));
                if (known.getParameterSpec(ECParameterSpec.class).getCurve().equals(curve.getCurve())) {
                    return true;
                }
            }
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no elliptic curves", e);
        }
    }

    private static TlsMaterialException doesNotOpen(Path file, Throwable cause) {
        return new TlsMaterialException(
                "the private key in " + file + " does not open with the password given; is it the right one?", cause);
    }

    private static TlsMaterialException damaged(Path file, @Nullable String why, Throwable cause) {
        return new TlsMaterialException("the private key in " + file + " cannot be used: " + why, cause);
    }
}
