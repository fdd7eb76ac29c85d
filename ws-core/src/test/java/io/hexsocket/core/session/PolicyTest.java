package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.Policy;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A policy that changes while the server runs")
class PolicyTest {

    private final RecordingApp app = RecordingApp.silent();
    private final MemoryServer server = MemoryServer.serving(
            app.with(AppOptions.DEFAULT.compression(Compression.ON).rawTcp(true)),
            config -> config.limits(Limits.DEFAULT.messageBytes(1000)));

    private void change(UnaryOperator<Policy> change) {
        server.core().policy(change.apply(server.core().policy()));
    }

    private void limits(UnaryOperator<Limits> change) {
        change(policy -> policy.limits(change.apply(policy.limits())));
    }

    private static ClientFrame[] messages(int count) {
        return Collections.nCopies(count, ClientFrame.text("x")).toArray(ClientFrame[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Nothing: 1", "Sec-WebSocket-Extensions: permessage-deflate"})
    @DisplayName("measures the next message of a client that is there, compressed or not")
    void measuresTheNextMessageOfAClientThatIsThere(String header) {
        MemoryClient client = server.open("/app", header);
        client.send(ClientFrame.text("x".repeat(1000)));
        limits(limits -> limits.messageBytes(500));
        client.send(ClientFrame.text("x".repeat(500)));
        assertThat(client.isOpen()).isTrue();
        client.send(ClientFrame.text("x".repeat(501)));
        assertThat(client.closeStatus().code()).isEqualTo(1009);
    }

    @Test
    @DisplayName("leaves the message that has begun to the limit that it has begun under")
    void leavesTheMessageThatHasBegunToTheLimitThatItHasBegunUnder() {
        MemoryClient client = server.open();
        byte[] message = ClientFrame.text("x".repeat(1000)).bytes();
        client.connection().send(Arrays.copyOf(message, 200));
        limits(limits -> limits.messageBytes(500));
        client.connection().send(Arrays.copyOfRange(message, 200, message.length));
        assertThat(client.isOpen()).isTrue();
        assertThat(app.events()).anyMatch(event -> event.startsWith("text"));
    }

    @Test
    @DisplayName("ends no connection, but lets no more in, when it allows fewer")
    void endsNoConnectionWhenItAllowsFewer() {
        MemoryClient first = MemoryClient.over(server.connect(server.loop(), "192.0.2.7"), "/app");
        MemoryClient second = MemoryClient.over(server.connect(server.loop(), "192.0.2.7"), "/app");
        limits(limits -> limits.connectionsPerAddress(2));
        assertThat(server.connect(server.loop(), "192.0.2.7").receivedText()).startsWith("HTTP/1.1 503 ");
        limits(limits -> limits.connectionsPerAddress(0).connections(1));
        assertThat(server.connect(server.loop(), "192.0.2.8").receivedText()).startsWith("HTTP/1.1 503 ");
        server.advance(Duration.ofSeconds(60));
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();

        limits(limits -> limits.connections(3));
        assertThat(server.open().isOpen()).isTrue();
    }

    @Test
    @DisplayName("lets the pages of other origins in, and keeps out those that it does not name any more")
    void letsThePagesOfOtherOriginsIn() {
        change(policy -> policy.allowedOrigins(Origins.of(List.of("https://a.example"))));
        MemoryClient client = server.open("/app", "Origin: https://a.example");
        change(policy -> policy.allowedOrigins(Origins.of(List.of("https://b.example"))));
        assertThat(server.tryOpen("/app", "Origin: https://a.example").reply().status())
                .isEqualTo(403);
        assertThat(server.open("/app", "Origin: https://b.example").isOpen()).isTrue();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    @DisplayName("shuts the raw door behind those who have come in")
    void shutsTheRawDoorBehindThoseWhoHaveComeIn() {
        MemoryClient client = server.openRaw("/app");
        change(policy -> policy.rawDoor(RawDoor.SHUT));
        MemoryConnection late =
                server.connectWith("php process\nGET /app HTTP/1.1\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(late.isEnded()).isTrue();
        client.connection().send("{}");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    @DisplayName("limits what a client sends from the change on, with all that it may send at once")
    void limitsWhatAClientSendsFromTheChangeOn() {
        MemoryClient client = server.open();
        client.send(messages(500));
        limits(limits -> limits.messagesPerSecond(10));
        client.send(messages(50));
        assertThat(client.isOpen()).isTrue();
        client.send(messages(2));
        assertThat(client.closeStatus().code()).isEqualTo(1008);
    }

    @Test
    @DisplayName("does not cut those who use a higher rate at once")
    void doesNotCutThoseWhoUseAHigherRateAtOnce() {
        limits(limits -> limits.messagesPerSecond(10));
        MemoryClient client = server.open();
        client.send(messages(50));
        limits(limits -> limits.messagesPerSecond(100));
        client.send(messages(450));
        assertThat(client.isOpen()).isTrue();
        limits(limits -> limits.messagesPerSecond(0));
        client.send(messages(5000));
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    @DisplayName("has timeouts for those who are there")
    void hasTimeoutsForThoseWhoAreThere() {
        MemoryClient client = server.open();
        server.advance(Duration.ofMinutes(10));
        change(policy -> policy.timeouts(policy.timeouts().idle(Duration.ofMinutes(20))));
        server.advance(Duration.ofMinutes(9));
        assertThat(client.isOpen()).isTrue();
        server.advance(Duration.ofMinutes(2));
        assertThat(client.closeStatus().code()).isEqualTo(1001);
    }

    @Test
    @DisplayName("cannot have what is read at the start otherwise, and is then refused whole")
    void cannotHaveWhatIsReadAtTheStartOtherwise() {
        Policy before = server.core().policy();
        Policy other = before.limits(before.limits()
                        .memoryBytes(1)
                        .compressionContextBytes(1)
                        .topics(7))
                .timeouts(Timeouts.DEFAULT
                        .drain(Duration.ofMillis(1))
                        .tlsHandshake(Duration.ofMillis(1))
                        .ping(Duration.ofMillis(1)));
        assertThatThrownBy(() -> server.core().policy(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limits.memoryBytes");
        assertThat(server.core().policy()).isEqualTo(before);

        server.core().policy(other.whileRunning(before));
        assertThat(server.core().policy())
                .isEqualTo(before.limits(before.limits().topics(7))
                        .timeouts(before.timeouts().ping(Duration.ofMillis(1))));
    }
}
