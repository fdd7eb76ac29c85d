package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BackendJobsTest {

    private static final ServerAddress NOWHERE = new ServerAddress(false, "127.0.0.1", 1);

    private final List<BackendJobs> begun = new ArrayList<>();

    private final RecordingApp app = RecordingApp.silent();
    private final MemoryServer server = MemoryServer.serving(app);

    @AfterEach
    void endJobs() {
        begun.forEach(BackendJobs::close);
    }

    @Test
    void firstLineComesFromTheServerItself() {
        MemoryClient client = server.open();
        String id = app.session().id();
        assertThat(start(jobs(NOWHERE), id)).isEqualTo(BackendJobs.Start.STARTED);
        server.run();
        assertThat(client.texts())
                .first()
                .isEqualTo("{\"opcode\":\"feedback\",\"message\":\"The server has started the backend job\","
                        + "\"percent\":0,\"uuid\":\"" + id + "\"}");
    }

    @Test
    void a5JobForNobodyIsNotBegun() {
        server.open();
        BackendJobs jobs = jobs(NOWHERE);
        for (int i = 0; i < 100; i++) {
            assertThat(start(jobs, "1-2.3")).isEqualTo(BackendJobs.Start.UNKNOWN);
        }
    }

    @Test
    void jobForAClientThatDoesNotReadIsNotBegun() {
        server.open().connection().accept(0);
        app.session().send("x".repeat(1024 * 1024));
        server.run();
        assertThat(start(jobs(NOWHERE), app.session().id())).isEqualTo(BackendJobs.Start.BUSY);
    }

    @Test
    void jobsAreBoundedEachAndInAll() throws Exception {
        // it accepts and never answers, so that no job gets on
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            BackendJobs jobs = jobs(new ServerAddress(false, "127.0.0.1", silent.getLocalPort()));
            for (int i = 0; i <= 8; i++) {
                server.open();
                String id = app.session(i).id();
                assertThat(start(jobs, id)).isEqualTo(i < 8 ? BackendJobs.Start.STARTED : BackendJobs.Start.BUSY);
                assertThat(start(jobs, id)).isEqualTo(i < 8 ? BackendJobs.Start.RUNNING : BackendJobs.Start.BUSY);
            }
        }
    }

    @Test
    void jobThatFailsSaysSoAndMakesRoom() {
        MemoryClient client = server.open();
        BackendJobs jobs = jobs(NOWHERE);
        for (int i = 1; i <= 10; i++) {
            // a job makes room right behind its last words
            while (start(jobs, app.session().id()) != BackendJobs.Start.STARTED) {
                Thread.onSpinWait();
            }
            while (client.texts().size() < 2 * i) {
                server.run();
            }
        }
        assertThat(client.texts()).last().asString().contains("The job has failed; the server's log says why");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "::, ::1", "127.0.0.1, 127.0.0.1", "::1, ::1", "192.0.2.1, 192.0.2.1"})
    void everywhereIsReachedOnThisHost(String listening, String reached) throws UnknownHostException {
        assertThat(BackendJobs.reachable(new ServerAddress(false, listening, 7)))
                .isEqualTo(new ServerAddress(false, reached, 7));
    }

    @Test
    void hostThatIsGoneIsUnknown() {
        assertThatThrownBy(() -> BackendJobs.reachable(new ServerAddress(false, "gone.invalid", 7)))
                .isInstanceOf(UnknownHostException.class);
    }

    private static BackendJobs.Start start(BackendJobs jobs, String id) {
        // at once, for a session of this node
        return jobs.start(id).toCompletableFuture().getNow(null);
    }

    private BackendJobs jobs(ServerAddress address) {
        BackendJobs jobs = new BackendJobs(Duration.ZERO);
        jobs.serverAt(address, server.core().hub(), List::of);
        begun.add(jobs);
        return jobs;
    }
}
