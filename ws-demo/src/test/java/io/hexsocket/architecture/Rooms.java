package io.hexsocket.architecture;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every package that ships, and what it may see and use. Names are relative to {@code io.hexsocket}; a name that ends in two dots is a
 * library with all its packages. What is not written here is not allowed.
 */
final class Rooms {

    static final String HOUSE = "io.hexsocket.";

    /** Package, and the packages that it may see. All may see JSpecify's annotations. */
    static final Map<String, List<String>> EDGES = table("""
            apps                 -> apps.message
            apps.message         -> apps
            apps.json            -> apps apps.message com.fasterxml.jackson..
            core.port.transport  -> apps
            core.port.host       -> apps core.port.cluster
            core.port.cluster    -> apps
            core.config          -> apps core.port.transport core.port.host core.port.cluster
            core.raw             ->
            core.handshake       -> apps
            core.deflate         -> apps core.handshake
            core.protocol        -> apps apps.message core.deflate
            core.proxy           -> core.config
            core.routing         -> apps core.config core.port.transport
            core.tls             -> core.config core.port.host
            core.transport       -> core.config core.port.transport core.proxy core.tls
            core.connection      -> apps core.config core.port.transport core.port.host core.protocol core.deflate core.handshake core.raw core.proxy core.routing
            core.session         -> apps apps.message core.config core.port.transport core.port.host core.protocol core.deflate core.handshake core.raw core.proxy core.routing core.connection
            core.hub             -> apps apps.message core.config core.port.transport core.port.host core.port.cluster core.protocol core.deflate core.routing core.connection core.session
            core                 -> apps core.config core.port.transport core.port.host core.port.cluster core.tls core.transport core.connection core.session core.hub
            transport.nio        -> core core.config core.port.transport core.port.host core.proxy core.tls core.transport org.slf4j..
            transport.vertx      -> core core.config core.port.transport core.port.host core.proxy core.tls core.transport org.slf4j.. io.vertx.. io.netty..
            cluster.redis        -> core.port.cluster org.slf4j.. io.lettuce.. io.netty.. reactor..
            demo.apps            -> apps apps.json com.fasterxml.jackson..
            metrics              -> apps core core.port.host io.micrometer..
            demo.admin           -> apps core core.config core.port.host core.tls metrics com.fasterxml.jackson.. io.micrometer.. org.slf4j..
            demo.jars            -> apps
            demo.access          -> apps apps.json com.fasterxml.jackson.. org.jose4j.. org.slf4j..
            demo                 -> apps core core.config core.port.cluster core.port.host core.tls transport.nio transport.vertx cluster.redis apps.json demo.access demo.admin demo.apps demo.jars org.slf4j.. ch.qos.logback.. com.fasterxml.jackson..
            """);

    /** A sealed interface and its classes, which know each other; one of them only the core can make. */
    static final Set<String> SEALED_TOGETHER = Set.of("apps", "apps.message");

    /** Package, and the lists of {@link JdkLists} that say what of the JDK it may use. */
    static final Map<String, List<String>> JDK = table("""
            apps                 -> language bytes collections addresses durations instants identity sharing
            apps.message         -> language bytes collections words
            apps.json            -> language bytes collections addresses durations sharing streams
            core.port.transport  -> language bytes addresses durations identity failures sharing
            core.port.host       -> language bytes collections addresses durations instants files certificates sharing
            core.port.cluster    -> language bytes collections durations sharing
            core.config          -> language collections addresses durations files hostsKeys
            core.raw             -> language bytes collections
            core.handshake       -> language bytes collections addresses identity digests
            core.deflate         -> language bytes collections zlib zlibErrors atomics
            core.protocol        -> language bytes collections zlibErrors words
            core.proxy           -> language bytes collections addresses
            core.routing         -> language bytes collections digests signatures sharing
            core.tls             -> language bytes collections durations instants files failures digests certificates keys engines
            core.transport       -> language bytes collections addresses durations instants units failures identity sharing engines ownFields
            core.connection      -> language bytes collections addresses durations instants failures identity sharing atomics
            core.session         -> language bytes collections addresses durations instants failures identity sharing atomics
            core.hub             -> language bytes collections addresses durations identity sharing atomics
            core                 -> language bytes collections addresses durations instants sharing
            transport.nio        -> threads sockets
            transport.vertx      -> threads sockets
            cluster.redis        -> threads certificates
            demo.apps            -> language collections addresses
            metrics              -> threads sockets
            demo.admin           -> threads sockets httpServer
            demo.jars            -> threads jars
            demo.access          -> threads sockets programs security
            demo                 -> threads sockets programs
            """);

