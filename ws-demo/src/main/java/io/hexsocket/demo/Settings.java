package io.hexsocket.demo;

import io.hexsocket.apps.Compression;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.Policy;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.config.UnknownPath;
import io.hexsocket.demo.admin.AdminConfig;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is to do, read and checked.
 *
 * @param address where it listens
 * @param tls with which certificates, or null
 * @param transport on which I/O library
 * @param workers how many event loops
 * @param logFile where the log goes besides the console, or null
 * @param logFormat the form of its lines
 * @param logLevels which lines
 * @param apps which apps it serves
 * @param access who comes in
 * @param compression how its samples compress
 * @param limits how much it takes
 * @param timeouts how long it waits
 * @param drain how it is left
 * @param allowedOrigins whose pages may connect
 * @param rawDoor who may skip WebSocket
 * @param backends from where clients may call themselves backend scripts
 * @param proxies who is believed when it says where a client is
 * @param unknownPath what a path without an app is answered with
 * @param admin where the management port is; null for nowhere
 * @param cluster how it is joined with other nodes, or null
 */
record Settings(
        ServerAddress address,
        @Nullable TlsConfig tls,
        Transport transport,
        int workers,
        @Nullable Path logFile,
        LogFormat logFormat,
        LogLevels logLevels,
        OwnApps apps,
        Access access,
        Compression compression,
        Limits limits,
        Timeouts timeouts,
        DrainSettings.Drain drain,
        Origins allowedOrigins,
        RawDoor rawDoor,
        Predicate<InetAddress> backends,
        Proxies proxies,
        UnknownPath unknownPath,
        @Nullable AdminConfig admin,
        ClusterSettings.@Nullable Node cluster) {

    // RFC 1035, 2.3.4: "names 255 octets or less"
    private static final int MAX_HOST = 255;

    /**
     * Reads what was given, and takes the presets for the rest.
     *
     * @param names asked for host names, and for nothing else
     * @throws UsageException for the first value that makes no sense
     */
    static Settings of(Map<Setting, SettingValue> given, SettingValues.Names names) throws UsageException {
        SettingValues values = new SettingValues(given, names);
        ServerAddress address = address(values);
        LimitSettings limits = new LimitSettings(values);
        PeerSettings peers = new PeerSettings(values);
        return new Settings(
                address,
                new TlsSettings(values).tls(address),
                transport(values),
                workers(values),
                values.file(Setting.LOG_FILE),
                logFormat(values),
                LogLevels.of(values),
                OwnApps.of(values),
                new AccessSettings(values).access(),
                compression(values),
                limits.limits(),
                limits.timeouts(),
                new DrainSettings(values).drain(),
                peers.allowedOrigins(),
                peers.rawDoor(),
                peers.backends(),
                peers.proxies(),
                unknownPath(values),
                new AdminSettings(values).admin(),
                new ClusterSettings(values).node());
    }

    /** What it demands of clients. */
    Policy policy() {
        return Policy.DEFAULT
                .limits(limits)
                .timeouts(timeouts)
                .allowedOrigins(allowedOrigins)
                .rawDoor(rawDoor);
    }

    /** The same with other limits. */
    Settings limits(Limits limits) {
        return with(tls, limits, apps);
    }

    /** The same with what the configuration file says of the jars' apps. */
    Settings appSections(Map<String, SettingValue> sections) {
        return with(tls, limits, apps.sections(sections));
    }

    /** The same with a password for all private keys for which there is no file with one. */
    Settings keyPassword(String password) {
        if (tls == null) {
            return this;
        }
        List<TlsConfig.Identity> identities = tls.identities().stream()
                .map(one -> one.password() != null ? one : one.password(new TlsConfig.KeyPassword.Known(password)))
                .toList();
        return with(tls.identities(identities), limits, apps);
    }

    private Settings with(@Nullable TlsConfig tls, Limits limits, OwnApps apps) {
        return new Settings(
                address,
                tls,
                transport,
                workers,
                logFile,
                logFormat,
                logLevels,
                apps,
                access,
                compression,
                limits,
                timeouts,
                drain,
                allowedOrigins,
                rawDoor,
                backends,
                proxies,
                unknownPath,
                admin,
                cluster);
    }

    private static ServerAddress address(SettingValues values) throws UsageException {
        SettingValue text = values.of(Setting.ADDRESS);
        ServerAddress address;
        try {
            address = ServerAddress.parse(text.text());
        } catch (IllegalArgumentException e) {
            throw values.relabelled(e, "");
        }
        if (address.host().length() > MAX_HOST) {
            throw text.wrong("scheme://host:port, with a host of up to " + MAX_HOST + " characters");
        }
        SettingValue port = values.of(Setting.PORT);
        if (port.text().equals("none")) {
            return address;
        }
        int number = Quantity.number(port);
        if (number > 65_535) {
            throw port.wrong("between 0 and 65535, or none");
        }
        return address.port(number);
    }

    private static Transport transport(SettingValues values) throws UsageException {
        SettingValue name = values.of(Setting.TRANSPORT);
        return switch (name.text()) {
            case "nio" -> Transport.NIO;
            case "vertx" -> Transport.VERTX;
            default -> throw name.wrong("nio or vertx");
        };
    }

    private static LogFormat logFormat(SettingValues values) throws UsageException {
        SettingValue format = values.of(Setting.LOG_FORMAT);
        return switch (format.text()) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default -> throw format.wrong("text or json");
        };
    }

    private static int workers(SettingValues values) throws UsageException {
        SettingValue workers = values.of(Setting.WORKERS);
        if (workers.text().equals("auto")) {
            return Runtime.getRuntime().availableProcessors();
        }
        int number = Quantity.number(workers);
        if (number < 1 || number > 1024) {
            throw workers.wrong("between 1 and 1024, or auto");
        }
        return number;
    }

    private static Compression compression(SettingValues values) throws UsageException {
        boolean enabled = values.isOn(Setting.COMPRESSION);
        boolean takeover = values.isOn(Setting.COMPRESSION_CONTEXT_TAKEOVER);
        int threshold = Quantity.bytes(values.of(Setting.COMPRESSION_THRESHOLD_BYTES));
        int level = Quantity.number(values.of(Setting.COMPRESSION_LEVEL));
        try {
            return Compression.OFF
                    .enabled(enabled)
                    .thresholdBytes(threshold)
                    .level(level)
                    .contextTakeover(takeover);
        } catch (IllegalArgumentException e) {
            throw values.relabelled(e, "compression.");
        }
    }

    private static UnknownPath unknownPath(SettingValues values) throws UsageException {
        SettingValue reaction = values.of(Setting.UNKNOWN_PATH);
        return switch (reaction.text()) {
            case "404" -> UnknownPath.NOT_FOUND;
            case "close" -> UnknownPath.CLOSE;
            default -> throw reaction.wrong("404 or close");
        };
    }
}
