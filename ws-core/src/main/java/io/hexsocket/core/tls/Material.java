package io.hexsocket.core.tls;

import io.hexsocket.core.config.TlsConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** All files that a configuration names, read at one time. */
final class Material {

    private final Map<Path, byte[]> contents = new LinkedHashMap<>();
    private final Map<Path, TlsMaterialException> unreadable = new LinkedHashMap<>();
    private final byte[] fingerprint;

    private Material(Set<Path> files, MaterialReader reader) {
        MessageDigest digest = sha256();
        for (Path file : files) {
            byte[] content;
            try {
                content = reader.read(file);
                contents.put(file, content);
            } catch (IOException e) {
                content = e.toString().getBytes(StandardCharsets.UTF_8);
                unreadable.put(file, new TlsMaterialException("cannot read " + file + ": " + why(e), e));
            }
            digest.update(ByteBuffer.allocate(4).putInt(content.length).flip());
            digest.update(content);
        }
        fingerprint = digest.digest();
    }

    /** Reads what there is. What cannot be read is an error when somebody wants it. */
    static Material read(TlsConfig config, MaterialReader reader) {
        Set<Path> files = new LinkedHashSet<>();
        for (TlsConfig.Identity identity : config.identities()) {
            files.add(identity.certificate());
            files.add(identity.keyFile());
            if (identity.password() instanceof TlsConfig.KeyPassword.InFile password) {
                files.add(password.file());
            }
        }
        if (config.clientAuthorities() != null) {
            files.add(config.clientAuthorities());
        }
        return new Material(files, reader);
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

    /** By which two readings can be told apart, without keeping them. */
    byte[] fingerprint() {
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
