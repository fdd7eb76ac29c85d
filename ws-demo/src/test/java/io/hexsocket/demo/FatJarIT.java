package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar that is given away: what it contains, under which licences, and that nothing is missing from it. Runs after the packaging. */
@Timeout(180)
class FatJarIT {

    private static final Path JAR = Path.of(System.getProperty("fat.jar"));
    private static final Pattern CLASS = Pattern.compile("(?:META-INF/versions/\\d+/)?(?<package>.+)/[^/]+\\.class");
    private static final Pattern ARTIFACT = Pattern.compile("META-INF/maven/(?<group>[^/]+)/(?<name>[^/]+)/pom\\.xml");
    private static final Pattern FILE_IN_NOTICE = Pattern.compile("META-INF/[\\w./-]*\\w");

    @TempDir
    private Path folder;

    @Test
    void fatJarContainsOnlyTheLibrariesThatTheServerNeeds() throws IOException {
        assertThat(artifacts())
                .containsExactlyInAnyOrder(
                        "ch.qos.logback:logback-classic",
                        "ch.qos.logback:logback-core",
                        "com.fasterxml.jackson.core:jackson-annotations",
                        "com.fasterxml.jackson.core:jackson-core",
                        "com.fasterxml.jackson.core:jackson-databind",
                        "io.hexsocket:ws-apps-api",
                        "io.hexsocket:ws-cluster-redis",
                        "io.hexsocket:ws-core",
                        "io.hexsocket:ws-demo",
                        "io.hexsocket:ws-metrics",
                        "io.hexsocket:ws-transport-nio",
                        "io.hexsocket:ws-transport-vertx",
                        "io.lettuce:lettuce-core",
                        "io.netty:netty-buffer",
                        "io.netty:netty-codec-base",
                        // Lettuce looks up the names of Redis by DNS, on no thread that waits
                        "io.netty:netty-codec-dns",
                        "io.netty:netty-common",
                        "io.netty:netty-handler",
                        "io.netty:netty-resolver",
                        "io.netty:netty-resolver-dns",
                        "io.netty:netty-transport",
                        "io.netty:netty-transport-native-unix-common",
                        // Micrometer does not name itself
                        "io.prometheus:prometheus-metrics-config",
                        "io.prometheus:prometheus-metrics-core",
                        "io.prometheus:prometheus-metrics-exposition-textformats",
                        "io.prometheus:prometheus-metrics-model",
                        "io.prometheus:prometheus-metrics-tracer-common",
                        // vertx-core does not name itself
                        "io.vertx:vertx-core-logging",
                        // within netty-common
                        "org.jctools:jctools-core",
                        "org.jctools:jctools-core-jdk11",
                        "org.bitbucket.b_c:jose4j",
                        // Reactor and Reactive Streams, which Lettuce needs, do not name themselves
                        "org.slf4j:slf4j-api");
    }

    @Test
    void fatJarContainsOnlyPackagesOfTheLibrariesThatTheServerNeeds() throws IOException {
        List<String> wanted = List.of(
                "ch/qos/logback",
                "com/fasterxml/jackson/annotation",
                "com/fasterxml/jackson/core",
                "com/fasterxml/jackson/databind",
                "io/hexsocket",
                "io/micrometer",
                "io/prometheus/metrics",
                "io/lettuce/core",
                "io/netty/bootstrap",
                "io/netty/buffer",
                "io/netty/channel",
                "io/netty/handler",
                "io/netty/resolver",
                "io/netty/util",
                "io/vertx/core",
                "org/jose4j",
                "org/reactivestreams",
                "org/slf4j",
                "reactor");
        assertThat(packages())
                .allMatch(one -> wanted.stream().anyMatch(root -> (one + "/").startsWith(root + "/")))
                .noneMatch(one -> one.matches("io/netty/handler/codec/(http|socks|quic|compression|haproxy).*"));
    }

    @Test
    void fatJarNamesTheLicenceOfEachLibraryAndContainsItsText() throws IOException {
        String notice = text("META-INF/NOTICE");
        for (String artifact : artifacts()) {
            String group = artifact.substring(0, artifact.indexOf(':'));
            if (!group.equals("io.hexsocket")) {
                assertThat(notice).contains("(" + group + ")");
            }
        }
        List<String> texts = FILE_IN_NOTICE
                .matcher(notice)
                .results()
                .map(found -> found.group())
                .toList();
        assertThat(texts).contains("META-INF/LICENSE", "META-INF/licenses/EPL-2.0.md", "META-INF/licenses/slf4j.txt");
        for (String text : texts) {
            assertThat(text.equals("META-INF/maven") || !text(text).isBlank())
                    .as(text)
                    .isTrue();
        }
        assertThat(notice).contains("(io.projectreactor)", "(org.reactivestreams)");
        assertThat(text("META-INF/licenses/lettuce.txt")).contains("Redis Ltd.", "Permission is hereby granted");
        assertThat(notice).containsOnlyOnce("# Jackson JSON processor");
        assertThat(text("META-INF/LICENSE")).contains("Apache License", "Version 2.0, January 2004");
        assertThat(text("META-INF/licenses/EPL-2.0.md")).startsWith("Eclipse Public License - v 2.0");
        assertThat(text("META-INF/licenses/slf4j.txt")).contains("QOS.ch", "Permission is hereby granted");
        assertThat(text("META-INF/licenses/netty/NOTICE.txt")).contains("The Netty Project");
    }

