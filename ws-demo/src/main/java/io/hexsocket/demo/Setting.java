package io.hexsocket.demo;

import static io.hexsocket.demo.Quantity.duration;
import static io.hexsocket.demo.Quantity.size;

import io.hexsocket.apps.Compression;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Timeouts;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator can set: its name in the configuration file, its default, and what it is for. {@link Environment} and {@link
 * CommandLine} find it by the same name.
 */
enum Setting {
    ADDRESS("address", "ws://0.0.0.0:8091", "Where the server listens: scheme://host:port. Port 0 takes a free one."),
    PORT("port", "none", "The port, if it is not to be that of the address; 0 takes a free one."),
    TRANSPORT("transport", "nio", "The I/O library: nio or vertx."),
    WORKERS("workers", "auto", "Event loops, each a thread; auto is one for each processor."),
    LOG_FILE(
            "logFile",
            "none",
            "A file for the log, besides the console. Rotated at 10 MiB and at midnight, 100 MiB in all."),
    LOG_FORMAT("logFormat", "text", "The form of its lines: text, or json for an object on each line."),
    LOG_LEVELS(
            "logLevels",
            "info",
            "What is logged: off, error, warn, info, debug or trace, and the same for single loggers, as in"
                    + " info,access=debug,io.netty=off."),
    APPS("apps.dir", "none", "A directory with jars of apps to serve. Their own settings are app.NAME.key = value."),
    SAMPLES("demo.apps", "on", "Whether the samples and the page to try them with are served: on or off."),
    ALLOWED_ORIGINS(
            "allowedOrigins",
            "same",
            "Whose pages may connect: same is those of the address that they connect to; or a list such as"
                    + " https://example.org,https://*.example.org; or any."),
    UNKNOWN_PATH(
            "unknownPath",
            "404",
            "What a client gets that asks for a path without an app: 404, or close (101, then a close packet)."),
    RAW_DOOR(
            "rawDoor",
            "auto",
            "Who may skip WebSocket (\"php process\"): shut, or a list of loopback, addresses and host names; auto is"
                    + " loopback, and shut behind trusted proxies, since one on this host may make everybody look local."),
    BACKENDS(
            "backends",
            "loopback",
            "Who may call itself a backend script (Client-Type: php, Ident): any, nobody, or a list of the same kind."
                    + " Who comes through a trusted proxy is never loopback."),
    ACCESS_ALLOW("access.allow", "all", "Who may connect at all: all, or addresses and ranges such as 10.0.0.0/8."),
    ACCESS_DENY("access.deny", "none", "Who may not, though access.allow would let them: addresses and ranges."),
    JWT_KEY_FILE(
            "jwt.keyFile",
            "none",
            "Keys for JSON Web Tokens, which clients then need: a PEM file with public keys, a JWK set, or a secret."),
    JWT_JWKS("jwt.jwks", "none", "The https:// address of a JWK set, instead of jwt.keyFile."),
    JWT_ALGORITHMS("jwt.algorithms", "HS256,RS256,ES256,EdDSA", "How tokens may be signed; each key has one of them."),
    JWT_ISSUER("jwt.issuer", "none", "Whose tokens must be (iss); none is anybody's."),
    JWT_AUDIENCE("jwt.audience", "none", "For whom they must be (aud); none is for tokens that name nobody."),
    JWT_FROM(
            "jwt.from",
            "header",
            "Where tokens are looked for, in this order: header, subprotocol, cookie:NAME, query:NAME."),
    JWT_PATHS("jwt.paths", "all", "The paths that need one: all, or a list such as /web,/chat/{room}."),
    JWT_IDENT_CLAIM("jwt.identClaim", "none", "The claim that is the client's ident; none is no ident."),
    JWT_TOPICS_CLAIM("jwt.topicsClaim", "topics", "The claim that lists the topics that a client may join."),
    PHP_SESSIONS("phpSessions.dir", "none", "Where PHP keeps its sessions, of which clients then need one."),
    PHP_SESSIONS_REQUIRES("phpSessions.requires", "none", "The variable of a session that must be true."),
    PHP_SESSIONS_PRINCIPAL(
            "phpSessions.principal", "none", "The variable that says who the client is; none if none does."),
    PHP_SESSIONS_PATHS("phpSessions.paths", "all", "The paths that need a session: all, or a list such as /web."),
    PHP_SESSIONS_COOKIE("phpSessions.cookie", "PHPSESSID", "The cookie with its id (session.name)."),
    PHP_SESSIONS_FORMAT(
            "phpSessions.format", "php", "How PHP writes it (session.serialize_handler): php or php_serialize."),
    PHP_SESSIONS_OWNER("phpSessions.owner", "none", "The user whose the files must be, as www-data; none is anybody."),
    PHP_SESSIONS_MAX_AGE("phpSessions.maxAge", "24min", "How long ago it may have been written; 0 is any time."),
    TRUSTED_PROXIES(
            "trustedProxies",
            "none",
            "Whose word about where a client is counts: addresses and ranges such as 127.0.0.1, 10.0.0.0/8; or none."),
    PROXY_HEADERS(
            "proxyHeaders",
            "x-forwarded",
            "The headers by which they say so: x-forwarded (X-Forwarded-For and -Proto), forwarded (RFC 7239), or none."),
    PROXY_PROTOCOL(
            "proxyProtocol",
            "off",
            "Whether they begin each connection with a header of the PROXY protocol, version 1 or 2: on or off."),

