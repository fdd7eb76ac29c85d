package io.hexsocket.demo;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.demo.admin.AdminConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may read files with secrets. A group may, which is how a server that is not root gets at them. */
final class KeyFiles {

    private KeyFiles() {}

    /** Private keys, their passwords, API keys and secrets that every user of this host may read; none where files have no such rights. */
    static Set<Path> openToAll(Settings settings) {
        List<Path> files = new ArrayList<>();
        addTo(files, settings.tls());
        AdminConfig admin = settings.admin();
        if (admin != null) {
            addTo(files, admin.tls());
            if (admin.keyFile() != null) {
                files.add(admin.keyFile());
            }
        }
        if (settings.cluster() != null) {
            files.add(settings.cluster().secretFile());
        }
        files.removeIf(file -> !rights(file).contains(PosixFilePermission.OTHERS_READ));
        return new LinkedHashSet<>(files);
    }

    private static void addTo(List<Path> files, @Nullable TlsConfig tls) {
        for (TlsConfig.Identity identity : tls == null ? List.<TlsConfig.Identity>of() : tls.identities()) {
            files.add(identity.keyFile());
            if (identity.password() instanceof TlsConfig.KeyPassword.InFile password) {
                files.add(password.file());
            }
        }
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
