package com.example.chat;

import static io.hexsocket.core.testkit.assertj.HexsocketAssertions.assertThat;

import io.hexsocket.core.Server;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.junit.HexsocketExtension;
import io.hexsocket.transport.nio.NioServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RoomsTest {

    @RegisterExtension
    final HexsocketExtension hexsocket =
            HexsocketExtension.serving("/rooms/{room}", Rooms::new).over(NioServer::start);

    @Test
    void messageGoesToAllInTheRoomAndToNobodyElse(MemoryServer server) {
        MemoryClient ada = server.open("/rooms/tea?name=ada");
        MemoryClient bob = server.open("/rooms/tea?name=bob");
        MemoryClient eve = server.open("/rooms/coffee?name=eve");
        bob.sendTexts("hello");
        assertThat(ada).receivesTexts("ada is here", "bob is here", "bob: hello");
        assertThat(bob).receivesTexts("bob is here", "bob: hello");
        assertThat(eve).receivesText("eve is here");
    }

    @Test
    void whoSaysNoNameIsRefused(MemoryServer server) {
        assertThat(server.tryOpen("/rooms/tea")).isAnsweredWith(400).hasText("Say who you are: ?name=ada");
    }

    @Test
    void worksOverASocket(Server server) {
        WsClient ada = hexsocket.connect("/rooms/tea?name=ada");
        assertThat(ada).receivesText("ada is here");
        ada.send("hello");
        assertThat(ada).receivesText("ada: hello");
    }
}