    /** Single classes that may use more of the JDK than their package. */
    static final Map<String, JdkLists> MORE_OF_THE_JDK = Map.of(
            // IpLiteral gives it addresses only, and the JDK looks up nothing but names.
            "core.config.IpLiteral",
            JdkLists.of("java.net.InetAddress: getByName"),
            // A host waits for the end of its server.
            "core.TransportServer",
            JdkLists.of(
                    "java.util.concurrent.CompletableFuture: handle join thenCompose",
                    "java.util.concurrent.CompletionStage: toCompletableFuture"),
            // What a line to Redis breaks with.
            "cluster.redis.Diagnosis",
            JdkLists.of("java.net: NoRouteToHostException SocketException UnknownHostException"),
            // The defaults of two settings, and the longest message that fits into the heap.
            "core.config.ServerConfig",
            JdkLists.of("java.lang.Runtime: getRuntime availableProcessors maxMemory"),
            // Whose callback a thread of an app's executor runs; forgotten when that returns.
            "core.connection.Poster",
            JdkLists.of("java.lang.ThreadLocal: <init> get set remove"),
            // Needs no memory, where a latch or a queue would.
            "demo.OutOfMemoryExit",
            JdkLists.of("java.util.concurrent.locks.LockSupport: park parkNanos unpark"),
            // When a session of another node ends; and one that has no address.
            "core.hub.ListMessages",
            JdkLists.of("java.time.Instant: MAX MIN getEpochSecond getNano ofEpochSecond"),
            // The seed's dialogue names the operating system.
            "apps.json.JsonApp",
            JdkLists.of("java.lang.System: getProperty"),
            // The clock of the rate limit, which tests replace.
            "apps.json.StandardOpcodes",
            JdkLists.of("java.lang.System: nanoTime"));

    /** Packages whose classes may be synchronized. */
    static final Set<String> WITH_MONITORS = Set.of(
            "core",
            "core.session",
            "core.hub",
            "core.tls",
            "transport.nio",
            "transport.vertx",
            "demo",
            "demo.access",
            "demo.admin");

    /** What transports, adapters and programs may see of the core. */
    static final Set<String> OPEN_TO_OUTSIDE = Set.of(
            "core",
            "core.config",
            "core.port.transport",
            "core.port.host",
            "core.port.cluster",
            "core.transport",
            "core.tls",
            "core.proxy");

    /** Packages of the tables that have no class yet. */
    static final Set<String> EMPTY = Set.of();

    /** Packages with a circle of more than three classes, and how many classes are in such circles. */
    static final Map<String, Integer> KNOTTED = Map.of();

    /** Who uses {@code io.vertx.core.internal}, which Vert.x may change in any release. */
    static final Set<String> VERTX_INTERNALS = Set.of("transport.vertx.VertxInternals");

    /** What who writes an app or embeds a server compiles against. */
    static final Set<String> FOR_APPS_AND_HOSTS = Set.of(
            "apps",
            "core",
            "core.config",
            "core.port.host",
            "transport.nio",
            "transport.vertx",
            "metrics",
            "cluster.redis");

    /**
     * Their public records. A record cannot gain a component without breaking who constructs it or takes it apart, so these are values that
     * are complete by nature, and what the server hands out.
     */
    static final Set<String> VALUES = Set.of(
            "apps.Admission$Header",
            "apps.Admission$Later",
            "apps.CloseStatus",
            "apps.SessionInfo",
            "apps.SessionPage",
            "apps.Sizes",
            "apps.Target",
            "apps.TopicInfo",
            "apps.TopicPage",
            "core.config.Cidr",
            "core.config.PathPattern",
            "core.config.ServerAddress",
            "core.config.TlsConfig$KeyPassword$InFile",
            "core.config.TlsConfig$KeyPassword$Known",
            "core.port.host.AppStats",
            "core.port.host.ClusterStats",
            "core.port.host.LoopStats",
            "core.port.host.MemoryUse",
            "core.port.host.ServedCertificate",
            "core.port.host.SessionEnd",
            "core.port.host.Timings");

    /** Module, and the packages that it exports. A qualified export has the module behind a colon. */
    static final Map<String, List<String>> EXPORTS = table("""
            apps                 -> apps apps.json apps.message:core
            core                 -> core core.config core.port.cluster core.port.host core.port.transport core.proxy core.tls core.transport
            transport.nio        -> transport.nio
            transport.vertx      -> transport.vertx
            cluster.redis        -> cluster.redis
            metrics              -> metrics
            demo                 ->
            """);

    private Rooms() {}

    /** A line is a name, an arrow, and names with blanks between them. */
    private static Map<String, List<String>> table(String text) {
        Map<String, List<String>> table = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            String[] sides = line.split("->", -1);
            List<String> names = Arrays.stream(sides[1].split(" "))
                    .filter(name -> !name.isEmpty())
                    .map(name -> name.replace(":", " to "))
                    .toList();
            if (table.put(sides[0].strip(), names) != null) {
                throw new IllegalArgumentException("twice in a table: " + line);
            }
        });
        return Collections.unmodifiableMap(table);
    }
}