    @Test
    void fatJarPrintsItsVersion() throws Exception {
        try (DemoProcess run = DemoProcess.startJar(JAR, folder, List.of("--version"))) {
            assertThat(run.ended(0).out())
                    .isEqualTo("Hexsocket demo " + System.getProperty("fat.jar.version") + System.lineSeparator());
        }
    }

    @ParameterizedTest
    @CsvSource({"nio, ws", "nio, wss", "vertx, ws", "vertx, wss"})
    void fatJarServesAndEndsInOrderOnEachTransport(String transport, String scheme) throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        List<String> words = new ArrayList<>(List.of("--transport", transport, "--address", scheme + "://127.0.0.1:0"));
        if (scheme.equals("wss")) {
            words.addAll(List.of("--cert", folder + "/fullchain.pem", "--key", folder + "/privkey.pem"));
        }
        try (DemoProcess run = DemoProcess.startJar(JAR, folder, words)) {
            Client client = new Client();
            WebSocket socket = HttpClient.newBuilder()
                    .sslContext(TestMaterial.client(null))
                    .build()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(scheme + "://localhost:" + run.port() + "/echo"), client)
                    .get(30, TimeUnit.SECONDS);
            socket.sendText("hello", true);
            assertThat(client.text.get(30, TimeUnit.SECONDS)).isEqualTo("hello");
            run.signal("TERM");
            assertThat(client.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1012);
            run.ended(0);
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .contains("transport " + transport)
                    .doesNotContain(" ERROR ", "Exception", "NoClassDefFoundError", "could not be loaded")
                    .endsWith("closed\n");
        }
    }

    @Test
    void fatJarIsANodeOfACluster() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        try (RedisServer redis = RedisServer.start();
                DemoProcess run = DemoProcess.startJar(
                        JAR,
                        folder,
                        List.of(
                                "--address=ws://127.0.0.1:0",
                                "--cluster=redis://localhost:" + redis.port(),
                                "--cluster-secret=" + secret))) {
            assertThat(run.awaitOut("registered app")).contains("of the cluster at redis://localhost:" + redis.port());
            run.signal("TERM");
            run.ended(0);
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).doesNotContain(" ERROR ", "Exception", "NoClassDefFoundError");
        }
    }

    @Test
    void fatJarWithAnotherSecretDoesNotStartAndTheNodeThatRunsSaysSo() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        Path other = Files.writeString(folder.resolve("other"), "fedcba9876543210fedcba9876543210");
        try (RedisServer redis = RedisServer.start();
                DemoProcess first = node(redis, "first", secret)) {
            first.awaitOut("registered app");
            try (DemoProcess second = node(redis, "second", other)) {
                assertThat(second.ended(2).err())
                        .matches("ws-demo: --cluster-secret: cluster\\.secretFile \"" + Pattern.quote(other.toString())
                                + "\": nodes second-[0-9a-f]{8} and first-[0-9a-f]{8} sign ids of sessions with different secrets;"
                                + " it must have the same lines on all nodes,.*\n");
            }
            assertThat(first.awaitOut("cluster.secretFile must have the same lines on all nodes"))
                    .containsPattern(
                            " WARN .*nodes first-[0-9a-f]{8} and second-[0-9a-f]{8} sign ids of sessions with different secrets")
                    .doesNotContain("Exception");
        }
    }

    private DemoProcess node(RedisServer redis, String name, Path secret) throws IOException {
        return DemoProcess.startJar(
                JAR,
                folder,
                List.of(
                        "--address=ws://127.0.0.1:0",
                        "--cluster=redis://localhost:" + redis.port(),
                        "--cluster.node=" + name,
                        "--cluster-secret=" + secret));
    }

    private static final class Client implements WebSocket.Listener {

        final CompletableFuture<String> text = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }

    private static List<String> artifacts() throws IOException {
        return matches(ARTIFACT)
                .map(found -> found.group("group") + ":" + found.group("name"))
                .toList();
    }

    private static List<String> packages() throws IOException {
        return matches(CLASS).map(found -> found.group("package")).distinct().toList();
    }

    private static Stream<Matcher> matches(Pattern pattern) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream()
                    .map(entry -> pattern.matcher(entry.getName()))
                    .filter(Matcher::matches)
                    .toList()
                    .stream();
        }
    }

    private static String text(String name) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            JarEntry entry = jar.getJarEntry(name);
            assertThat(entry).as(name).isNotNull();
            return new String(jar.getInputStream(entry).readAllBytes(), UTF_8);
        }
    }
}
