package io.hexsocket.demo;

import io.hexsocket.apps.App;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.tls.MaterialReader;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.demo.admin.AdminConfig;
import io.hexsocket.demo.admin.AdminServer;
import io.hexsocket.demo.apps.DemoApps;
import io.hexsocket.demo.jars.AppJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the files that settings name as a start does, and opens no port. */
final class ConfigCheck {

    private ConfigCheck() {}

    /**
     * Looks at certificates, keys, secrets and the jars of apps.
     *
     * @throws UsageException naming the first that is of no use
     */
    static void check(Configuration configuration) throws UsageException {
        checkFiles(configuration);
        try {
            checkApps(configuration.settings());
        } catch (UsageException wrong) {
            throw new UsageException(configuration.attributed(String.valueOf(wrong.getMessage())));
        }
    }

    /**
     * The same without jars.
     *
     * @throws UsageException naming the first that is of no use
     */
    static void checkFiles(Configuration configuration) throws UsageException {
        Settings settings = configuration.settings();
        try {
            TlsConfig tls = settings.tls();
            if (tls != null) {
                ServerTls.load(tls, new Disk(), ServerListener.NONE, Instant.now());
            }
            AdminConfig admin = settings.admin();
            if (admin != null) {
                AdminServer.check(admin);
            }
            ClusterSettings.Node cluster = settings.cluster();
            if (cluster != null) {
                cluster.redis();
                cluster.secrets();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(configuration.attributed(String.valueOf(e.getMessage())));
        }
        Access.Tokens tokens = settings.access().tokens();
        if (tokens != null && tokens.file() != null) {
            tokens.open().close();
        }
    }

    private static void checkApps(Settings settings) throws UsageException {
        try (Entrance entrance = Entrance.open(new LiveSettings(settings, Integer.MAX_VALUE))) {
            Map<String, App> apps = new LinkedHashMap<>();
            if (settings.apps().samples()) {
                apps.putAll(DemoApps.all(settings.backends(), settings.compression(), entrance.opcodes()));
            }
            try (AppJars jars = settings.apps().load(apps.keySet())) {
                apps.putAll(jars.apps());
                entrance.before(apps);
            }
        }
    }

    /** Files as both transports read them. */
    private static final class Disk implements MaterialReader {

        private static final Pattern PEM = Pattern.compile(".*\\.(pem|crt|cer)", Pattern.CASE_INSENSITIVE);

        @Override
        public byte[] read(Path file) throws IOException {
            return Files.readAllBytes(file);
        }

        @Override
        public List<Path> files(Path path) throws IOException {
            if (!Files.isDirectory(path)) {
                return List.of(path);
            }
            try (Stream<Path> all = Files.list(path)) {
                return all.filter(file -> PEM.matcher(file.toString()).matches() && Files.isRegularFile(file))
                        .sorted()
                        .toList();
            }
        }
    }
}
