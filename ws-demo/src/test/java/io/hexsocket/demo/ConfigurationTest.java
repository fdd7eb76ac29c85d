package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.testkit.TestMaterial;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

    @TempDir
    private Path folder;

    @Test
    void everySettingIsPrintedWithItsSource() throws Exception {
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "workers = 2\n\ntransport = vertx\napp.news.greeting = secret\n");
        String printed = read(
                        Map.of("HEXSOCKET_TRANSPORT", "nio", "HEXSOCKET_KEY_PASSWORD", "open sesame"),
                        "--config=" + file,
                        "--limits.aliases=3",
                        "--log-file=a\nb")
                .print();
        assertThat(printed.lines())
                .contains(
                        "workers = 2  # " + file + ":1",
                        "transport = nio  # HEXSOCKET_TRANSPORT",
                        "limits.aliases = 3  # --limits.aliases",
                        "logFile = a\\nb  # --log-file",
                        "compression = on  # default",
                        "app.news.greeting = ***  # " + file + ":4",
                        "# HEXSOCKET_KEY_PASSWORD is set")
                .hasSize(Setting.values().length + 2);
        assertThat(printed).doesNotContain("secret\n", "sesame");
    }

    @Test
    void messageAboutAFileBeginsWithTheSettingThatNamesIt() throws Exception {
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "tls.certificates = /etc/one.pem, /etc/two.pem\nlogFile = /var/log//a.log\n");
        Configuration configuration = read(
                Map.of("HEXSOCKET_TLS_KEYS", "/etc/one.pem.key,/etc/k"), "--config=" + file, "--address=wss://h:1");
        assertThat(configuration.attributed("cannot read /etc/two.pem: gone"))
                .isEqualTo(file + ":1: tls.certificates: cannot read /etc/two.pem: gone");
        assertThat(configuration.attributed("cannot read /etc/one.pem.key: gone"))
                .isEqualTo("HEXSOCKET_TLS_KEYS: cannot read /etc/one.pem.key: gone");
        assertThat(configuration.attributed("cannot write /var/log/a.log\n"))
                .isEqualTo(file + ":2: logFile: cannot write /var/log/a.log\\n");
        assertThat(configuration.attributed("nothing of a file")).isEqualTo("nothing of a file");
        for (String other : List.of("cannot read /etc/k.pem", "cannot read /etc/key", "cannot read /x/etc/k")) {
            assertThat(configuration.attributed(other)).isEqualTo(other);
        }
        String said = configuration.attributed("cannot read /etc/two.pem: gone");
        assertThat(configuration.attributed(said)).as("once is enough").isEqualTo(said);
        assertThat(configuration.label(Setting.ADDRESS)).isEqualTo("--address");
        assertThat(configuration.label(Setting.PORT)).isEqualTo("port");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, redis://localhost",
        "redis://hidden@localhost:6379/1, redis://***@localhost:6379/1",
        "redis://:hidden@localhost, redis://***@localhost",
        "rediss://user:hidden@localhost, rediss://user:***@localhost",
        "redis-sentinel://u$1:hidden@h1#main, redis-sentinel://u$1:***@h1#main",
    })
    void passwordInAUrlIsNotPrinted(String url, String shown) throws Exception {
        Path secrets = folder.resolve("secrets");
        String printed = read(Map.of(), "--cluster=" + url, "--cluster-secret=" + secrets)
                .print();
        assertThat(printed.lines()).contains("cluster.url = " + shown + "  # --cluster");
        assertThat(printed).doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org/keys, https://example.org/keys",
        "https://user:hid@den@example.org/keys?token=hidden, https://user:***@example.org/keys?***"
    })
    void queryOfAUrlIsNotPrinted(String url, String shown) throws Exception {
        SettingValue value = new SettingValue("--jwt.jwks", url);
        Settings settings = Settings.of(Map.of(), InetAddress::getAllByName);
        assertThat(new Configuration(Map.of(Setting.JWT_JWKS, value), Map.of(), null, settings)
                        .print()
                        .lines())
                .contains("jwt.jwks = " + shown + "  # --jwt.jwks");
    }

    @Test
    void printedSettingsAreAFileOfTheSameMeaning() throws Exception {
        Path file = folder.resolve("printed.conf");
        Files.writeString(
                file,
                read(Map.of("HEXSOCKET_WORKERS", "7"), "--limits.messageBytes=2MiB")
                        .print());
        Configuration again = read(Map.of(), "--config=" + file);
        assertThat(again.settings().workers()).isEqualTo(7);
        assertThat(again.settings().limits().messageBytes()).isEqualTo(2 * 1024 * 1024);
        assertThat(again.given()).containsOnlyKeys(Setting.values());
    }

    @Test
    void o7OverruledValueMustMakeSense() throws Exception {
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "workers = 0\n");
        assertThatThrownBy(() -> read(Map.of(), "--config=" + file, "--workers=1"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(file + ":1: workers is \"0\", must be ");
    }

    @Test
    void checkTakesNoPort() throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        Path authorities = Files.createDirectory(folder.resolve("authorities"));
        TestMaterial.copy(authorities, "fullchain.pem");
        List<String> words = new ArrayList<>(List.of(
                "check-config",
                "--cert=" + folder.resolve("fullchain.pem"),
                "--key=" + folder.resolve("privkey.pem"),
                "--client-auth=optional",
                "--client-ca=" + authorities));
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            words.add("--address=wss://127.0.0.1:" + taken.getLocalPort());
            assertThat(outputOf(0, words)).isEqualTo("the configuration is good\n");
        }
    }

    @Test
    void o7CheckReadsTheFilesThatSettingsName() throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        Path certificate = folder.resolve("fullchain.pem");
        Path none = folder.resolve("none");
        Path brief = Files.writeString(folder.resolve("brief"), "brief\n");
        assertThat(outputOf(
                        2,
                        List.of(
                                "check-config",
                                "--address=wss://127.0.0.1:1",
                                "--cert=" + certificate,
                                "--key=" + none)))
                .contains(none.toString());
        assertThat(outputOf(2, List.of("check-config", "--admin=127.0.0.1:1", "--admin.keyFile=" + brief)))
                .contains(brief.toString(), "32");
        assertThat(outputOf(2, List.of("check-config", "--cluster=redis://127.0.0.1:1", "--cluster-secret=" + brief)))
                .contains(brief.toString(), "32");
        assertThat(outputOf(2, List.of("check-config", "--apps=" + none))).contains(none.toString());
        assertThat(outputOf(2, List.of("check-config", "--jwt.keyFile=" + none)))
                .contains("--jwt.keyFile", none.toString());
        assertThat(outputOf(2, List.of("print-config", "--workers=0"))).contains("--workers is \"0\"");
    }

    private static String outputOf(int status, List<String> words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertThat(Main.run(words, Map.of(), out, out))
                .as(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(status);
        String output = bytes.toString(StandardCharsets.UTF_8);
        assertThat(output).hasLineCount(1);
        return output;
    }

    private static Configuration read(Map<String, String> variables, String... words) throws UsageException {
        return Configuration.read(
                (CommandLine.Serve) CommandLine.parse(List.of(words)), variables, InetAddress::getAllByName);
    }
}