    CERTIFICATES(
            "tls.certificates",
            "none",
            "PEM files for wss://, separated by commas: a certificate and those above it. The first is the default."),
    KEYS(
            "tls.keys",
            "none",
            "PEM files with the private keys, one for each certificate; none if they are in the same files."),
    KEY_PASSWORD_FILES(
            "tls.keyPasswordFiles", "none", "Files with the passwords of encrypted keys, one for all or one for each."),
    CLIENT_AUTHORITIES(
            "tls.clientAuthorities",
            "none",
            "A PEM file, or a folder of such files: who signs the certificates of clients."),
    CLIENT_CERTIFICATES(
            "tls.clientCertificates", "none", "Whether clients show a certificate: none, optional or required."),
    TLS_VERSIONS("tls.versions", "1.2,1.3", "The versions of TLS, separated by commas: 1.2 and 1.3 are."),
    TLS_POLL_INTERVAL(
            "tls.pollInterval",
            "10s",
            "How often the files are looked at, so that new ones are noticed; 0 is only on SIGHUP."),

    ADMIN_ADDRESS(
            "admin.address",
            "none",
            "Where the management port listens: 127.0.0.1:9091, or https://host:port; none is nowhere. Others than"
                    + " loopback need admin.keyFile."),
    ADMIN_KEY_FILE(
            "admin.keyFile",
            "none",
            "A file with the API keys of the management port, one a line, each of 32 characters or more, those that may"
                    + " only read behind the word readonly; none lets in everybody on this host."),
    ADMIN_CERTIFICATE("admin.certificate", "none", "A PEM file for https: the certificate and those above it."),
    ADMIN_KEY("admin.key", "none", "A PEM file with its private key; none if it is in the same file."),
    CLUSTER_URL(
            "cluster.url",
            "none",
            "The Redis that joins this server with others: redis://[[user:]password@]host[:port], rediss:// for TLS,"
                    + " redis-sentinel://host1,host2#master; or none."),
    CLUSTER_CA_FILE(
            "cluster.caFile",
            "none",
            "Who signs the certificate that Redis shows over rediss://, in PEM; none is whom this Java trusts."),
    CLUSTER_NODE("cluster.node", "node", "How this node's name begins; the end is another one at each start."),
    CLUSTER_SECRET_FILE(
            "cluster.secretFile",
            "none",
            "A file with what ids of sessions are signed with, the same on all nodes: a line of 32 characters or more;"
                    + " those on further lines are accepted, too."),
    CLUSTER_PREFIX("cluster.prefix", "hexsocket:", "What its keys and channels begin with: the same on all its nodes."),
    CLUSTER_LEASE("cluster.lease", "15s", "How long a node that has died is taken for a live one, at most."),
    CLUSTER_REQUIRED(
            "cluster.required",
            "off",
            "Whether /readyz and /health answer 503 while Redis cannot be reached: on or off."),
    DRAIN_DELAY(
            "drain.delay",
            "0",
            "From SIGTERM until no connection is accepted: /health answers 503 meanwhile, so that a load balancer turns away."),
    // with the eight seconds of timeouts.drain below the ten that container managers give
    DRAIN_WINDOW(
            "drain.window",
            "1s",
            "How long it then takes to close all sessions, spread evenly, each with 1012. Minutes, where there are many."),

