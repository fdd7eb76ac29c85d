package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.port.host.GuardedListener;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A host whose parts throw or break their contract")
class ThrowingHostTest {

    private static final String PAGE = "GET /page HTTP/1.1\r\nHost: example.org\r\n\r\n";

    private final List<String> logged = new ArrayList<>();

    private final List<Supplier<String>> details = new ArrayList<>();

    private final List<String> warned = new ArrayList<>();

    private void log(String line, @Nullable Throwable thrown) {
        logged.add(thrown == null ? line : line + ": " + thrown.getMessage());
    }

    /** Throws in every callback, and remembers in which. */
    private static ServerListener throwing(List<String> called) {
        return (ServerListener) Proxy.newProxyInstance(
                ServerListener.class.getClassLoader(), new Class<?>[] {ServerListener.class}, (self, method, args) -> {
                    called.add(method.getName());
                    throw new AssertionError("thrown");
                });
    }

    @Test
    @DisplayName("N8 leaves no client hanging when its listener throws in every callback, and each is logged")
    void throwingListener() {
        List<String> called = new ArrayList<>();
        App app = session -> (self, message) -> {
            if (message.text().equals("throw")) {
                throw new IllegalStateException("app");
            }
            self.send(message);
        };
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.listener(
                        GuardedListener.around(throwing(called), this::log, warned::add, details::add)));
        MemoryClient client = server.open();
        assertThat(client.sendTexts("a").texts()).containsExactly("a");
        assertThat(client.sendTexts("throw").closeStatus().code()).isEqualTo(1011);
        client.close();
        assertThat(server.connect().send(PAGE).receivedText()).startsWith("HTTP/1.1 404 ");
        assertThat(server.connect().send("GET / HTTP/3.0\r\n").receivedText()).startsWith("HTTP/1.1 505 ");
        server.connect().lose(new IOException("reset"));
        server.advance(java.time.Duration.ofSeconds(2));
        server.assertNothingIsLeft();
        assertThat(called)
                .contains("onConnect", "onOpen", "onAppError", "onClose", "onHttp", "onRefused", "onDisconnect");
        assertThat(logged)
                .filteredOn(line -> line.startsWith("the server's listener failed in "))
                .hasSameSizeAs(called)
                .contains("the server's listener failed in onOpen: thrown");
    }

    @Test
    @DisplayName("N8 has every callback guarded, and each passed on with what it was given")
    void everyCallbackIsPassedOn() throws Exception {
        Map<String, List<Object>> called = new HashMap<>();
        ServerListener host = (ServerListener) Proxy.newProxyInstance(
                ServerListener.class.getClassLoader(), new Class<?>[] {ServerListener.class}, (self, method, args) -> {
                    called.put(method.getName(), args == null ? List.of() : java.util.Arrays.asList(args));
                    return method.getReturnType() == boolean.class ? true : null;
                });
        GuardedListener guarded = GuardedListener.around(host, this::log, warned::add, details::add);
        for (Method callback : ServerListener.class.getMethods()) {
            if (callback.getReturnType() != void.class) {
                continue;
            }
            Object[] given = new Object[callback.getParameterCount()];
            for (int i = 0; i < given.length; i++) {
                Class<?> type = callback.getParameterTypes()[i];
                given[i] =
                        type == long.class ? 7L : type == int.class ? 8 : type == boolean.class ? (Object) true : null;
            }
            callback.invoke(guarded, given);
            assertThat(called).containsEntry(callback.getName(), java.util.Arrays.asList(given));
        }
        assertThat(called).hasSizeGreaterThan(12);
        assertThat(logged).isEmpty();
    }

    @Test
    @DisplayName(
            "N8 has what its apps throw logged with app and session when its listener writes no log, and refusals and ends as details")
    void appErrorsAreLogged() {
        App app = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                if (request.query("refuse") != null) {
                    throw new IllegalStateException("before");
                }
                return Admission.accept();
            }

            @Override
            public Listener onOpen(Session session) {
                return (self, message) -> {
                    throw new IllegalStateException("within");
                };
            }
        };
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.listener(
                        GuardedListener.around(new ServerListener() {}, this::log, warned::add, details::add)));
        server.open().sendTexts("x");
        assertThat(server.connect().send(MemoryClient.request("/nowhere")).receivedText())
                .startsWith("HTTP/1.1 404 ");
        assertThat(server.connect().send(MemoryClient.request("/app?refuse")).receivedText())
                .startsWith("HTTP/1.1 500 ");
        assertThat(logged)
                .containsExactly(
                        "error in the app of session #1 /app: within",
                        "#3 error in the app at /app, before the session: before");
        assertThat(details.stream().map(Supplier::get))
                .containsExactly(
                        "session #1 /app closed, 1011",
                        "#2 refused from /127.0.0.1:40001: UNKNOWN_PATH, 404",
                        "#3 refused from /127.0.0.1:40002: APP_FAILED, 500");
    }

    @Test
    @DisplayName("N8 has its clients answered although its log throws")
    void logThatThrows() {
        App app = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                throw new IllegalStateException("before");
            }

            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }
        };
        AtomicInteger lines = new AtomicInteger();
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.listener(GuardedListener.around(
                        ServerListener.NONE,
                        (line, cause) -> {
                            lines.incrementAndGet();
                            throw new NoSuchMethodError("atError");
                        },
                        warned::add,
                        line -> {
                            throw new NoSuchMethodError("atDebug");
                        })));
        for (String path : List.of("/app", "/nowhere")) {
            MemoryConnection client = server.connect().send(MemoryClient.request(path));
            assertThat(client.receivedText()).startsWith("HTTP/1.1 ");
            assertThat(client.isEnded()).isTrue();
        }
        // what the app has thrown, and twice that a detail could not be told
        assertThat(lines).hasValue(3);
    }

    @Test
    @DisplayName("N8 has nothing logged by the server when one of its listeners writes a log")
    void listenerThatLogs() {
        ServerListener writes = new ServerListener() {
            @Override
            public boolean logs() {
                return true;
            }
        };
        App app = session -> (self, message) -> {
            throw new IllegalStateException("within");
        };
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.listener(GuardedListener.around(
                        ServerListener.NONE.andThen(writes), this::log, warned::add, details::add)));
        assertThat(server.open().sendTexts("x").closeStatus().code()).isEqualTo(1011);
        assertThat(logged).isEmpty();
        assertThat(details).isEmpty();
    }

    @Test
    @DisplayName("N8 gives a 500 to that client when its responder throws, answers nothing, or answers what is none")
    void brokenResponders() {
        List<HttpResponder> broken = List.of(
                request -> {
                    throw new AssertionError("thrown");
                },
                request -> null,
                request -> CompletableFuture.completedFuture(null),
                request -> CompletableFuture.failedFuture(new IOException("failed")),
                request -> CompletableFuture.completedFuture(
                        HttpAnswer.text(200, "a b").header("a b", "c")),
                request -> throwingStage(),
                new HttpResponder() {
                    @Override
                    public CompletionStage<HttpAnswer> respond(OpeningRequest request) {
                        throw new StackOverflowError();
                    }
                });
        for (HttpResponder responder : broken) {
            MemoryServer server = MemoryServer.serving(
                    RecordingApp.echo(),
                    config -> config.responder(responder)
                            .listener(
                                    GuardedListener.around(ServerListener.NONE, this::log, warned::add, details::add)));
            MemoryConnection client = server.connect().send(PAGE);
            assertThat(client.receivedText()).startsWith("HTTP/1.1 500 ");
            assertThat(client.isEnded()).isTrue();
            assertThat(server.open().sendTexts("others").texts()).containsExactly("others");
        }
        assertThat(logged).hasSameSizeAs(broken);
    }

    @Test
    @DisplayName("N8 gives a 500 to that client when the stage of a late admission throws by itself")
    void brokenAdmission() {
        App app = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                return Admission.later(throwingStage());
            }

            @Override
            public Listener onOpen(Session session) {
                throw new AssertionError("opened");
            }
        };
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.listener(
                        GuardedListener.around(ServerListener.NONE, this::log, warned::add, details::add)));
        assertThat(server.connect().send(MemoryClient.request("/app")).receivedText())
                .startsWith("HTTP/1.1 500 ");
        assertThat(logged).hasSize(1);
    }

    @Test
    @DisplayName("N8 warns, where the host has no log of its own, that memory is short; that is no error of the server")
    void memoryPressureIsAWarning() {
        MemoryServer server = MemoryServer.serving(
                RecordingApp.echo(),
                config -> config.limits(Limits.DEFAULT.memoryBytes(1024 * 1024))
                        .listener(GuardedListener.around(ServerListener.NONE, this::log, warned::add, details::add)));
        byte[] whole = ClientFrame.binary(new byte[2_000_000]).bytes();
        server.open().connection().send(Arrays.copyOf(whole, 1_000_000));
        assertThat(warned).singleElement().asString().startsWith("clients make the server hold ");
        assertThat(logged).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static <T> CompletionStage<T> throwingStage() {
        return (CompletionStage<T>) Proxy.newProxyInstance(
                CompletionStage.class.getClassLoader(),
                new Class<?>[] {CompletionStage.class},
                (self, method, args) -> {
                    throw new IllegalStateException("no stage");
                });
    }
}
