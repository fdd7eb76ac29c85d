package io.hexsocket.demo.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.demo.RunningDemo;
import io.hexsocket.demo.admin.AdminCaller.Client;
import io.hexsocket.transport.nio.NioServer;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operating.md and the OpenAPI file say of the management port is so. */
class OperatingPageTest {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "operating.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^```sh\\n(?<command>curl .+)\\n(?<answer>.+)\\n```$");
    private static final Pattern NAMED = Pattern.compile("`(?:(POST|GET) )?(/(?:api/[a-z.]+|livez|readyz|metrics))`");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    void examplesOfThePageAnswerWhatItSays() throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
        int run = 0;
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        try (RedisServer redis = RedisServer.start();
                RunningDemo demo = RunningDemo.node(redis, secret, "cluster.node=web-a");
                RunningDemo other = RunningDemo.node(redis, secret, "cluster.node=web-b")) {
            Client.at(demo.uri("ws") + "/echo");
            Client.at(other.uri("ws") + "/chat/lobby").next();
            Client.at(other.uri("ws") + "/chat/lobby").next();
            while (example.find()) {
                String command = example.group("command").replace("127.0.0.1:9091", "127.0.0.1:" + demo.adminPort());
                assertThat(outputOf(command)).as(command).matches(pattern(example.group("answer")));
                run++;
            }
        }
        assertThat(run).as("examples").isGreaterThanOrEqualTo(7);
    }

    /** An ellipsis stands for what differs each time. */
    private static String pattern(String answer) {
        List<String> parts = new ArrayList<>();
        for (String part : answer.split("…", -1)) {
            parts.add(Pattern.quote(part));
        }
        return String.join("[^\"{}]*", parts);
    }

    private static String outputOf(String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(command + ": " + output).isZero();
        return output.strip();
    }

    @Test
    void pageAndOpenApiFileNameThePathsThatThereAre() throws Exception {
        Set<String> actual = new TreeSet<>();
        try (Server server = NioServer.start(ServerConfig.at("ws://127.0.0.1:0")
                .app("/", session -> (from, message) -> {})
                .build())) {
            Subject subject = new Subject(
                    server,
                    List.of("/"),
                    "1",
                    "nio",
                    Instant.now(),
                    new Readiness(),
                    new Metrics(() -> 0),
                    Map.of("drain", () -> "draining", "reload", () -> "reloaded"));
            Endpoints.of(subject).forEach(one -> actual.add(one.method() + " " + one.path()));
        }
        Set<String> documented = new TreeSet<>();
        openApi()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method ->
                                documented.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        assertThat(documented).isEqualTo(actual);
        Set<String> named = new TreeSet<>();
        Matcher name = NAMED.matcher(Files.readString(PAGE));
        while (name.find()) {
            if (name.group(1) != null) {
                named.add(name.group(1) + " " + name.group(2));
            }
        }
        assertThat(named).isEqualTo(actual);
    }

    @Test
    void pageNamesEveryMetricOfTheServerAndNoOther() throws Exception {
        Set<String> actual = new TreeSet<>();
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        try (RedisServer redis = RedisServer.start();
                RunningDemo demo = RunningDemo.node(redis, secret)) {
            Client.at(demo.uri("ws") + "/echo");
            AdminCaller admin = new AdminCaller(demo.adminPort());
            // series by event loop come with the first report of a loop, one after the other
            long start = System.nanoTime();
            while (!actual.contains("hexsocket_callback_worst_seconds")
                    && System.nanoTime() - start < 20_000_000_000L) {
                actual.addAll(metrics(admin));
            }
            actual.addAll(metrics(admin));
        }
        Set<String> documented = new TreeSet<>();
        Matcher row = Pattern.compile("`(hexsocket_\\w+)").matcher(Files.readString(PAGE));
        while (row.find()) {
            documented.add(row.group(1).replaceFirst("_count$", ""));
        }
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        try (RunningDemo secure = RunningDemo.start(
                "nio",
                "admin.address=127.0.0.1:0",
                "address=wss://127.0.0.1:0",
                "tls.certificates=" + folder.resolve("fullchain.pem"),
                "tls.keys=" + folder.resolve("privkey.pem"))) {
            actual.addAll(metrics(new AdminCaller(secure.adminPort())));
        }
        assertThat(documented).isEqualTo(actual);
    }

    @Test
    void rulesOfThePageAreOfMetricsThatThereAre() throws Exception {
        String page = Files.readString(PAGE);
        Matcher rules = Pattern.compile("(?s)```yaml\n# hexsocket-alerts\\.yml\n(.*?)```")
                .matcher(page);
        assertThat(rules.find()).isTrue();
        Matcher name = Pattern.compile("\\bhexsocket_\\w+").matcher(rules.group(1));
        int found = 0;
        while (name.find()) {
            assertThat(page).contains("`" + name.group() + "`");
            found++;
        }
        assertThat(found).isGreaterThan(10);
    }

    /** What {@code promtool check metrics} says of names. */
    @Test
    void metricsAreNamedAsPrometheusWantsThem() throws Exception {
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0")) {
            String body = new AdminCaller(demo.adminPort()).get("/metrics").body();
            assertThat(body).contains("\nprocess_cpu_seconds_total ");
            Matcher type = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$").matcher(body);
            while (type.find()) {
                String name = type.group(1);
                assertThat(name).doesNotContainPattern("_(ns|ms|us|kb|mb|cnt|avg)(_|$)");
                assertThat(name.endsWith("_total"))
                        .as(name)
                        .isEqualTo(type.group(2).equals("counter"));
                if (!type.group(2).equals("histogram") && !type.group(2).equals("summary")) {
                    assertThat(name)
                            .doesNotEndWith("_count")
                            .doesNotEndWith("_sum")
                            .doesNotEndWith("_bucket");
                }
                assertThat(body).as("# HELP of " + name).contains("# HELP " + name + " ");
            }
        }
    }

    private static Set<String> metrics(AdminCaller admin) throws Exception {
        HttpResponse<String> answer = admin.get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        Set<String> names = new TreeSet<>();
        Matcher type = Pattern.compile("(?m)^# TYPE (hexsocket_\\w+) ").matcher(answer.body());
        while (type.find()) {
            names.add(type.group(1));
        }
        return names;
    }

    @Test
    void openApiFileNamesTheFieldsAndParametersThatAreTaken() throws Exception {
        JsonNode schemas = openApi().path("components").path("schemas");
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0")) {
            AdminCaller admin = new AdminCaller(demo.adminPort());
            Map<String, String> bodies =
                    Map.of("Publication", "/api/publish", "Delivery", "/api/send", "Disconnection", "/api/disconnect");
            for (Map.Entry<String, String> one : bodies.entrySet()) {
                String error = AdminCaller.json(admin.post(one.getValue(), "{\"no such\":1}"))
                        .path("error")
                        .asText();
                assertThat(error)
                        .endsWith(
                                "known are " + names(schemas.path(one.getKey()).path("properties")));
            }
            for (String path : List.of("/api/sessions", "/api/topics", "/api/nodes")) {
                Set<String> parameters = new TreeSet<>();
                openApi()
                        .path("paths")
                        .path(path)
                        .path("get")
                        .path("parameters")
                        .forEach(parameter ->
                                parameters.add(parameter.path("name").asText()));
                String error = AdminCaller.json(admin.get(path + "?nosuch=1"))
                        .path("error")
                        .asText();
                assertThat(error).endsWith("knows " + String.join(", ", parameters));
            }
            Client.at(demo.uri("ws") + "/chat/lobby").next();
            assertFields(admin.get("/api/info"), schemas.path("Info"));
            assertFields(admin.get("/api/stats"), schemas.path("Stats"));
            assertFields(admin.get("/api/sessions"), schemas.path("Sessions"));
            assertThat(names(AdminCaller.json(admin.get("/api/sessions"))
                            .path("sessions")
                            .path(0)))
                    .isEqualTo(names(schemas.path("Session").path("properties")));
            assertFields(admin.get("/api/topics"), schemas.path("Topics"));
            assertFields(admin.get("/api/nodes"), schemas.path("Nodes"));
            assertFields(admin.get("/api/topics?limit=0"), 400, schemas.path("Error"));
        }
    }

    private static void assertFields(HttpResponse<String> answer, JsonNode schema) throws Exception {
        assertFields(answer, 200, schema);
    }

    private static void assertFields(HttpResponse<String> answer, int status, JsonNode schema) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        Set<String> needed = new TreeSet<>(names(schema.path("properties")));
        if (schema.has("required")) {
            needed.clear();
            schema.path("required").forEach(name -> needed.add(name.asText()));
        }
        assertThat(names(AdminCaller.json(answer))).containsAll(needed).isSubsetOf(names(schema.path("properties")));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode openApi() throws Exception {
        try (InputStream file = Endpoints.class.getResourceAsStream("openapi.json")) {
            return JSON.readTree(file);
        }
    }
}
