package io.hexsocket.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.config.ServerConfig;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The threads of a NIO server")
class NioThreadsTest {

    private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

    /** What a thread of the server has of the one that started it. */
    private record Inherited(boolean daemon, int priority, ThreadGroup group, ClassLoader loader, String local) {

        static Inherited here() {
            Thread thread = Thread.currentThread();
            return new Inherited(
                    thread.isDaemon(),
                    thread.getPriority(),
                    thread.getThreadGroup(),
                    thread.getContextClassLoader(),
                    INHERITABLE.get());
        }
    }

    @Test
    @DisplayName("N6 inherit nothing from a daemon thread that starts it, and keep the program alive")
    void inheritNothing() throws Exception {
        ThreadGroup group = new ThreadGroup("the host's");
        ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {};
        CompletableFuture<Inherited> seen = new CompletableFuture<>();
        Thread starter = new Thread(group, () -> {
            INHERITABLE.set("the host's");
            Thread.currentThread().setContextClassLoader(loader);
            try {
                NioServer server = NioServer.start(ServerConfig.at("ws://127.0.0.1:0")
                        .eventLoops(1)
                        .app("/", session -> (self, message) -> {})
                        .build());
                server.loops().get(0).execute(() -> seen.complete(Inherited.here()));
                seen.join();
                server.close();
            } catch (IOException failed) {
                seen.completeExceptionally(failed);
            }
        });
        starter.setDaemon(true);
        starter.setPriority(Thread.MIN_PRIORITY);
        starter.start();
        Inherited loop = seen.get();
        starter.join();
        assertThat(loop.daemon()).isFalse();
        assertThat(loop.priority()).isEqualTo(Thread.NORM_PRIORITY);
        assertThat(loop.group()).isNotSameAs(group);
        assertThat(List.of(loop.loader())).doesNotContain(loader);
        assertThat(loop.local()).isNull();
    }

    @Test
    @DisplayName(
            "A11 that have ended are in no turn, so that the watchdog takes none of them for blocked while others still drain")
    void endedLoopIsInNoTurn() throws Exception {
        NioServer server = NioServer.start(ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(2)
                .app("/", session -> (self, message) -> {})
                .build());
        server.close();
        assertThat(server.loops()).allSatisfy(loop -> {
            assertThat(loop.ended()).isDone();
            assertThat(loop.turnInProgress()).isEqualTo(NioLoop.NO_TURN);
        });
    }
}
