package io.hexsocket.core.contract;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** Certificates for both ends of a test. */
public final class TestTls {

    private TestTls() {}

    /** A server for {@code localhost} and 127.0.0.1, with a key of a kind that signs quickly. */
    public static TlsConfig server() {
        return TlsConfig.of(
                file("localhost-ec.pem", text("localhost-ec.crt") + text("middle.crt")),
                file("localhost-ec.key", text("localhost-ec.key")));
    }

    /** The same, which asks clients for certificates. */
    public static TlsConfig serverThatAsks(TlsConfig.Clients clients) {
        return server().clients(clients, file("root.crt", text("root.crt")));
    }

    /** A client that trusts the server, and shows no certificate. */
    public static SSLContext client() {
        return TestMaterial.client(null);
    }

    private static String text(String name) {
        return new String(TestMaterial.bytes(name), StandardCharsets.US_ASCII);
    }

    /** A server reads files, and the resource may be in a jar. */
    private static Path file(String name, String content) {
        try {
            Path file = Files.createTempFile("hexsocket-", "-" + name);
            file.toFile().deleteOnExit();
            return Files.writeString(file, content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
