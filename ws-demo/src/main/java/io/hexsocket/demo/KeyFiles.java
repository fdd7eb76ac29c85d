package io.hexsocket.demo;

import io.hexsocket.core.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Who may read private keys. A group may, which is how a server that is not root gets at them. */
final class KeyFiles {

    private KeyFiles() {}

    /** The key files that every user of this host may read; none where files have no such rights. */
    static List<Path> openToAll(TlsConfig tls) {
        return tls.identities().stream()
                .map(TlsConfig.Identity::keyFile)
                .distinct()
                .filter(file -> rights(file).contains(PosixFilePermission.OTHERS_READ))
                .toList();
    }

    /** The rights of a file as {@code ls} shows them. */
    static String mode(Path file) {
        return PosixFilePermissions.toString(rights(file));
    }

    private static Set<PosixFilePermission> rights(Path file) {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException unknown) {
            return Set.of();
        }
    }
}
