package io.hexsocket.core.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.contract.TransportUnderTest;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * All cases against a server on one transport, over real sockets on loopback, plain or TLS. A transport extends this class and adds
 * nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ConformanceContract {

    // how long it takes on a busy machine proves nothing
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final TransportUnderTest type;
    private final boolean secure;
    private RunningServer server;

    @TempDir
    private static Path folder;

    /** The contract for servers on one transport. */
    protected ConformanceContract(TransportUnderTest type, boolean secure) {
        this.type = type;
        this.secure = secure;
    }

    @BeforeAll
    final void start() throws IOException {
        ServerConfig.Builder config = ServerConfig.at((secure ? "wss" : "ws") + "://127.0.0.1:0")
                .eventLoops(1)
                .tls(secure ? TlsConfig.of(material("fullchain.pem"), material("privkey.pem")) : null);
        server = type.start(MemoryTarget.configure(config, session -> Session::send, new ToldApp())
                .build());
    }

    private static Path material(String name) {
        TestMaterial.copy(folder, name);
        return folder.resolve(name);
    }

    @AfterAll
    final void stop() {
        server.shutdown().join();
        assertThat(List.of(server.connections(), server.sessions(), server.names()))
                .as("connections, sessions and names that are left")
                .containsOnly(0);
    }

    @TestFactory
    final Stream<DynamicTest> serverPassesEveryConformanceCase() throws IOException, GeneralSecurityException {
        SocketFactory sockets = secure ? SocketTarget.tls(material("root.crt")) : SocketFactory.getDefault();
        URI uri = URI.create((secure ? "wss" : "ws") + "://127.0.0.1:" + server.port() + "/echo");
        return cases(new SocketTarget(uri, "/told", sockets, PATIENCE));
    }

    private static Stream<DynamicTest> cases(Target target) {
        List<Result> results = new ArrayList<>();
        Stream<DynamicTest> cases = Suite.all().stream()
                .map(one -> dynamicTest(one.toString(), () -> {
                    Result result = Runner.run(one, target, Cut.DECLARED, Scale.BUILD);
                    results.add(result);
                    result.assertStrict();
                }));
        return Stream.concat(
                cases, Stream.of(dynamicTest("all as docs/conformance.md says", () -> ResultsDocument.check(results))));
    }
}