    COMPRESSION("compression", "on", "Whether messages are compressed for clients that ask for it: on or off."),
    COMPRESSION_THRESHOLD_BYTES(
            "compression.thresholdBytes",
            size(Compression.ON.thresholdBytes()),
            "Messages shorter than this are sent as they are."),
    COMPRESSION_LEVEL(
            "compression.level", count(Compression.ON.level()), "How hard zlib tries: 1 is fast, 9 is small."),
    COMPRESSION_CONTEXT_TAKEOVER(
            "compression.contextTakeover",
            "off",
            "Whether messages may refer to earlier ones: on or off. On costs 312 KiB for each connection."),

    HEAD_BYTES("limits.headBytes", size(Limits.DEFAULT.headBytes()), "The head of a request."),
    REQUEST_LINE_BYTES("limits.requestLineBytes", size(Limits.DEFAULT.requestLineBytes()), "The first line of it."),
    HEADERS("limits.headers", count(Limits.DEFAULT.headers()), "Header lines of a request."),
    MESSAGE_BYTES("limits.messageBytes", size(Limits.DEFAULT.messageBytes()), "A message, all its fragments together."),
    FRAGMENTS("limits.fragments", count(Limits.DEFAULT.fragments()), "Frames of one message, when they are tiny."),
    QUEUED_BYTES("limits.queuedBytes", size(Limits.DEFAULT.queuedBytes()), "Output that waits for one client."),
    PINGS_PER_SECOND(
            "limits.pingsPerSecond", count(Limits.DEFAULT.pingsPerSecond()), "Pings from one client in the long run."),
    PING_BURST("limits.pingBurst", count(Limits.DEFAULT.pingBurst()), "Pings from one client at once."),
    ALIASES("limits.aliases", count(Limits.DEFAULT.aliases()), "Further names of one session."),
    TOPICS("limits.topics", count(Limits.DEFAULT.topics()), "Topics that one session is in at a time."),
    MESSAGES_PER_SECOND(
            "limits.messagesPerSecond",
            "10000",
            "Messages from one client in the long run, and five times as many at once; 0 is no limit."),
    BYTES_PER_SECOND(
            "limits.bytesPerSecond",
            "32MiB",
            "Bytes from one client in the long run, and five times as many at once; 0 is no limit."),
    CONNECTIONS("limits.connections", count(Limits.DEFAULT.connections()), "All connections."),
    CONNECTIONS_PER_ADDRESS(
            "limits.connectionsPerAddress",
            count(Limits.DEFAULT.connectionsPerAddress()),
            "Connections from one IPv4 address or IPv6 /64 network; 0 is no limit, right behind a proxy."),
    CONNECTIONS_PER_SECOND_PER_ADDRESS(
            "limits.connectionsPerSecondPerAddress",
            "500",
            "New connections from one IPv4 address or IPv6 /64 network, and twenty times as many at once; 0 is no limit."),
    COMPRESSION_CONTEXT_BYTES(
            "limits.compressionContextBytes",
            size(Limits.DEFAULT.compressionContextBytes()),
            "What compression.contextTakeover may cost in all; connections beyond it go without."),
    MEMORY_BYTES(
            "limits.memoryBytes",
            size(Limits.DEFAULT.memoryBytes()),
            "What all clients together may make the server hold; 0 is half of the heap."),

