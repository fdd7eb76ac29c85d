package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.demo.DemoProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program as a service that is given its port, and tells when it is ready. */
@Tag("programs")
@Timeout(120)
class ServiceTest {

    private static final JsonMapper JSON = new JsonMapper();

    private RunningProgram manager;
    private int port;

    @BeforeEach
    void startManager() throws Exception {
        Program.SYSTEMD_NOTIFY.orSkip();
        manager = Program.PYTHON.orSkip().start("service.py");
        port = manager.await("listening").path("port").asInt();
    }

    @AfterEach
    void endManager() {
        manager.close();
    }

    @Test
    void whoComesBetweenTwoServersWaitsForTheNext() throws Exception {
        run("one", "--transport=nio", "--address=ws://0.0.0.0:" + port);
        manager.await("ready one");
        try (WsClient early = WsClient.connect(Wire.PLAIN, port, "/echo")) {
            early.echo("to the first");
            stop("one");
            assertThat(early.readFrame().status()).isEqualTo(1012);
        }
        assertThat(manager.await("ended one").path("status").asInt()).isZero();

        try (RawClient between = RawClient.connect(Wire.PLAIN, port)) {
            between.send(WsClient.request("/echo"));
            run("two", "--address=ws://127.0.0.1:0");
            WsClient waited = WsClient.after(between);
            waited.echo("to the second");
        }
        assertThat(manager.await("ready two")).isNotNull();
    }

    @Test
    void nextServerMayBeThereBeforeTheOneIsGone() throws Exception {
        run("one", "--address=ws://0.0.0.0:0");
        manager.await("ready one");
        run("two", "--address=ws://0.0.0.0:0");
        manager.await("ready two");
        stop("one");
        assertThat(manager.await("ended one").path("status").asInt()).isZero();
        try (WsClient client = WsClient.connect(Wire.PLAIN, port, "/echo")) {
            client.echo("to the second");
        }
    }

    @Test
    void managerThatMakesTheSocketBlockingStopsNobody() throws Exception {
        run("one", "--address=ws://0.0.0.0:0", "--workers=1");
        manager.await("ready one");
        for (int i = 0; i < 3; i++) {
            // as systemd does when it starts a process of the unit with StandardInput=socket, for a reload too
            manager.say("{\"block\": true}");
            manager.await("blocking");
            try (WsClient client = WsClient.connect(Wire.PLAIN, port, "/echo")) {
                client.echo("still here");
            }
        }
        stop("one");
        assertThat(manager.await("ended one").path("status").asInt()).isZero();
    }

    @Test
    void socketThatJavaCannotUseIsNamed() throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\" 3<&0 </dev/null", "sh"));
        command.addAll(DemoProcess.command(List.of("--address=ws://0.0.0.0:0")));
        manager.say(JSON.writeValueAsString(Map.of("run", "one", "command", command)));
        assertThat(manager.await("ended one").path("status").asInt()).isEqualTo(2);
        manager.sayNothing();
        assertThat(manager.ended(0))
                .contains("ws-demo: the service manager has passed a socket as descriptor 3 (LISTEN_FDS)")
                .contains("StandardInput=socket");
    }

    @Test
    void socketThatDoesNotFitTheSettingsEndsItWithOneLine() throws Exception {
        run("one", "--address=ws://0.0.0.0:1");
        assertThat(manager.await("ended one").path("status").asInt()).isEqualTo(2);
        run("two", "--address=ws://0.0.0.0:0", "--transport=vertx");
        assertThat(manager.await("ended two").path("status").asInt()).isEqualTo(2);
        manager.sayNothing();
        assertThat(manager.ended(0).lines().filter(line -> line.startsWith("ws-demo:")))
                .containsExactly(
                        "ws-demo: the standard input is a socket that listens at port " + port
                                + ", and the address has port 1; make them the same",
                        "ws-demo: the standard input is a socket that listens, and Vert.x opens its own;"
                                + " transport = nio takes it");
    }

    private void run(String name, String... words) throws Exception {
        manager.say(JSON.writeValueAsString(Map.of("run", name, "command", DemoProcess.command(List.of(words)))));
    }

    private void stop(String name) throws Exception {
        manager.say(JSON.writeValueAsString(Map.of("stop", name)));
    }
}
