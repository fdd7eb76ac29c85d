package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real browser without a window, steered over the Chrome DevTools protocol. For one thread. */
final class Chromium implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final Path profile;
    private final Answers answers = new Answers();
    private final AtomicInteger lastCommand = new AtomicInteger();
    private final WebSocket socket;

    private Chromium(Process process, Path profile, URI devTools) {
        this.process = process;
        this.profile = profile;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, answers)
                .join();
    }

    /**
     * Starts it in an empty folder of its own; on a machine that has none, the tests that want it are left out, but for CI, where they fail.
     *
     * @param unseen what nobody looks at then
     */
    static Chromium startOrAbort(String unseen) throws Exception {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            String missing = "Chromium is not installed: nobody looks at " + unseen;
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(missing);
            }
            System.err.println("SKIPPED " + missing);
            abort(missing);
        }
        return start(program.orElseThrow(), TestMaterial.certificate("middle.crt"));
    }

    /** Where the program is, if it is on this machine. */
    private static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param trusted an authority that it trusts besides those that it knows */
    private static Chromium start(Path program, X509Certificate trusted) throws Exception {
        Path profile = Files.createTempDirectory("chromium-");
        ProcessBuilder command = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--ignore-certificate-errors-spki-list=" + fingerprint(trusted),
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // it leaves things in the folder for temporary files
        command.environment().put("TMPDIR", profile.toString());
        Process process = command.start();
        try {
            return new Chromium(process, profile, devTools(process, profile.resolve("DevToolsActivePort")));
        } catch (Exception | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
        byte[] key = certificate.getPublicKey().getEncoded();
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }

    /** Opens a page in a window of its own. */
    Page open(String url) throws Exception {
        ObjectNode target = JSON.createObjectNode().put("url", "about:blank").put("newWindow", true);
        String targetId =
                call(null, "Target.createTarget", target).path("targetId").asText();
        ObjectNode attach = JSON.createObjectNode().put("targetId", targetId).put("flatten", true);
        String session =
                call(null, "Target.attachToTarget", attach).path("sessionId").asText();
        Page page = new Page(session);
        page.call("Runtime.enable", JSON.createObjectNode());
        page.call("Log.enable", JSON.createObjectNode());
        page.call("Page.navigate", JSON.createObjectNode().put("url", url));
        return page;
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        // its helpers write into the profile until the last of them is gone
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        process.destroy();
        for (ProcessHandle one : all) {
            one.onExit()
                    .completeOnTimeout(one, 10, TimeUnit.SECONDS)
                    .thenAccept(ProcessHandle::destroyForcibly)
                    .join();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One page in the browser. */
    final class Page {

        private final String session;

        private Page(String session) {
            this.session = session;
        }

        /** The value of a JavaScript expression, as text. */
        String value(String expression) throws Exception {
            ObjectNode parameters = JSON.createObjectNode().put("expression", "String(" + expression + ")");
            JsonNode result = call("Runtime.evaluate", parameters);
            assertThat(result.path("exceptionDetails").toString()).isEmpty();
            return result.path("result").path("value").asText();
        }

        /** The texts of the elements that a selector finds. */
        List<String> texts(String selector) throws Exception {
            String found =
                    value("JSON.stringify([...document.querySelectorAll('" + selector + "')].map(e => e.textContent))");
            return List.of(JSON.readValue(found, String[].class));
        }

        /** Waits until an expression has a value. */
        void await(String expression, String expected) throws Exception {
            long start = System.nanoTime();
            String actual = value(expression);
            while (!actual.equals(expected)) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    fail("%s is %s and not %s; the page complains of %s", expression, actual, expected, complaints());
                }
                Thread.sleep(25);
                actual = value(expression);
            }
        }

        void click(String id) throws Exception {
            assertThat(value("document.getElementById('" + id + "').disabled"))
                    .as(id + " is disabled")
                    .isEqualTo("false");
            value("document.getElementById('" + id + "').click()");
        }

        /** Presses and releases a key, wherever the focus is. */
        void press(String key) throws Exception {
            ObjectNode press = JSON.createObjectNode().put("type", "keyDown").put("key", key);
            press.put("code", key).put("windowsVirtualKeyCode", key.equals("Tab") ? 9 : 13);
            if (key.equals("Enter")) {
                press.put("text", "\r");
            }
            call("Input.dispatchKeyEvent", press);
            press.remove("text");
            call("Input.dispatchKeyEvent", press.put("type", "keyUp"));
        }

        /** Shows it as a device would: so many CSS pixels wide, in light or dark colours, with nothing that moves. */
        void show(int width, int height, boolean dark) throws Exception {
            ObjectNode metrics = JSON.createObjectNode().put("width", width).put("height", height);
            call(
                    "Emulation.setDeviceMetricsOverride",
                    metrics.put("deviceScaleFactor", 2).put("mobile", width < 500));
            ObjectNode media = JSON.createObjectNode();
            ArrayNode features = media.putArray("features");
            features.addObject().put("name", "prefers-color-scheme").put("value", dark ? "dark" : "light");
            features.addObject().put("name", "prefers-reduced-motion").put("value", "reduce");
            call("Emulation.setEmulatedMedia", media);
        }

        /** Writes a picture of the whole page. */
        void photograph(Path png) throws Exception {
            ObjectNode how = JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", true);
            byte[] picture = Base64.getDecoder()
                    .decode(call("Page.captureScreenshot", how).path("data").asText());
            Files.createDirectories(png.toAbsolutePath().getParent());
            Files.write(png, picture);
        }

        /** Closes its window. */
        void close() throws Exception {
            call("Page.close", JSON.createObjectNode());
        }

        /** What the page or the browser has complained of in the console. */
        List<String> complaints() {
            return answers.complaints.getOrDefault(session, List.of());
        }

        private JsonNode call(String method, ObjectNode parameters) throws Exception {
            return Chromium.this.call(session, method, parameters);
        }
    }

    private JsonNode call(@Nullable String session, String method, ObjectNode parameters) throws Exception {
        int id = lastCommand.incrementAndGet();
        CompletableFuture<JsonNode> answer = answers.to(id);
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", parameters);
        if (session != null) {
            command.put("sessionId", session);
        }
        socket.sendText(command.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError(method + " failed", e);
        }
    }

    private static URI devTools(Process process, Path activePort) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            if (Files.exists(activePort)) {
                List<String> lines = Files.readAllLines(activePort);
                if (lines.size() == 2) {
                    return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
                }
            }
            assertThat(process.isAlive()).as("Chromium runs").isTrue();
            Thread.sleep(25);
        }
        throw new AssertionError("Chromium has not started in time");
    }

    private static final class Answers implements WebSocket.Listener {

        final Map<String, List<String>> complaints = new ConcurrentHashMap<>();
        private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
        private final StringBuilder text = new StringBuilder();

        CompletableFuture<JsonNode> to(int id) {
            return waiting.computeIfAbsent(id, unused -> new CompletableFuture<>());
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(parsed(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void take(JsonNode message) {
            String session = message.path("sessionId").asText();
            JsonNode parameters = message.path("params");
            switch (message.path("method").asText()) {
                case "" -> answer(message);
                case "Runtime.exceptionThrown" -> complain(session, parameters.path("exceptionDetails"));
                case "Log.entryAdded" -> {
                    if (parameters.path("entry").path("level").asText().equals("error")) {
                        complain(session, parameters.path("entry").path("text"));
                    }
                }
                default -> {
                    // other events are of no interest
                }
            }
        }

        private void answer(JsonNode message) {
            CompletableFuture<JsonNode> answer =
                    waiting.remove(message.path("id").asInt());
            if (answer == null) {
                return;
            }
            if (message.has("error")) {
                answer.completeExceptionally(
                        new AssertionError(message.path("error").toString()));
            } else {
                answer.complete(message.path("result"));
            }
        }

        private void complain(String session, JsonNode complaint) {
            complaints
                    .computeIfAbsent(session, unused -> new CopyOnWriteArrayList<>())
                    .add(complaint.toString());
        }

        private static JsonNode parsed(String message) {
            try {
                return JSON.readTree(message);
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
