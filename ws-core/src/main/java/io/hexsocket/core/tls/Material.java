package io.hexsocket.core.tls;

import io.hexsocket.core.config.TlsConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** All that a configuration names, read or asked for at one time. */
final class Material {

    private final Map<Path, byte[]> contents = new LinkedHashMap<>();
    private final Map<Path, TlsMaterialException> unreadable = new LinkedHashMap<>();
    private final TlsConfig config;
    private List<Path> authorities = List.of();
    private @Nullable StoredKeys store;
    private @Nullable SSLContext context;
    /** Why there is neither although one was to be had. */
    private @Nullable TlsMaterialException missing;

    private final Fingerprint fingerprint;

    private Material(TlsConfig config, MaterialReader reader) {
        this.config = config;
        MessageDigest digest = sha256();
        readFiles(reader, digest);
        ask(digest);
        fingerprint = new Fingerprint(digest.digest(), context);
    }

    /** Reads what there is. What cannot be read is an error when somebody wants it. */
    static Material read(TlsConfig config, MaterialReader reader) {
        return new Material(config, reader);
    }

    private void readFiles(MaterialReader reader, MessageDigest digest) {
        Set<Path> files = new LinkedHashSet<>();
        for (TlsConfig.Identity identity : config.identities()) {
            files.add(identity.certificate());
            files.add(identity.keyFile());
            if (identity.password() instanceof TlsConfig.KeyPassword.InFile password) {
                files.add(password.file());
            }
        }
        Path trusted = config.clientAuthorities();
        if (trusted != null) {
            try {
                authorities = reader.files(trusted);
                files.addAll(authorities);
            } catch (IOException e) {
                authorities = List.of(trusted);
                failed(trusted, e, digest);
            }
        }
        for (Path file : files) {
            try {
                byte[] content = reader.read(file);
                contents.put(file, content);
                add(content, digest);
            } catch (IOException e) {
                failed(file, e, digest);
            }
        }
    }

    private void failed(Path file, IOException e, MessageDigest digest) {
        unreadable.put(file, new TlsMaterialException("cannot read " + file + ": " + why(e), e));
        add(e.toString().getBytes(StandardCharsets.UTF_8), digest);
    }

    private static void add(byte[] content, MessageDigest digest) {
        digest.update(ByteBuffer.allocate(4).putInt(content.length).flip());
        digest.update(content);
    }

    /** Asks the host for what it supplies. */
    private void ask(MessageDigest digest) {
        TlsConfig.Keys keys = config.keys();
        if (keys instanceof TlsConfig.PemFiles) {
            return;
        }
        String what = keys instanceof TlsConfig.FromContext ? "SSLContext" : "key store";
        try {
            if (keys instanceof TlsConfig.FromContext supplied) {
                context = given(supplied.context().get(), what);
            } else if (keys instanceof TlsConfig.FromKeyStore supplied) {
                KeyStore given = given(supplied.store().get(), what);
                store = new StoredKeys(given, supplied.keyPassword());
                store.digest(digest);
            }
        } catch (TlsMaterialException broken) {
            missing(broken, digest);
        } catch (Exception failed) {
            missing(new TlsMaterialException("the host could not supply the " + what + ": " + failed, failed), digest);
        }
    }

    private void missing(TlsMaterialException why, MessageDigest digest) {
        missing = why;
        add(String.valueOf(why.getMessage()).getBytes(StandardCharsets.UTF_8), digest);
    }

    private static <T> T given(@Nullable T supplied, String what) throws TlsMaterialException {
        if (supplied == null) {
            throw new TlsMaterialException("the host supplied null for the " + what + "; it must give one or throw");
        }
        return supplied;
    }

    /** The content of one of the files. */
    byte[] of(Path file) throws TlsMaterialException {
        byte[] content = contents.get(file);
        if (content != null) {
            return content;
        }
        TlsMaterialException failed = unreadable.get(file);
        throw failed != null ? failed : new TlsMaterialException(file + " was not asked for");
    }

    /** The files with those who sign certificates of clients; at least one. */
    List<Path> authorities() throws TlsMaterialException {
        if (authorities.isEmpty()) {
            throw new TlsMaterialException(
                    "the folder " + config.clientAuthorities()
                            + " has no file that ends in .pem, .crt or .cer; put the certificates of the clients' authorities there");
        }
        return authorities;
    }

    /**
     * The certificates and keys, checked; none if {@link #context()} has them.
     *
     * @throws TlsMaterialException for the first thing that is wrong
     */
    List<Credential> credentials(Instant now) throws TlsMaterialException {
        if (missing != null) {
            throw missing;
        }
        if (store != null) {
            return store.credentials(now);
        }
        List<Credential> all = new ArrayList<>();
        for (TlsConfig.Identity identity : config.identities()) {
            all.add(Credential.of(identity, this, now));
        }
        return all;
    }

    /** The host's own context, or null. */
    @Nullable SSLContext context() {
        return context;
    }

    /** By which two readings can be told apart, without keeping them. */
    Fingerprint fingerprint() {
        return fingerprint;
    }

    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "the user of this process may not; private keys of certbot are for root, so let a group read them";
        }
        return String.valueOf(e.getMessage());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
