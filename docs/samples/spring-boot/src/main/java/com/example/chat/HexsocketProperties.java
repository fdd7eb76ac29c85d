package com.example.chat;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What stands under {@code hexsocket} in application.properties.
 *
 * @param address where the server listens, as ws://0.0.0.0:8091
 * @param transport what carries it
 * @param sslBundle the name of the bundle of spring.ssl.bundle that a wss:// address is served with
 */
@ConfigurationProperties("hexsocket")
public record HexsocketProperties(
        @DefaultValue("ws://localhost:8091") String address,
        @DefaultValue("nio") Transport transport,
        @DefaultValue("") String sslBundle) {

    /** The transports that this program has on its class path. */
    public enum Transport {
        NIO,
        VERTX
    }
}
