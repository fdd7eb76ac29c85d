package io.hexsocket.demo;

import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.demo.admin.AdminConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The demo in this process, at a free port of this host. For tests in other packages. */
public final class RunningDemo implements AutoCloseable {

    private final int port;
    private final int adminPort;
    private final Map<Setting, SettingValue> given;
    private final Runnable close;

    private RunningDemo(int port, int adminPort, Map<Setting, SettingValue> given, Runnable close) {
        this.port = port;
        this.adminPort = adminPort;
        this.given = given;
        this.close = close;
    }

    /** The names of all transports. */
    public static Stream<String> transports() {
        return Stream.of(Transport.values()).map(one -> one.name().toLowerCase(Locale.ROOT));
    }

    /**
     * Starts the demo.
     *
     * @param settings further ones, as in a configuration file: {@code timeouts.ping=1s}
     */
    public static RunningDemo start(String transport, String... settings) throws Exception {
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        for (String setting : settings) {
            String[] halves = setting.split("=", 2);
            given.put(Setting.of(halves[0]), new SettingValue(halves[0], halves[1]));
        }
        given.putIfAbsent(Setting.ADDRESS, new SettingValue("address", "ws://127.0.0.1:0"));
        given.put(Setting.TRANSPORT, new SettingValue("transport", transport));
        given.putIfAbsent(Setting.WORKERS, new SettingValue("workers", "2"));
        QuietHost host = new QuietHost(given);
        Demo demo = Demo.start(host.configuration(), Duration.ofMillis(60), host);
        AdminConfig admin = demo.admin();
        return new RunningDemo(
                demo.address().port(), admin == null ? 0 : admin.address().port(), given, demo::close);
    }

    /**
     * Starts the demo as a node, with a management port.
     *
     * @param secret the file that all nodes have
     */
    public static RunningDemo node(RedisServer redis, Path secret, String... settings) throws Exception {
        Stream<String> own = Stream.of(
                "admin.address=127.0.0.1:0",
                "cluster.url=redis://127.0.0.1:" + redis.port(),
                "cluster.secretFile=" + secret);
        return start("nio", Stream.concat(own, Stream.of(settings)).toArray(String[]::new));
    }

    /** Starts a server of somebody else's apps, where the demo would start its own. */
    public static RunningDemo start(String transport, ServerConfig config) throws IOException, UsageException {
        Server server = Transport.valueOf(transport.toUpperCase(Locale.ROOT)).start(config, null);
        return new RunningDemo(server.address().port(), 0, new EnumMap<>(Setting.class), server::close);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Where the management port listens; 0 if there is none. */
    public int adminPort() {
        return adminPort;
    }

    /** The URI of a path, without the path: {@code ws://127.0.0.1:8091}. */
    public String uri(String scheme) {
        return scheme + "://127.0.0.1:" + port;
    }

    /** Gives a setting another value, as in the configuration file, for the next reload. */
    public void set(String key, String value) {
        given.put(Setting.of(key), new SettingValue(key, value));
    }

    @Override
    public void close() {
        close.run();
    }
}
