package io.hexsocket.demo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.demo.DemoProcess;
import io.hexsocket.demo.RunningDemo;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who gets into the management port, and what stands in the way of opening it. */
class AdminKeysTest {

    private static final String OLD = "0123456789abcdef0123456789abcdef";
    private static final String NEW = "fedcba9876543210fedcba9876543210";

    @TempDir
    private Path folder;

    @Test
    void eachOfSeveralKeysLetsInAndNoOther() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "# for the shop\n" + OLD + "\n\n" + NEW + "\n");
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0", "admin.keyFile=" + keys)) {
            for (String key : List.of(OLD, NEW)) {
                AdminCaller holder = new AdminCaller(demo.adminPort(), "Authorization", "Bearer " + key);
                assertThat(holder.get("/api/info").statusCode()).isEqualTo(200);
                assertThat(holder.get("/api/nothing").statusCode()).isEqualTo(404);
            }
            AdminCaller nobody = new AdminCaller(demo.adminPort());
            HttpResponse<String> without = nobody.get("/api/info");
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            for (String wrong : List.of(OLD.substring(1), OLD + "0", "", NEW.toUpperCase(java.util.Locale.ROOT))) {
                HttpResponse<String> answer = nobody.get("/api/info", "Authorization", "Bearer " + wrong);
                assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
                assertThat(answer.body()).as("no word more than without a key").isEqualTo(without.body());
            }
            assertThat(nobody.get("/api/nothing").statusCode())
                    .as("nor what there is")
                    .isEqualTo(401);
            assertThat(nobody.post("/api/info", "{}").statusCode()).isEqualTo(401);
            assertThat(nobody.get("/livez").statusCode()).isEqualTo(200);
            assertThat(nobody.get("/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keyForReadingChangesNothing() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), OLD + "\nreadonly " + NEW + "\n");
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0", "admin.keyFile=" + keys)) {
            AdminCaller reader = new AdminCaller(demo.adminPort(), "Authorization", "Bearer " + NEW);
            for (String path : List.of("/metrics", "/api/info", "/api/sessions", "/api/topics")) {
                assertThat(reader.get(path).statusCode()).as(path).isEqualTo(200);
            }
            for (String path : List.of("/api/publish", "/api/send", "/api/disconnect", "/api/drain", "/api/reload")) {
                HttpResponse<String> answer = reader.post(path, "{}");
                assertThat(answer.statusCode()).as(path).isEqualTo(403);
                assertThat(answer.body()).contains("this key is for reading only");
            }
            AdminCaller writer = new AdminCaller(demo.adminPort(), "Authorization", "Bearer " + OLD);
            Files.writeString(keys, OLD + "\n" + NEW + "\n");
            assertThat(writer.post("/api/reload", "{}").body()).contains("new keys");
            assertThat(reader.post("/api/reload", "{}").body()).contains("no setting");
        }
    }

    @Test
    void requestsWithoutAKeyAreALineASecondAndCounted() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), OLD);
        Logger log = (Logger) LoggerFactory.getLogger("admin");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0", "admin.keyFile=" + keys)) {
            AdminCaller nobody = new AdminCaller(demo.adminPort());
            long start = System.nanoTime();
            int asked = 0;
            for (; lines.list.size() < 2 || asked < 20; asked++) {
                assertThat(nobody.get("/api/info").statusCode()).isEqualTo(401);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            assertThat(lines.list).hasSizeLessThanOrEqualTo((int) seconds + 2);
            assertThat(lines.list.get(0).getFormattedMessage()).isEqualTo("127.0.0.1 has no valid key");
            assertThat(lines.list.get(1).getFormattedMessage())
                    .matches("127\\.0\\.0\\.1 has no valid key; nor had [0-9]+ requests before it");
        } finally {
            log.detachAppender(lines);
        }
    }

    @Test
    void keysAreReadAgainAndAWrongFileChangesNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), OLD);
        ApiKeys keys = ApiKeys.of(file);
        Files.writeString(file, NEW);
        assertThat(keys.rightOf(OLD)).isEqualTo(ApiKeys.Right.WRITE);
        keys.reload();
        assertThat(keys.rightOf(OLD)).isEqualTo(ApiKeys.Right.NONE);
        assertThat(keys.rightOf(NEW)).isEqualTo(ApiKeys.Right.WRITE);
        Files.writeString(file, "short");
        assertThatThrownBy(keys::reload).isInstanceOf(IllegalArgumentException.class);
        assertThat(keys.rightOf(NEW)).isEqualTo(ApiKeys.Right.WRITE);
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD + "\nreadonly " + OLD, "readonly " + OLD + "\n" + OLD})
    void keyThatIsReadonlyInOneLineAndNotInAnotherIsRefused(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), content);
        assertThatThrownBy(() -> ApiKeys.of(file))
                .hasMessageContaining(file + ":2 has a key that is in a line before it")
                .hasMessageNotContaining(OLD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "short\n",
                "readonly\n",
                "readonly short\n",
                OLD + "\nwith a blank in it, which no key has\n"
            })
    void keyFileOfNoUseIsNamedWithoutItsContent(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), content);
        assertThatThrownBy(() -> ApiKeys.of(file))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("openssl rand -hex 32")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("short", "which no key has"));
    }

    @Test
    void portSpeaksTlsWithACertificateOfItsOwn() throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        try (RunningDemo demo = RunningDemo.start(
                "nio",
                "admin.address=https://127.0.0.1:0",
                "admin.certificate=" + folder.resolve("fullchain.pem"),
                "admin.key=" + folder.resolve("privkey.pem"))) {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(TestMaterial.client(null))
                    .build();
            URI uri = URI.create("https://localhost:" + demo.adminPort() + "/api/info");
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void portInUseIsOneLineAndStatusTwo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"));
                DemoProcess run = DemoProcess.start(
                        folder,
                        List.of("--address", "ws://127.0.0.1:0", "--admin", "127.0.0.1:" + taken.getLocalPort()))) {
            run.ended(2);
            assertThat(run.err())
                    .isEqualTo("ws-demo: --admin: cannot listen at http://127.0.0.1:" + taken.getLocalPort()
                            + " (Address already in use); choose another address, or end the program that has it"
                            + System.lineSeparator());
        }
    }
}
