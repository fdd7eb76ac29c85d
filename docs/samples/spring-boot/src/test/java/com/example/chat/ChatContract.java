package com.example.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What a client sees over a real socket, whatever the transport. */
abstract class ChatContract {

    @Autowired
    WebSockets webSockets;

    @Test
    void messageGoesToAllWhoAreThere() {
        try (WsClient ada = connect();
                WsClient bob = connect()) {
            ada.send("hello");
            assertThat(nextBut(bob, "it is ").text()).isEqualTo("hello");
            assertThat(nextBut(ada, "it is ").text()).isEqualTo("hello");
        }
    }

    @Test
    void schedulerReachesWhoIsThere() {
        try (WsClient ada = connect()) {
            assertThat(ada.readMessage().text()).startsWith("it is ");
        }
    }

    @Test
    void clientIsToldThatTheServerStops() {
        try (WsClient ada = connect()) {
            webSockets.stop();
            assertThat(nextBut(ada, "it is ").status()).isEqualTo(1001);
        } finally {
            webSockets.start();
        }
    }

    private WsClient connect() {
        return WsClient.open(RawClient.connect(Wire.PLAIN, webSockets.port()), "/chat");
    }

    /** The next frame that is no text which begins so: the clock's come between the others. */
    private static WsClient.Frame nextBut(WsClient client, String beginning) {
        WsClient.Frame frame = client.readMessage();
        while (frame.opcode() == WsClient.TEXT && frame.text().startsWith(beginning)) {
            frame = client.readMessage();
        }
        return frame;
    }
}
