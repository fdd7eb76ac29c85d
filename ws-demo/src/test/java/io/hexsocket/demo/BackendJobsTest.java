package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Delivery;
import io.hexsocket.core.config.ServerAddress;
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

    @AfterEach
    void endJobs() {
        begun.forEach(BackendJobs::close);
    }

    @Test
    void firstLineComesFromTheServerItself() {
        FakeServer server = new FakeServer(Delivery.DELIVERED);
        BackendJobs jobs = jobs(server, NOWHERE);
        assertThat(jobs.start("1-2.3")).isEqualTo(BackendJobs.Start.STARTED);
        assertThat(server.sent)
                .first()
                .isEqualTo("ID 1-2.3 {\"opcode\":\"feedback\",\"message\":\"The server has started the backend job\","
                        + "\"percent\":0,\"uuid\":\"1-2.3\"}");
    }

    @Test
    void a5JobForNobodyIsNotBegun() {
        BackendJobs jobs = jobs(new FakeServer(Delivery.UNKNOWN), NOWHERE);
        for (int i = 0; i < 100; i++) {
            assertThat(jobs.start("1-2.3")).isEqualTo(BackendJobs.Start.UNKNOWN);
        }
    }

    @Test
    void jobForAClientThatDoesNotReadIsNotBegun() {
        assertThat(jobs(new FakeServer(Delivery.SLOW), NOWHERE).start("1-2.3")).isEqualTo(BackendJobs.Start.BUSY);
    }

    @Test
    void jobsAreBoundedEachAndInAll() throws Exception {
        // it accepts and never answers, so that no job gets on
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            BackendJobs jobs = jobs(
                    new FakeServer(Delivery.DELIVERED), new ServerAddress(false, "127.0.0.1", silent.getLocalPort()));
            for (int i = 0; i < 8; i++) {
                assertThat(jobs.start("client " + i)).isEqualTo(BackendJobs.Start.STARTED);
                assertThat(jobs.start("client " + i)).isEqualTo(BackendJobs.Start.RUNNING);
            }
            assertThat(jobs.start("one more")).isEqualTo(BackendJobs.Start.BUSY);
        }
    }

    @Test
    void jobThatFailsSaysSoAndMakesRoom() throws Exception {
        FakeServer server = new FakeServer(Delivery.DELIVERED);
        BackendJobs jobs = jobs(server, NOWHERE);
        for (int i = 1; i <= 10; i++) {
            // a job makes room right behind its last words
            while (jobs.start("1-2.3") != BackendJobs.Start.STARTED) {
                Thread.onSpinWait();
            }
            server.awaitSent(2 * i);
        }
        assertThat(server.sent).last().asString().contains("The job has failed; the server's log says why");
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

    private BackendJobs jobs(FakeServer server, ServerAddress address) {
        BackendJobs jobs = new BackendJobs(() -> server, Duration.ZERO);
        jobs.serverAt(address, List::of);
        begun.add(jobs);
        return jobs;
    }
}
