package io.hexsocket.core.tls.violations;

import com.tngtech.archunit.lang.ArchRule;
import java.io.FileInputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import javax.net.ssl.SSLSocket;

/** What a TLS that opens things would look like. */
public final class TlsOffenders {
    private TlsOffenders() {}

    static final class TakesSecureSockets {
        void take(SSLSocket socket) {}
    }

    static final class Listens {
        ServerSocket socket;
    }

    static final class ReadsStream {
        FileInputStream stream;
    }

    static final class LooksAtFile {
        boolean look(Path path) {
            return Files.exists(path);
        }
    }

    static final class FetchesRandomness {
        Object random() {
            return new SecureRandom();
        }
    }

    static final class UsesLibrary {
        ArchRule rule;
    }
}
