package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.demo.jars.JarFolder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program with apps of others: the project of docs/writing-apps.md, what it logs of them, and how it ends when one is of no use. */
@Timeout(60)
class OwnAppsTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");

    @TempDir
    private Path root;

    private JarFolder folder;

    @BeforeEach
    void create() throws Exception {
        folder = new JarFolder(root);
    }

    @Test
    void projectOfTheGuideIsServedWithItsSettingAndWithoutTheSamples() throws Exception {
        folder.jar(
                "greeter-1.0.jar", "org.example.Greeter", ofThePage("java", "src/main/java/org/example/Greeter.java"));
        assertThat(ofThePage("text", "src/main/resources/META-INF/services/io.hexsocket.apps.AppProvider"))
                .endsWith("\norg.example.Greeter\n");
        folder.jar("broken.jar", "Broken", """
                import io.hexsocket.apps.*;
                import java.util.Map;
                public class Broken implements AppProvider {
                    public String name() { return "broken"; }
                    public void register(Apps apps, Map<String, String> settings) {
                        apps.serve("/broken", session -> { throw new IllegalStateException("broken on purpose"); });
                    }
                }
                """);
        Path config = Files.writeString(root.resolve("demo.conf"), """
                address = ws://127.0.0.1:0
                apps.dir = %s
                demo.apps = off
                app.greeter.greeting = Good morning
                """.formatted(folder.path()));
        try (DemoProcess run = DemoProcess.start(root, List.of("--config", config.toString()))) {
            int port = run.port();
            assertThat(answer(port, "/greet", "Ada")).isEqualTo("Good morning, Ada!");
            assertThat(answer(port, "/broken", "")).isEqualTo("closed with 1011");
            assertThat(status(port, "/")).isEqualTo(404);
            assertThat(status(port, "/health")).isEqualTo(200);
            run.signal("TERM");
            run.ended(0);
            assertThat(run.out())
                    .contains("registered app /greet of greeter-1.0.jar")
                    .doesNotContain("registered app /echo")
                    .containsPattern("error in the app at /broken \\(broken\\.jar\\)")
                    .contains("IllegalStateException: broken on purpose", "at broken.jar//Broken.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "xml, pom.xml",
        "java, src/main/java/org/example/Greeter.java",
        "text, src/main/resources/META-INF/services/io.hexsocket.apps.AppProvider"
    })
    void filesOfTheGuideAreThoseOfTheSampleThatCiBuilds(String language, String file) throws Exception {
        assertThat(ofThePage(language, file)).isEqualTo(Files.readString(ROOT.resolve("docs/samples/app-jar/" + file)));
    }

    @Test
    void projectOfTheGuideDependsOnThisVersionOfTheApi() throws Exception {
        Matcher version = Pattern.compile("<artifactId>hexsocket</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(ofThePage("xml", "pom.xml"))
                .contains("<hexsocket.version>" + version.group(1) + "</hexsocket.version>");
    }

    @Test
    void jarThatIsOfNoUseEndsTheStartWithOneLineAndStatus2() throws Exception {
        Files.writeString(folder.path().resolve("bad.jar"), "no zip");
        try (DemoProcess run = DemoProcess.start(
                root,
                List.of("--address", "ws://127.0.0.1:0", "--apps", folder.path().toString()))) {
            run.ended(2);
            assertThat(run.err().lines()).singleElement().asString().startsWith("ws-demo: bad.jar: is no jar");
        }
    }

    @Test
    void wrongDirectoryIsNamedAsItWasSet() throws Exception {
        Path nowhere = root.resolve("nowhere");
        Path config = Files.writeString(
                root.resolve("demo.conf"), "address = ws://127.0.0.1:0\napps.dir = " + nowhere + "\n");
        String fault = "the directory of apps " + nowhere + " cannot be read";
        for (String verb : List.of("check-config", "")) {
            List<String> words = verb.isEmpty() ? List.of() : List.of(verb);
            List<String> byFile = concat(words, "--config", config.toString());
            try (DemoProcess run = DemoProcess.start(root, byFile)) {
                assertThat(run.ended(2).err()).startsWith("ws-demo: " + config + ":2: apps.dir: " + fault);
            }
            List<String> byOption = concat(words, "--apps", nowhere.toString());
            try (DemoProcess run = DemoProcess.start(root, byOption)) {
                assertThat(run.ended(2).err()).startsWith("ws-demo: --apps: " + fault);
            }
        }
        Map<String, String> environment = Map.of("HEXSOCKET_APPS_DIR", nowhere.toString());
        try (DemoProcess run = DemoProcess.start(root, environment, List.of("check-config"))) {
            assertThat(run.ended(2).err()).startsWith("ws-demo: HEXSOCKET_APPS_DIR: " + fault);
        }
    }

    private static List<String> concat(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    @Test
    void appThatCannotStartIsNamedWithItsJar() throws Exception {
        folder.jar("late.jar", "Late", """
                import io.hexsocket.apps.*;
                import java.util.Map;
                public class Late implements AppProvider {
                    public String name() { return "late"; }
                    public void register(Apps apps, Map<String, String> settings) {
                        apps.serve("/late", new App() {
                            @Override public Listener onOpen(Session session) { return Session::send; }
                            @Override public void onStart(Hub hub) { throw new IllegalStateException("no database"); }
                        });
                    }
                }
                """);
        for (String transport : RunningDemo.transports().toList()) {
            assertThat(refusal(transport, "apps.dir=" + folder.path()))
                    .contains("the app at /late could not start", "no database", "(late.jar)");
        }
    }

    @Test
    void sectionOfAnAppThatIsNotThereIsRefused() throws Exception {
        folder.jar("greeter.jar", "org.example.Greeter", ofThePage("java", "src/main/java/org/example/Greeter.java"));
        byte[] file = "\napp.greter.greeting = Hi\n".getBytes();
        OwnApps apps = new OwnApps(folder.path(), true, ConfigFile.appSections("demo.conf", file));
        assertThat(messageOf(() -> apps.load(java.util.Set.of())))
                .isEqualTo(
                        "demo.conf:2: app.greter.greeting is for an app that no jar provides; those that are there are called"
                                + " greeter");
        OwnApps none = new OwnApps(null, true, ConfigFile.appSections("demo.conf", file));
        assertThat(messageOf(() -> none.load(java.util.Set.of())))
                .contains("demo.conf:2: app.greter", "apps.dir names");
    }

    @Test
    void nothingToServeIsRefused() {
        assertThat(refusal("nio", "demo.apps=off"))
                .contains("demo.apps is \"off\"", "nothing to serve", "apps.dir names");
    }

    private static String refusal(String transport, String... settings) {
        return messageOf(() -> RunningDemo.start(transport, settings).close());
    }

    private interface Task {
        void run() throws Exception;
    }

    private static String messageOf(Task task) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(task::run);
        assertThat(thrown).isInstanceOf(UsageException.class);
        return thrown.getMessage();
    }

    private static String ofThePage(String language, String file) throws Exception {
        String page = Files.readString(ROOT.resolve("docs/writing-apps.md"));
        Matcher block = Pattern.compile("(?s)```" + language + "\n(\\S+ " + Pattern.quote(file) + "\\b[^\n]*\n.*?)```")
                .matcher(page);
        assertThat(block.find()).as(file).isTrue();
        return block.group(1);
    }

    private static int status(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** The first message, or the code of the close. */
    private static String answer(int port, String path, String message) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                        answer.complete(text.toString());
                        return null;
                    }

                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        answer.complete("closed with " + code);
                        return null;
                    }
                })
                .get(20, TimeUnit.SECONDS);
        if (!message.isEmpty()) {
            socket.sendText(message, true);
        }
        return answer.get(20, TimeUnit.SECONDS);
    }
}
