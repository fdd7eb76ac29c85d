package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.config.ClusterConfig;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSettingsTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    /** With a secret, if there is a Redis and no other word about it. */
    private ClusterSettings.Node node(String... settings) throws UsageException {
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        boolean hasRedis = Stream.of(settings).anyMatch(setting -> setting.startsWith("cluster.url=r"));
        if (hasRedis) {
            given.put(
                    Setting.CLUSTER_SECRET_FILE,
                    new SettingValue("cluster.secretFile", secretFile().toString()));
        }
        for (String setting : settings) {
            String[] halves = setting.split("=", 2);
            given.put(Setting.of(halves[0]), new SettingValue(halves[0], halves[1]));
        }
        return Settings.of(given, InetAddress::getAllByName).cluster();
    }

    private Path secretFile() {
        return folder.resolve("secret");
    }

    @Test
    void secretsAreTheLinesOfAFile() throws Exception {
        Files.writeString(secretFile(), SECRET + "\n\n  " + SECRET + "older\n");
        assertThat(node("cluster.url=redis://localhost").config().secrets())
                .containsExactly(SECRET.getBytes(UTF_8), (SECRET + "older").getBytes(UTF_8));
    }

    @Test
    void clusterWithoutASecretIsRefused() throws Exception {
        assertThatThrownBy(() -> node("cluster.url=redis://localhost", "cluster.secretFile=none"))
                .hasMessage(
                        "cluster.url needs a secret that all nodes share: cluster.secretFile names a file with a line"
                                + " such as openssl rand -hex 32 prints");
        ClusterSettings.Node node = node("cluster.url=redis://localhost");
        assertThatThrownBy(node::config)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be read (java.nio.file.NoSuchFileException");
        Files.writeString(secretFile(), SECRET + "\nshort\n");
        assertThatThrownBy(node::config)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have 32 characters or more on each line")
                .hasMessageNotContaining("short\n");
    }

    @Test
    void serverIsAloneUnlessARedisIsNamed() throws UsageException {
        assertThat(node()).isNull();
        assertThat(node("cluster.url=none", "cluster.lease=15s")).isNull();
    }

    @Test
    void optionNamesTheRedisAndTheFileTheRest() throws UsageException {
        CommandLine.Serve serve = (CommandLine.Serve) CommandLine.parse(List.of("--cluster", "redis://redis.example"));
        assertThat(serve.given().get(Setting.CLUSTER_URL).text()).isEqualTo("redis://redis.example");
        assertThat(node(
                        "cluster.url=rediss://a:b@c:7/1",
                        "cluster.caFile=" + folder.resolve("ca.pem"),
                        "cluster.node=web",
                        "cluster.prefix=chat:",
                        "cluster.lease=5s",
                        "cluster.required=on"))
                .isEqualTo(new ClusterSettings.Node(
                        "rediss://a:b@c:7/1",
                        folder.resolve("ca.pem"),
                        "web",
                        secretFile(),
                        "chat:",
                        Duration.ofSeconds(5),
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, redis://localhost",
        "redis://:pass%40word@localhost:6380, redis://localhost:6380",
        "'redis-sentinel://u:p@a,b,c#main', 'redis-sentinel://a,b,c#main'"
    })
    void placeOfRedisIsSaidWithoutUserAndPassword(String url, String place) throws UsageException {
        assertThat(node("cluster.url=" + url).place()).isEqualTo(place);
        assertThat(node("cluster.url=" + url).toString()).isEqualTo("node at " + place);
    }

    @Test
    void nodeHasAnotherNameAtEachStart() throws Exception {
        Files.writeString(secretFile(), SECRET);
        ClusterSettings.Node node = node("cluster.url=redis://localhost", "cluster.node=web");
        ClusterConfig first = node.config();
        ClusterConfig second = node.config();
        assertThat(first.node().value())
                .matches("web-[0-9a-f]{8}")
                .isNotEqualTo(second.node().value());
        assertThat(first.engine().lease()).isEqualTo(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:6379", "http://localhost", "redis-sentinel://secret"})
    void addressThatIsNoRedisIsRefusedWithoutBeingQuoted(String url) {
        assertThatThrownBy(() -> node("cluster.url=" + url))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("cluster.url must be redis://")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "cluster.node=a b, 'cluster.node is \"a b\", must be 1 to 23 letters, digits, hyphens and underscores'",
        "cluster.lease=900ms, 'cluster.lease is \"900ms\", must be at least 1s'"
    })
    void detailThatMakesNoSenseIsRefused(String setting, String complaint) {
        assertThatThrownBy(() -> node("cluster.url=redis://localhost", setting)).hasMessage(complaint);
    }

    @Test
    void authorityOfRedisNeedsTlsAndIsAFileWithCertificates() throws Exception {
        Path file = folder.resolve("ca.pem");
        assertThatThrownBy(() -> node("cluster.url=redis://localhost", "cluster.caFile=" + file))
                .hasMessage(
                        "cluster.caFile is given, but Redis is not reached over TLS; that is rediss:// in cluster.url");
        ClusterSettings.Node node = node("cluster.url=rediss://localhost", "cluster.caFile=" + file);
        assertThatThrownBy(node::redis)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "cluster\\.caFile \".*ca\\.pem\" must be a file with certificates in PEM \\(.*NoSuchFile.*\\)");
        for (String content : List.of("", "no certificate")) {
            Files.writeString(file, content);
            assertThatThrownBy(node::redis)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be a file with certificates in PEM (");
        }
    }

    @Test
    void detailWithoutARedisIsRefused() {
        assertThatThrownBy(() -> node("cluster.prefix=chat:"))
                .hasMessage("cluster.prefix is given, but no cluster; say where Redis is, as in"
                        + " cluster.url = redis://localhost");
    }
}
