package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.demo.access.GatedApp;
import io.hexsocket.demo.access.PhpSessionGate;
import io.hexsocket.demo.access.PhpSessionRules;
import io.hexsocket.demo.access.PhpSessionRules.Format;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients with sessions that PHP has written, and with what is none. */
@Timeout(60)
class PhpSessionsTest {

    private static final String ID = "abcdefghijklmnopqrstuvwxyz";

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"php", "php_serialize"})
    void sessionThatPhpHasWrittenLetsItsUserIn(String format) throws Exception {
        php(format, """
                class Cart { public $items = [1, 2.5, -3e-7]; protected $owner; private $self; function __construct() { $this->self = $this; } }
                enum Suit: string { case Hearts = 'H'; }
                $_SESSION = ['cart' => new Cart(), 'suit' => Suit::Hearts, 'none' => null, 'f' => INF,
                    'tricky' => 'allowconnect|b:1;";}', 'gr\\u{fc}n' => "\\0\\xff", 'deep' => [[['a' => ['b' => false]]]],
                    'user' => "J\\u{fc}rgen", 'allowconnect' => true, 'no' => '0'];
                """);
        Format read = format.equals("php") ? Format.PHP : Format.PHP_SERIALIZE;
        try (Guarded guarded = new Guarded(rules(read, "allowconnect", "user"))) {
            assertThat(guarded.whoIs(ID)).isEqualTo("J\u00fcrgen");
        }
        try (Guarded guarded = new Guarded(rules(read, "cart", null))) {
            assertThat(guarded.whoIs(ID)).isEqualTo("nobody");
        }
        for (String variable : List.of("no", "none", "tricky2", "deep.a", "")) {
            try (Guarded guarded = new Guarded(rules(read, variable, null))) {
                assertThat(guarded.status(ID)).as(variable).isEqualTo(403);
            }
        }
        try (Guarded guarded = new Guarded(rules(read, "allowconnect", "deep"))) {
            assertThat(guarded.status(ID)).isEqualTo(403);
        }
    }

    @Test
    @DisplayName("H28 an id that is none names no file")
    void ids() throws Exception {
        write(ID, "allowconnect|b:1;");
        Files.writeString(root.resolve("secret"), "allowconnect|b:1;");
        Files.createDirectory(root.resolve("sessions/sess_"));
        try (Guarded guarded = new Guarded(rules(Format.PHP, "allowconnect", null))) {
            assertThat(guarded.whoIs(ID)).isEqualTo("nobody");
            assertThat(TestSocket.refused(guarded.uri()).status()).isEqualTo(401);
            for (String id : List.of(
                    "../../etc/passwd",
                    "/../../secret",
                    "..%2f..%2fsecret",
                    "abcdefghijklmnopqrstuvwxyz%00",
                    "abcdefghijklmnopqrstu",
                    "a".repeat(257),
                    "a".repeat(5 * 1024),
                    "abcdefghijklmnopqrstuvwxy.",
                    "zbcdefghijklmnopqrstuvwxyz")) {
                assertThat(guarded.status(id)).as(id).isEqualTo(401);
            }
            // the first counts, as in PHP
            assertThat(guarded.status("zbcdefghijklmnopqrstuvwxyz; PHPSESSID=" + ID))
                    .isEqualTo(401);
        }
    }

    @Test
    @DisplayName("H28 a session file that is a link, a pipe, a directory, huge, old, or writable by others is none")
    void files() throws Exception {
        Path file = write(ID, "allowconnect|b:1;");
        try (Guarded guarded = new Guarded(rules(Format.PHP, "allowconnect", null))) {
            assertThat(guarded.status(ID)).isEqualTo(101);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            assertThat(guarded.status(ID)).isEqualTo(401);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
            assertThat(guarded.status(ID)).isEqualTo(401);
            write(ID, "x|s:70000:\"" + "x".repeat(70000) + "\";allowconnect|b:1;");
            assertThat(guarded.status(ID)).isEqualTo(401);
            Files.delete(file);
            Files.createSymbolicLink(file, Files.writeString(root.resolve("elsewhere"), "allowconnect|b:1;"));
            assertThat(guarded.status(ID)).isEqualTo(401);
            Files.delete(file);
            Files.createDirectory(file);
            assertThat(guarded.status(ID)).isEqualTo(401);
            Files.delete(file);
            assertThat(new ProcessBuilder("mkfifo", "-m", "600", file.toString())
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(guarded.status(ID)).isEqualTo(401);
        }
        Files.delete(file);
        write(ID, "allowconnect|b:1;");
        PhpSessionRules ofNobody = new PhpSessionRules(
                root.resolve("sessions"), Format.PHP, "PHPSESSID", "allowconnect", null, "nobody", Duration.ZERO);
        try (Guarded guarded = new Guarded(ofNobody)) {
            assertThat(guarded.status(ID)).isEqualTo(401);
        }
    }

    @Test
    @DisplayName("H28 a value that looks like the variable is none, and a malformed file is no session")
    void contents() throws Exception {
        try (Guarded guarded = new Guarded(rules(Format.PHP, "allowconnect", null))) {
            for (String forbidden : List.of(
                    "",
                    "x|s:17:\"allowconnect|b:1;\";",
                    "x|a:1:{s:12:\"allowconnect\";b:1;}",
                    "allowconnect|b:0;",
                    "allowconnect|i:0;",
                    "allowconnect|a:0:{}",
                    "allowconnect|N;",
                    "allowconnect2|b:1;")) {
                write(ID, forbidden);
                assertThat(guarded.status(ID)).as(forbidden).isEqualTo(403);
            }
            for (String malformed : List.of(
                    "allowconnect|b:1",
                    "allowconnect|b:2;",
                    "allowconnect|b:1;x",
                    "x|s:2147483647:\"a\";allowconnect|b:1;",
                    "x|s:-1:\"a\";allowconnect|b:1;",
                    "x|s:99999999999999999999:\"a\";",
                    "x|a:1000000:{};",
                    "x|" + "a:1:{i:0;".repeat(70) + "N;" + "}".repeat(70) + "allowconnect|b:1;",
                    "x|C:1:\"A\":999999:{}",
                    "x|Z:1;")) {
                write(ID, malformed);
                assertThat(guarded.status(ID)).as(malformed).isEqualTo(401);
            }
        }
    }

    static List<String> transports() {
        return RunningDemo.transports().toList();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void demoAsksForASessionWhereItIsTold(String transport) throws Exception {
        write(ID, "allowconnect|b:1;");
        try (RunningDemo demo = RunningDemo.start(
                transport,
                "phpSessions.dir=" + root.resolve("sessions"),
                "phpSessions.requires=allowconnect",
                "phpSessions.paths=/web")) {
            assertThat(TestSocket.refused(demo.uri("ws") + "/web").status()).isEqualTo(401);
            TestSocket.open(demo.uri("ws") + "/echo").close();
            try (TestSocket socket = TestSocket.open(demo.uri("ws") + "/web", "Cookie", "PHPSESSID=" + ID)) {
                assertThat(socket.next()).contains("ready");
            }
        }
    }

    @Test
    @DisplayName("O7 settings of PHP's sessions that make no sense are refused")
    void settings() {
        for (String[] one : List.of(
                new String[] {"phpSessions.dir=/no/such", "must be a directory"},
                new String[] {"phpSessions.dir=" + root, "phpSessions.requires"},
                new String[] {"phpSessions.requires=x", "phpSessions.dir says where"},
                new String[] {"phpSessions.format=igbinary", "must be php or php_serialize"},
                new String[] {"phpSessions.cookie=a;b", "must be a name"})) {
            assertThatThrownBy(() -> RunningDemo.start("nio", one[0]).close())
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(one[1]);
        }
    }

    private PhpSessionRules rules(Format format, String requires, @Nullable String principal) {
        return new PhpSessionRules(
                root.resolve("sessions"), format, "PHPSESSID", requires, principal, null, Duration.ofMinutes(24));
    }

    private Path write(String id, String content) throws Exception {
        Path file = Files.createDirectories(root.resolve("sessions")).resolve("sess_" + id);
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /** Has PHP write the session. */
    private void php(String format, String script) throws Exception {
        Path folder = Files.createDirectories(root.resolve("sessions"));
        Path file = Files.writeString(
                root.resolve("write.php"), "<?php session_id('" + ID + "'); session_start();\n" + script);
        Process php;
        try {
            php = new ProcessBuilder(
                            "php",
                            "-d",
                            "session.save_path=" + folder,
                            "-d",
                            "session.save_handler=files",
                            "-d",
                            "session.serialize_handler=" + format,
                            "-d",
                            "session.use_cookies=0",
                            "-d",
                            "session.cache_limiter=",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (java.io.IOException missing) {
            Assumptions.assumeTrue(System.getenv("CI") == null, "php is not installed");
            throw missing;
        }
        String said = new String(php.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(php.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
    }

    /** A server with one app that says who its client is. */
    private static final class Guarded implements AutoCloseable {

        private final PhpSessionGate gate;
        private final RunningDemo demo;

        Guarded(PhpSessionRules rules) throws Exception {
            gate = new PhpSessionGate(rules);
            demo = RunningDemo.start(
                    "nio",
                    ServerConfig.at("ws://127.0.0.1:0")
                            .app(
                                    "/",
                                    new GatedApp(
                                            session -> {
                                                var principal = session.principal();
                                                session.send(principal == null ? "nobody" : principal.getName());
                                                return (from, message) -> {};
                                            },
                                            gate))
                            .build());
        }

        String uri() {
            return demo.uri("ws") + "/";
        }

        String whoIs(String id) throws Exception {
            try (TestSocket socket = TestSocket.open(uri(), "Cookie", "PHPSESSID=" + id)) {
                return socket.next();
            }
        }

        int status(String id) throws Exception {
            try {
                return TestSocket.refused(uri(), "Cookie", "PHPSESSID=" + id).status();
            } catch (AssertionError opened) {
                return 101;
            }
        }

        @Override
        public void close() {
            demo.close();
            gate.close();
        }
    }
}
