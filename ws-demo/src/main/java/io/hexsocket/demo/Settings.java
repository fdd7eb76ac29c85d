package io.hexsocket.demo;

import io.hexsocket.apps.Compression;
import io.hexsocket.core.config.Cidr;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.config.UnknownPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is to do, read and checked.
 *
 * @param address where it listens
 * @param tls with which certificates, or null
 * @param transport on which I/O library
 * @param workers how many event loops
 * @param logFile where the log goes besides the console, or null
 * @param compression how its apps compress
 * @param limits how much it takes
 * @param timeouts how long it waits
 * @param allowedOrigins whose pages may connect
 * @param rawDoor who may skip WebSocket
 * @param backends from where clients may call themselves backend scripts
 * @param proxies who is believed when it says where a client is
 * @param unknownPath what a path without an app is answered with
 */
record Settings(
        ServerAddress address,
        @Nullable TlsConfig tls,
        Transport transport,
        int workers,
        @Nullable Path logFile,
        Compression compression,
        Limits limits,
        Timeouts timeouts,
        Origins allowedOrigins,
        RawDoor rawDoor,
        Predicate<InetAddress> backends,
        Proxies proxies,
        UnknownPath unknownPath) {

    private static final Pattern NUMERIC_ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:\\.(?!$)|$)){4}");

    /** Finds the addresses of a host name. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * Reads what was given, and takes the presets for the rest.
     *
     * @param names asked for host names, and for nothing else
     * @throws UsageException for the first value that makes no sense
     */
    static Settings of(Map<Setting, SettingValue> given, Names names) throws UsageException {
        return new Reading(given, names).settings();
    }

    /** The same with other limits. */
    Settings limits(Limits limits) {
        return with(tls, limits);
    }

    /** The same with a password for all private keys for which there is no file with one. */
    Settings keyPassword(String password) {
        if (tls == null) {
            return this;
        }
        List<TlsConfig.Identity> identities = tls.identities().stream()
                .map(one -> one.password() != null
                        ? one
                        : new TlsConfig.Identity(
                                one.certificate(), one.key(), new TlsConfig.KeyPassword.Known(password)))
                .toList();
        TlsConfig opened =
                new TlsConfig(identities, tls.clients(), tls.clientAuthorities(), tls.versions(), tls.pollInterval());
        return with(opened, limits);
    }

    private Settings with(@Nullable TlsConfig tls, Limits limits) {
        return new Settings(
                address,
                tls,
                transport,
                workers,
                logFile,
                compression,
                limits,
                timeouts,
                allowedOrigins,
                rawDoor,
                backends,
                proxies,
                unknownPath);
    }

    private record Reading(Map<Setting, SettingValue> values, Names names) {

        Settings settings() throws UsageException {
            ServerAddress address = address();
            return new Settings(
                    address,
                    tls(address),
                    transport(),
                    workers(),
                    file(Setting.LOG_FILE),
                    compression(),
                    limits(),
                    timeouts(),
                    allowedOrigins(),
                    rawDoor(),
                    backends(),
                    proxies(),
                    unknownPath());
        }

        private SettingValue given(Setting setting) {
            return values.getOrDefault(setting, new SettingValue(setting.key(), setting.preset()));
        }

        private ServerAddress address() throws UsageException {
            SettingValue address = given(Setting.ADDRESS);
            try {
                return ServerAddress.parse(address.text());
            } catch (IllegalArgumentException e) {
                throw relabelled(e, "");
            }
        }

        private @Nullable TlsConfig tls(ServerAddress address) throws UsageException {
            List<Path> certificates = files(Setting.CERTIFICATES);
            if (!address.secure()) {
                if (!certificates.isEmpty()) {
                    throw new UsageException(given(Setting.CERTIFICATES).label() + " is given, but " + address
                            + " is without TLS; listen at wss://, or leave it out");
                }
                return null;
            }
            if (certificates.isEmpty()) {
                throw new UsageException(given(Setting.ADDRESS).label() + " is " + address
                        + ", which needs a certificate: --cert FILE --key FILE, or tls.certificates and tls.keys");
            }
            Path authorities = file(Setting.CLIENT_AUTHORITIES);
            try {
                return new TlsConfig(identities(certificates), clients(), authorities, versions(), pollInterval());
            } catch (IllegalArgumentException e) {
                throw relabelled(e, "tls.");
            }
        }

        private List<TlsConfig.Identity> identities(List<Path> certificates) throws UsageException {
            List<Path> keys = files(Setting.KEYS);
            List<Path> passwords = files(Setting.KEY_PASSWORD_FILES);
            if (!keys.isEmpty() && keys.size() != certificates.size()) {
                throw given(Setting.KEYS)
                        .wrong("as many files as there are certificates, " + certificates.size()
                                + ", in the same order");
            }
            if (passwords.size() > 1 && passwords.size() != certificates.size()) {
                throw given(Setting.KEY_PASSWORD_FILES)
                        .wrong("one file, or one for each of the certificates, " + certificates.size());
            }
            List<TlsConfig.Identity> identities = new ArrayList<>();
            for (int i = 0; i < certificates.size(); i++) {
                identities.add(new TlsConfig.Identity(
                        certificates.get(i),
                        keys.isEmpty() ? null : keys.get(i),
                        passwords.isEmpty()
                                ? null
                                : new TlsConfig.KeyPassword.InFile(passwords.get(passwords.size() == 1 ? 0 : i))));
            }
            return identities;
        }

        private TlsConfig.Clients clients() throws UsageException {
            SettingValue who = given(Setting.CLIENT_CERTIFICATES);
            return switch (who.text()) {
                case "none" -> TlsConfig.Clients.ANONYMOUS;
                case "optional" -> TlsConfig.Clients.MAY_SHOW_CERTIFICATE;
                case "required" -> TlsConfig.Clients.MUST_SHOW_CERTIFICATE;
                default -> throw who.wrong("none, optional or required");
            };
        }

        private Set<TlsConfig.Version> versions() throws UsageException {
            Set<TlsConfig.Version> versions = EnumSet.noneOf(TlsConfig.Version.class);
            SettingValue all = given(Setting.TLS_VERSIONS);
            for (String version : items(all)) {
                versions.add(
                        switch (version) {
                            case "1.2" -> TlsConfig.Version.TLS_1_2;
                            case "1.3" -> TlsConfig.Version.TLS_1_3;
                            default -> throw new SettingValue(all.label(), version).wrong("1.2 or 1.3");
                        });
            }
            return versions;
        }

        private Duration pollInterval() throws UsageException {
            return Quantity.time(given(Setting.TLS_POLL_INTERVAL));
        }

        private List<Path> files(Setting setting) throws UsageException {
            SettingValue list = given(setting);
            List<Path> files = new ArrayList<>();
            if (!list.text().equals("none")) {
                for (String name : items(list)) {
                    files.add(path(new SettingValue(list.label(), name)));
                }
            }
            return files;
        }

        private @Nullable Path file(Setting setting) throws UsageException {
            SettingValue file = given(setting);
            return file.text().equals("none") ? null : path(file);
        }

        private static Path path(SettingValue file) throws UsageException {
            try {
                return Path.of(file.text());
            } catch (InvalidPathException e) {
                throw file.wrong("the name of a file");
            }
        }

        private Transport transport() throws UsageException {
            SettingValue name = given(Setting.TRANSPORT);
            return switch (name.text()) {
                case "nio" -> Transport.NIO;
                case "vertx" -> Transport.VERTX;
                default -> throw name.wrong("nio or vertx");
            };
        }

        private int workers() throws UsageException {
            SettingValue workers = given(Setting.WORKERS);
            if (workers.text().equals("auto")) {
                return Runtime.getRuntime().availableProcessors();
            }
            int number = Quantity.number(workers);
            if (number < 1 || number > 1024) {
                throw workers.wrong("between 1 and 1024, or auto");
            }
            return number;
        }

        private Compression compression() throws UsageException {
            boolean enabled = isOn(Setting.COMPRESSION);
            boolean takeover = isOn(Setting.COMPRESSION_CONTEXT_TAKEOVER);
            int threshold = Quantity.bytes(given(Setting.COMPRESSION_THRESHOLD_BYTES));
            int level = Quantity.number(given(Setting.COMPRESSION_LEVEL));
            try {
                return Compression.OFF
                        .enabled(enabled)
                        .thresholdBytes(threshold)
                        .level(level)
                        .contextTakeover(takeover);
            } catch (IllegalArgumentException e) {
                throw relabelled(e, "compression.");
            }
        }

        private boolean isOn(Setting setting) throws UsageException {
            SettingValue state = given(setting);
            return switch (state.text()) {
                case "on" -> true;
                case "off" -> false;
                default -> throw state.wrong("on or off");
            };
        }

        private Limits limits() throws UsageException {
            int headBytes = Quantity.bytes(given(Setting.HEAD_BYTES));
            int requestLineBytes = Quantity.bytes(given(Setting.REQUEST_LINE_BYTES));
            int headers = Quantity.number(given(Setting.HEADERS));
            int messageBytes = Quantity.bytes(given(Setting.MESSAGE_BYTES));
            int fragments = Quantity.number(given(Setting.FRAGMENTS));
            int queuedBytes = Quantity.bytes(given(Setting.QUEUED_BYTES));
            int pingsPerSecond = Quantity.number(given(Setting.PINGS_PER_SECOND));
            int pingBurst = Quantity.number(given(Setting.PING_BURST));
            int aliases = Quantity.number(given(Setting.ALIASES));
            int topics = Quantity.number(given(Setting.TOPICS));
            int messagesPerSecond = Quantity.number(given(Setting.MESSAGES_PER_SECOND));
            int bytesPerSecond = Quantity.bytes(given(Setting.BYTES_PER_SECOND));
            int connections = Quantity.number(given(Setting.CONNECTIONS));
            int connectionsPerAddress = Quantity.number(given(Setting.CONNECTIONS_PER_ADDRESS));
            int connectionsPerSecond = Quantity.number(given(Setting.CONNECTIONS_PER_SECOND_PER_ADDRESS));
            int contextBytes = Quantity.bytes(given(Setting.COMPRESSION_CONTEXT_BYTES));
            long memoryBytes = Quantity.manyBytes(given(Setting.MEMORY_BYTES));
            try {
                return Limits.DEFAULT
                        .headBytes(headBytes)
                        .requestLineBytes(requestLineBytes)
                        .headers(headers)
                        .messageBytes(messageBytes)
                        .fragments(fragments)
                        .queuedBytes(queuedBytes)
                        .pingsPerSecond(pingsPerSecond)
                        .pingBurst(pingBurst)
                        .aliases(aliases)
                        .topics(topics)
                        .messagesPerSecond(messagesPerSecond)
                        .bytesPerSecond(bytesPerSecond)
                        .connections(connections)
                        .connectionsPerAddress(connectionsPerAddress)
                        .connectionsPerSecondPerAddress(connectionsPerSecond)
                        .compressionContextBytes(contextBytes)
                        .memoryBytes(memoryBytes);
            } catch (IllegalArgumentException e) {
                throw relabelled(e, "limits.");
            }
        }

        private Timeouts timeouts() throws UsageException {
            var head = Quantity.time(given(Setting.HEAD));
            var admission = Quantity.time(given(Setting.ADMISSION));
            var lifetime = Quantity.time(given(Setting.LIFETIME));
            var idle = Quantity.time(given(Setting.IDLE));
            var ping = Quantity.time(given(Setting.PING));
            var close = Quantity.time(given(Setting.CLOSE));
            var writeStall = Quantity.time(given(Setting.WRITE_STALL));
            var slowFrame = Quantity.time(given(Setting.SLOW_FRAME));
            var slowMessage = Quantity.time(given(Setting.SLOW_MESSAGE));
            var drain = Quantity.time(given(Setting.DRAIN));
            var tlsHandshake = Quantity.time(given(Setting.TLS_HANDSHAKE));
            try {
                return Timeouts.DEFAULT
                        .head(head)
                        .admission(admission)
                        .lifetime(lifetime)
                        .idle(idle)
                        .ping(ping)
                        .close(close)
                        .writeStall(writeStall)
                        .slowFrame(slowFrame)
                        .slowMessage(slowMessage)
                        .drain(drain)
                        .tlsHandshake(tlsHandshake);
            } catch (IllegalArgumentException e) {
                throw relabelled(e, "timeouts.");
            }
        }

        private Origins allowedOrigins() throws UsageException {
            SettingValue origins = given(Setting.ALLOWED_ORIGINS);
            return switch (origins.text()) {
                case "same" -> Origins.same();
                case "any" -> Origins.any();
                default -> listed(origins);
            };
        }

        private Origins listed(SettingValue origins) throws UsageException {
            try {
                return Origins.of(items(origins));
            } catch (IllegalArgumentException e) {
                throw new UsageException(origins.label() + " must be same, any, or a list: "
                        + Printable.line(String.valueOf(e.getMessage())));
            }
        }

        private RawDoor rawDoor() throws UsageException {
            SettingValue door = given(Setting.RAW_DOOR);
            return switch (door.text()) {
                case "auto" -> proxies().isEmpty() ? RawDoor.LOOPBACK : RawDoor.SHUT;
                case "shut" -> RawDoor.SHUT;
                default -> admitting(door);
            };
        }

        private Predicate<InetAddress> backends() throws UsageException {
            SettingValue backends = given(Setting.BACKENDS);
            return switch (backends.text()) {
                case "any" -> address -> true;
                case "nobody" -> address -> false;
                default -> admitting(backends)::admits;
            };
        }

        private Proxies proxies() throws UsageException {
            SettingValue trusted = given(Setting.TRUSTED_PROXIES);
            List<Cidr> ranges = new ArrayList<>();
            for (String item : trusted.text().equals("none") ? List.<String>of() : items(trusted)) {
                try {
                    ranges.add(Cidr.parse(item));
                } catch (IllegalArgumentException e) {
                    throw new UsageException(
                            trusted.label() + " is wrong: " + Printable.cut(String.valueOf(e.getMessage())));
                }
            }
            SettingValue protocol = given(Setting.PROXY_PROTOCOL);
            boolean spoken = switch (protocol.text()) {
                case "on" -> true;
                case "off" -> false;
                default -> throw protocol.wrong("on or off");
            };
            if (spoken && ranges.isEmpty()) {
                throw new UsageException(protocol.label() + " needs to know whose header is believed; say so with "
                        + "--trusted-proxies, as in --trusted-proxies 127.0.0.1");
            }
            return new Proxies(ranges, spoken, proxyHeaders());
        }

        private Proxies.Headers proxyHeaders() throws UsageException {
            SettingValue headers = given(Setting.PROXY_HEADERS);
            return switch (headers.text()) {
                case "x-forwarded" -> Proxies.Headers.X_FORWARDED;
                case "forwarded" -> Proxies.Headers.FORWARDED;
                case "none" -> Proxies.Headers.NONE;
                default -> throw headers.wrong("x-forwarded, forwarded or none");
            };
        }

        private RawDoor admitting(SettingValue list) throws UsageException {
            boolean loopback = false;
            Set<InetAddress> addresses = new HashSet<>();
            for (String item : items(list)) {
                if (item.equals("loopback")) {
                    loopback = true;
                } else {
                    addresses.addAll(addresses(new SettingValue(list.label(), item)));
                }
            }
            return new RawDoor(true, loopback, addresses);
        }

        private UnknownPath unknownPath() throws UsageException {
            SettingValue reaction = given(Setting.UNKNOWN_PATH);
            return switch (reaction.text()) {
                case "404" -> UnknownPath.NOT_FOUND;
                case "close" -> UnknownPath.CLOSE;
                default -> throw reaction.wrong("404 or close");
            };
        }

        private List<InetAddress> addresses(SettingValue host) throws UsageException {
            String text = host.text();
            boolean numeric = NUMERIC_ADDRESS.matcher(text).matches();
            // Java takes "1.2" for 1.0.0.2
            if (numeric && text.indexOf(':') < 0 && !IPV4.matcher(text).matches()) {
                throw host.wrong("loopback, an IP address or a host name");
            }
            try {
                // a numeric address in brackets is never looked up
                return List.of(names.addresses(text.indexOf(':') < 0 ? text : "[" + text + "]"));
            } catch (UnknownHostException e) {
                throw host.wrong("loopback, an IP address or a host name; this one has no address");
            }
        }

        private static List<String> items(SettingValue list) throws UsageException {
            List<String> items = new ArrayList<>();
            for (String item : list.text().split(",", -1)) {
                if (item.isBlank()) {
                    throw list.wrong("a list without empty places");
                }
                items.add(item.strip());
            }
            return items;
        }

        /** A record that refuses a value names it first; here the value gets the name that the operator knows. */
        private UsageException relabelled(IllegalArgumentException refusal, String group) {
            String message = String.valueOf(refusal.getMessage());
            String[] words = message.split(" ", 2);
            Setting setting = Setting.of(group + words[0]);
            return new UsageException(setting == null ? message : given(setting).label() + " " + words[1]);
        }
    }
}
