package io.hexsocket.core.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The certificates and keys of a key store. */
final class StoredKeys {

    private final KeyStore store;
    private final char[] password;

    StoredKeys(KeyStore store, String password) {
        this.store = store;
        this.password = password.toCharArray();
    }

    /**
     * All keys with their certificates, checked; at least one.
     *
     * @throws TlsMaterialException for the first thing that is wrong
     */
    List<Credential> credentials(Instant now) throws TlsMaterialException {
        List<Credential> all = new ArrayList<>();
        List<String> aliases = aliases();
        for (String alias : aliases) {
            if (isKey(alias)) {
                String source = "the key store's entry \"" + alias + "\"";
                all.add(Credential.checked(source, chain(alias, source), source, key(alias, source), now));
            }
        }
        if (all.isEmpty()) {
            throw new TlsMaterialException(
                    aliases.isEmpty()
                            ? "the key store is empty; load one that holds the server's private key and certificate"
                            : "the key store has no private key, but " + aliases.size()
                                    + " certificates of others; was the trust store taken for it?");
        }
        return all;
    }

    /** Adds to a digest by which two stores can be told apart. */
    void digest(MessageDigest digest) throws TlsMaterialException {
        for (String alias : aliases()) {
            if (isKey(alias)) {
                digest.update(alias.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                String source = "the key store's entry \"" + alias + "\"";
                // a key belongs to its certificate, and those of hardware have no bytes
                for (X509Certificate certificate : chain(alias, source)) {
                    try {
                        digest.update(certificate.getEncoded());
                    } catch (GeneralSecurityException damaged) {
                        throw new TlsMaterialException(
                                source + " has a damaged certificate: " + damaged.getMessage(), damaged);
                    }
                }
            }
        }
    }

    private List<String> aliases() throws TlsMaterialException {
        try {
            return Collections.list(store.aliases());
        } catch (KeyStoreException notLoaded) {
            throw new TlsMaterialException(
                    "the key store is not loaded; call load(stream, password) on it before it is given to TlsConfig",
                    notLoaded);
        }
    }

    private boolean isKey(String alias) throws TlsMaterialException {
        try {
            return store.isKeyEntry(alias);
        } catch (KeyStoreException notLoaded) {
            throw new TlsMaterialException("the key store is not loaded", notLoaded);
        }
    }

    private List<X509Certificate> chain(String alias, String source) throws TlsMaterialException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            Certificate[] stored = store.getCertificateChain(alias);
            for (Certificate certificate : stored == null ? new Certificate[0] : stored) {
                if (!(certificate instanceof X509Certificate x509)) {
                    throw new TlsMaterialException(
                            source + " has a certificate of the type " + certificate.getType() + ", must be X.509");
                }
                chain.add(x509);
            }
        } catch (KeyStoreException notLoaded) {
            throw new TlsMaterialException("the key store is not loaded", notLoaded);
        }
        if (chain.isEmpty()) {
            throw new TlsMaterialException(
                    source + " has a key without a certificate; import the certificate under the same alias");
        }
        return chain;
    }

    private PrivateKey key(String alias, String source) throws TlsMaterialException {
        Key key;
        try {
            key = store.getKey(alias, password);
        } catch (UnrecoverableKeyException wrong) {
            throw new TlsMaterialException(
                    "the key in " + source
                            + " cannot be decrypted; is keyPassword the password of the key, which may differ from the store's?",
                    wrong);
        } catch (GeneralSecurityException failed) {
            throw new TlsMaterialException("the key in " + source + " cannot be read: " + failed.getMessage(), failed);
        }
        if (!(key instanceof PrivateKey usable)) {
            throw new TlsMaterialException(source + " has a key that is not private; remove it from the store");
        }
        return usable;
    }
}
