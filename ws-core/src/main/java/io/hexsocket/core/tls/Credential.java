package io.hexsocket.core.tls;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.ServedCertificate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with all above it and its key, completely checked.
 *
 * @param served what may be told about it
 * @param chain the server's certificate first, then each signer of the one before
 * @param key of the first certificate
 */
record Credential(ServedCertificate served, List<X509Certificate> chain, PrivateKey key) {

    private static final String CERTIFICATE = "CERTIFICATE";

    // what the CA/Browser Forum's baseline requirements (6.1.5) ask for, and clients with them
    private static final int LEAST_RSA_BITS = 2048;

    /** RFC 5280 4.2.1.6: the tag of a DNS name among the subject's alternative names. */
    private static final int DNS_NAME = 2;

    /**
     * Reads and checks one.
     *
     * @throws TlsMaterialException for the first thing that is wrong
     */
    static Credential of(TlsConfig.Identity identity, Material material, Instant now) throws TlsMaterialException {
        Path file = identity.certificate();
        List<X509Certificate> chain = certificates(file, Pem.blocks(file, material.of(file)), identity.key() == null);
        return checked(file.toString(), chain, identity.keyFile().toString(), key(identity, material), now);
    }

    /**
     * Checks one.
     *
     * @param source where the certificates come from
     * @param keySource where the key comes from
     * @throws TlsMaterialException for the first thing that is wrong
     */
    static Credential checked(String source, List<X509Certificate> chain, String keySource, PrivateKey key, Instant now)
            throws TlsMaterialException {
        checkKey(source, chain, keySource, key);
        checkOrder(source, chain);
        for (X509Certificate certificate : chain) {
            checkDates(source, certificate, now);
        }
        Instant notAfter = chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
        X509Certificate own = chain.get(0);
        return new Credential(new ServedCertificate(source, names(source, own), own, notAfter), chain, key);
    }

    /**
     * All certificates of a file, of which there is at least one.
     *
     * @param mayHaveKey whether a private key belongs there, too
     */
    static List<X509Certificate> certificates(Path file, List<Pem.Block> blocks, boolean mayHaveKey)
            throws TlsMaterialException {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem.Block block : blocks) {
                if (block.label().equals(CERTIFICATE)) {
                    all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content())));
                }
            }
        } catch (CertificateException e) {
            throw new TlsMaterialException(
                    "certificate " + (all.size() + 1) + " in " + file + " is damaged; fetch or issue it again", e);
        }
        if (!all.isEmpty()) {
            return all;
        }
        boolean hasKey = blocks.stream().anyMatch(PrivateKeys::isKey);
        throw new TlsMaterialException(file + " has no certificate"
                + (hasKey && mayHaveKey
                        ? ", only a private key; give the file of the certificate, too"
                        : hasKey
                                ? ", but a private key; are the files of certificate and key swapped?"
                                : ", but " + blocks.get(0).label() + "; is it the right file?"));
    }

    private static PrivateKey key(TlsConfig.Identity identity, Material material) throws TlsMaterialException {
        Path file = identity.keyFile();
        List<Pem.Block> blocks = Pem.blocks(file, material.of(file));
        if (blocks.stream().noneMatch(PrivateKeys::isKey)) {
            throw new TlsMaterialException(
                    identity.key() == null
                            ? file + " has no private key, and no other file is given for it; give one"
                            : file + " has no private key, but " + blocks.get(0).label() + "; is it the right file?");
        }
        return PrivateKeys.read(file, blocks, password(identity.password(), material));
    }

    private static @Nullable String password(TlsConfig.@Nullable KeyPassword password, Material material)
            throws TlsMaterialException {
        if (password instanceof TlsConfig.KeyPassword.InFile source) {
            String text = new String(material.of(source.file()), StandardCharsets.UTF_8);
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw new TlsMaterialException(source.file() + " has no password; it is to be the first line");
            }
            return line;
        }
        return password instanceof TlsConfig.KeyPassword.Known known ? known.password() : null;
    }

    // ---- checks
    // --------------------------------------------------------------------------------------------------------

    private static void checkKey(String source, List<X509Certificate> chain, String keySource, PrivateKey key)
            throws TlsMaterialException {
        if (!belong(key, chain.get(0).getPublicKey())) {
            for (int i = 1; i < chain.size(); i++) {
                if (belong(key, chain.get(i).getPublicKey())) {
                    throw new TlsMaterialException("the private key in " + keySource + " belongs to certificate "
                            + (i + 1) + " in " + source + ", which must be the first one");
                }
            }
            throw new TlsMaterialException("the private key in " + keySource
                    + " does not belong to the certificate in " + source
                    + "; are both of the same renewal?");
        }
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new TlsMaterialException("the private key in " + keySource + " has only "
                    + rsa.getModulus().bitLength() + " bits, which clients refuse; issue one with at least "
                    + LEAST_RSA_BITS);
        }
    }

    private static boolean belong(PrivateKey mine, PublicKey theirs) {
        if (!mine.getAlgorithm().equals(theirs.getAlgorithm())) {
            return false;
        }
        byte[] anything = {1};
        try {
            Signature signature = Signature.getInstance(
                    switch (mine.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> mine.getAlgorithm();
                    });
            signature.initSign(mine);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(theirs);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void checkOrder(String file, List<X509Certificate> chain) throws TlsMaterialException {
        for (int i = 1; i < chain.size(); i++) {
            X509Certificate signed = chain.get(i - 1);
            X509Certificate signer = chain.get(i);
            if (!hasSigned(signer, signed)) {
                throw new TlsMaterialException("certificate " + (i + 1) + " in " + file + " ("
                        + signer.getSubjectX500Principal() + ") has not signed the one before it ("
                        + signed.getSubjectX500Principal()
                        + "); the server's certificate comes first, then each one's signer");
            }
        }
    }

    private static boolean hasSigned(X509Certificate signer, X509Certificate signed) {
        if (!signed.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
            return false;
        }
        try {
            signed.verify(signer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void checkDates(String file, X509Certificate certificate, Instant now) throws TlsMaterialException {
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            throw new TlsMaterialException("the certificate of " + certificate.getSubjectX500Principal() + " in " + file
                    + " is not valid before " + from + "; is the clock right?");
        }
        if (now.isAfter(to)) {
            throw new TlsMaterialException("the certificate of " + certificate.getSubjectX500Principal() + " in " + file
                    + " is over since " + to + "; renew it");
        }
    }

    private static List<String> names(String file, X509Certificate certificate) throws TlsMaterialException {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.get(0).equals(DNS_NAME)) {
                    names.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateException e) {
            throw new TlsMaterialException("the certificate in " + file + " has damaged names; issue it again", e);
        }
        return List.copyOf(names);
    }
}
