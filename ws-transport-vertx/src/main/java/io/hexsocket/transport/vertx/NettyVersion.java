package io.hexsocket.transport.vertx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the Netty on the class path is one that Vert.x 5 runs on. A program whose parent POM brings Netty 4.1, as Spring Boot 3 does, would otherwise end in a
 * class or method that is not found, at any moment.
 */
final class NettyVersion {

    private static final String NEEDED = "4.2";
    // Came with Netty 4.2, and Vert.x 5 makes its event loops by it
    private static final String PROBE = "io.netty.channel.IoHandlerFactory";
    // Each jar of Netty has one; they are many files of one name
    private static final String VERSIONS = "META-INF/io.netty.versions.properties";
    private static final String SUFFIX = ".version";

    private NettyVersion() {}

    /**
     * Looks once.
     *
     * @throws IllegalStateException in one line, with the mend
     */
    static void check(ClassLoader loader) {
        String old = firstOld(loader);
        if (old != null || !isThere(loader)) {
            throw new IllegalStateException("Vert.x 5 needs Netty " + NEEDED + ", but "
                    + (old == null ? "an older one" : old)
                    + " is on the class path; set the version of all of Netty to the one that"
                    + " io.vertx:vertx-core asks for: with Spring Boot the property netty.version, elsewhere the dependencyManagement of"
                    + " io.vertx:vertx-stack-depchain or io.netty:netty-bom");
        }
    }

    private static boolean isThere(ClassLoader loader) {
        try {
            Class.forName(PROBE, false, loader);
            return true;
        } catch (ClassNotFoundException old) {
            return false;
        }
    }

    /** An artifact of 4.1 or before with its version; null if all that say theirs are newer, or none does, as in some fat jars. */
    private static @Nullable String firstOld(ClassLoader loader) {
        TreeMap<String, String> found = new TreeMap<>();
        try {
            for (URL file : Collections.list(loader.getResources(VERSIONS))) {
                Properties properties = new Properties();
                try (InputStream in = file.openStream()) {
                    properties.load(in);
                }
                properties.forEach((key, value) -> found.put(key.toString(), value.toString()));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found.entrySet().stream()
                .filter(one -> one.getKey().endsWith(SUFFIX))
                .filter(one ->
                        one.getValue().startsWith("4.1.") || one.getValue().startsWith("4.0."))
                .map(one -> one.getKey().substring(0, one.getKey().length() - SUFFIX.length()) + " " + one.getValue())
                .findFirst()
                .orElse(null);
    }
}