    HEAD("timeouts.head", duration(Timeouts.DEFAULT.head()), "From accept to the end of the request's head."),
    ADMISSION("timeouts.admission", duration(Timeouts.DEFAULT.admission()), "From the end of the head to its answer."),
    LIFETIME(
            "timeouts.lifetime",
            duration(Timeouts.DEFAULT.lifetime()),
            "Of a session, whatever it does; 0 is no limit."),
    IDLE("timeouts.idle", duration(Timeouts.DEFAULT.idle()), "Without a message either way; 0 is no limit."),
    PING("timeouts.ping", duration(Timeouts.DEFAULT.ping()), "Between keep-alive pings; 0 is none."),
    CLOSE("timeouts.close", duration(Timeouts.DEFAULT.close()), "From the server's close frame to the end."),
    WRITE_STALL(
            "timeouts.writeStall", duration(Timeouts.DEFAULT.writeStall()), "With output that a client does not take."),
    SLOW_FRAME(
            "timeouts.slowFrame",
            duration(Timeouts.DEFAULT.slowFrame()),
            "With a frame that a client does not finish."),
    SLOW_MESSAGE(
            "timeouts.slowMessage",
            duration(Timeouts.DEFAULT.slowMessage()),
            "With a message that a client does not finish."),
    DRAIN(
            "timeouts.drain",
            duration(Timeouts.DEFAULT.drain()),
            "From the end of drain.window to the end of the server, for clients that do not end."),
    TLS_HANDSHAKE(
            "timeouts.tlsHandshake",
            duration(Timeouts.DEFAULT.tlsHandshake()),
            "From accept to the end of the TLS handshake.");

    private static final Map<String, Setting> BY_KEY =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(setting -> setting.key, Function.identity()));

    private static final Set<Setting> LIVE = live();

    /** Those that name files and directories. */
    static final Set<Setting> FILES = Collections.unmodifiableSet(EnumSet.of(
            LOG_FILE,
            APPS,
            JWT_KEY_FILE,
            PHP_SESSIONS,
            CERTIFICATES,
            KEYS,
            KEY_PASSWORD_FILES,
            CLIENT_AUTHORITIES,
            ADMIN_KEY_FILE,
            ADMIN_CERTIFICATE,
            ADMIN_KEY,
            CLUSTER_CA_FILE,
            CLUSTER_SECRET_FILE));

    private final String key;
    private final String preset;
    private final String purpose;

    Setting(String key, String preset, String purpose) {
        this.key = key;
        this.preset = preset;
        this.purpose = purpose;
    }

    /** The setting of this name, or null. */
    static @Nullable Setting of(String key) {
        return BY_KEY.get(key);
    }

    private static Set<Setting> live() {
        Set<Setting> live = EnumSet.range(HEAD_BYTES, TLS_HANDSHAKE);
        live.removeAll(EnumSet.of(COMPRESSION_CONTEXT_BYTES, MEMORY_BYTES, DRAIN, TLS_HANDSHAKE));
        live.addAll(EnumSet.of(
                LOG_LEVELS, ALLOWED_ORIGINS, RAW_DOOR, BACKENDS, ACCESS_ALLOW, ACCESS_DENY, DRAIN_DELAY, DRAIN_WINDOW));
        return live;
    }

    /** Whether it changes by a reload; if not, by a start only. */
    boolean isLive() {
        return LIVE.contains(this);
    }

    /** Its name in the configuration file. */
    String key() {
        return key;
    }

    /** Its value unless another is set. */
    String preset() {
        return preset;
    }

    /** A sentence about it. */
    String purpose() {
        return purpose;
    }

    private static String count(int number) {
        return Integer.toString(number);
    }
}
