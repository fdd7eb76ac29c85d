package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Objects;

/** The unit file with which systemd runs the server; as a template it is a resource of the jar. Pure functions, but for {@link #own}. */
final class ServiceUnit {

    static final String CONFIG = "/etc/hexsocket.conf";

    private static final String TEMPLATE = read();
    private static final String JAVA = "/usr/bin/java";
    private static final String JAR = "/opt/hexsocket/ws-demo.jar";

    // what ProtectHome and PrivateTmp take away
    private static final List<String> HIDDEN = List.of("/home", "/root", "/run/user", "/tmp", "/var/tmp");

    private ServiceUnit() {}

    /**
     * For this Java and this jar.
     *
     * @throws UsageException if the service would not see one of the files, or the program does not run from a jar
     */
    static String own(String config) throws UsageException {
        return text(Path.of(System.getProperty("java.home"), "bin", "java"), jar(), Path.of(config));
    }

    /**
     * The file.
     *
     * @throws UsageException if the service would not see one of the files
     */
    static String text(Path java, Path jar, Path config) throws UsageException {
        return TEMPLATE.replace(JAVA, seen(java)).replace(JAR, seen(jar)).replace(CONFIG, seen(config));
    }

    /** The path as a word of ExecStart (systemd.service(5)). */
    private static String seen(Path path) throws UsageException {
        Path whole = path.toAbsolutePath().normalize();
        for (String hidden : HIDDEN) {
            if (whole.startsWith(hidden)) {
                throw new UsageException("a service does not see " + Printable.quoted(whole.toString())
                        + ": its unit hides " + hidden + "; move the file, to /opt/hexsocket or /etc, and ask again");
            }
        }
        String escaped = whole.toString()
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("%", "%%")
                .replace("$", "$$");
        return escaped.chars().anyMatch(c -> c == ' ' || c == '\\' || c == '\'' || c == ';')
                ? '"' + escaped + '"'
                : escaped;
    }

    private static Path jar() throws UsageException {
        try {
            CodeSource source = ServiceUnit.class.getProtectionDomain().getCodeSource();
            Path jar = Path.of(source.getLocation().toURI());
            if (jar.toString().endsWith(".jar")) {
                return jar;
            }
        } catch (URISyntaxException notAFile) {
            // said below
        }
        throw new UsageException("unit is for the program in its jar: java -jar ws-demo.jar unit");
    }

    private static String read() {
        try (InputStream in = ServiceUnit.class.getResourceAsStream("hexsocket.service")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
