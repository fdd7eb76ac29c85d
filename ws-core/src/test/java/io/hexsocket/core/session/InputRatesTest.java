package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class InputRatesTest {

    private final RecordingApp app = RecordingApp.silent();

    private MemoryServer server(Limits limits) {
        return MemoryServer.serving(app, config -> config.limits(limits));
    }

    private static ClientFrame[] messages(int count) {
        return Collections.nCopies(count, ClientFrame.text("x")).toArray(ClientFrame[]::new);
    }

    private long delivered() {
        return app.events().stream().filter(event -> event.startsWith("text")).count();
    }

    @Test
    void m11ClientThatSendsMoreMessagesThanFiveSecondsWorthAtOnceIsClosedWith1008() {
        MemoryServer server = server(Limits.DEFAULT.messagesPerSecond(10));
        MemoryClient client = server.open();
        client.send(messages(50));
        assertThat(client.frames()).isEmpty();
        client.send(messages(3));
        assertThat(client.frames()).containsExactly(ServerFrame.close(1008, "more than 10 messages a second"));
        assertThat(delivered()).isEqualTo(50);
        client.connection().end();
        server.advance(Duration.ofSeconds(2));
        server.assertNothingIsLeft();
    }

    @Test
    void m11ClientThatKeepsToTheRateIsNotClosedAndMessagesComeBackWithTime() {
        MemoryServer server = server(Limits.DEFAULT.messagesPerSecond(10));
        MemoryClient client = server.open();
        client.send(messages(50));
        for (int second = 0; second < 20; second++) {
            server.advance(Duration.ofSeconds(1));
            client.send(messages(10));
        }
        assertThat(client.frames()).isEmpty();
        assertThat(delivered()).isEqualTo(250);
    }

    @Test
    void m11ClientThatSendsMoreBytesThanItMayIsClosedWith1008WhateverTheyAre() {
        MemoryServer server = server(Limits.DEFAULT.bytesPerSecond(1000));
        MemoryClient client = server.open();
        client.send(ClientFrame.binary(new byte[4000]));
        client.send(ClientFrame.pong(new byte[100]));
        assertThat(client.frames()).isEmpty();
        client.send(ClientFrame.binary(new byte[2000]));
        client.send(ClientFrame.binary(new byte[1]));
        assertThat(client.frames()).containsExactly(ServerFrame.close(1008, "more than 1000 bytes a second"));
    }

    @Test
    void m11ClientOfAnAppThatIsNotRateLimitedSendsAsMuchAsItCan() {
        App unlimited = app.with(AppOptions.DEFAULT.rateLimited(false));
        MemoryServer server = MemoryServer.serving(
                unlimited,
                config -> config.limits(Limits.DEFAULT.messagesPerSecond(10).bytesPerSecond(100)));
        MemoryClient client = server.open();
        client.send(messages(1000));
        assertThat(client.frames()).isEmpty();
        assertThat(delivered()).isEqualTo(1000);
    }

    @Test
    void m11MessageThatWaitedWhileItsClientWasNotReadFromIsCountedOnce() {
        MemoryServer server = server(Limits.DEFAULT.bytesPerSecond(1000));
        MemoryClient client = server.open();
        for (int i = 0; i < 6; i++) {
            client.connection().arriveLater(ClientFrame.join(ClientFrame.binary(new byte[300]), ClientFrame.text("x")));
            app.session(0).pause();
            server.run();
            app.session(0).resume();
            server.run();
        }
        assertThat(client.frames()).isEmpty();
        assertThat(delivered()).isEqualTo(6);
    }

    @Test
    void m11RawClientThatSendsTooManyMessagesIsClosed() {
        App raw = app.with(AppOptions.DEFAULT.rawTcp(true));
        MemoryServer server = MemoryServer.serving(raw, config -> config.limits(Limits.DEFAULT.messagesPerSecond(2)));
        MemoryClient client = server.openRaw("/app");
        client.connection().send("{}".repeat(11));
        server.advance(Duration.ofSeconds(1));
        assertThat(delivered()).isEqualTo(10);
        assertThat(client.connection().isEnded()).isTrue();
    }

    @Test
    void m11ConnectionTooManyOfOneSecondAndAddressIsRefusedWith503AndRetryAfter() {
        MemoryServer server = server(Limits.DEFAULT.connectionsPerSecondPerAddress(1));
        for (int i = 0; i < 20; i++) {
            assertThat(server.connect(server.loop(), "2001:db8::" + i).receivedText())
                    .isEmpty();
        }
        MemoryConnection refused = server.connect(server.loop(), "2001:db8::99");
        assertThat(refused.receivedText()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 1\r\n");
        assertThat(server.connect(server.loop(), "2001:db8:0:1::1").receivedText())
                .as("another network")
                .isEmpty();
        server.advance(Duration.ofSeconds(1));
        assertThat(server.connect(server.loop(), "2001:db8::a").receivedText())
                .as("a second later")
                .isEmpty();
    }
}
