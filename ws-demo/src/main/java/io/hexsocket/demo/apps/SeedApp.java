package io.hexsocket.demo.apps;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.json.JsonApp;
import io.hexsocket.apps.json.PacketHandler;
import io.hexsocket.apps.json.StandardOpcodes;
import java.net.InetAddress;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What {@code /}, {@code /web} and {@code /php} serve: echo, broadcast to all pages, feedback to one, in the dialogue of packets that
 * the clients of the PHP server speak.
 */
public final class SeedApp {

    private SeedApp() {}

    /**
     * One for any number of paths.
     *
     * @param backends from where scripts may come by WebSocket; from where they may come by raw TCP is the server's to know
     * @param opcodes what the dialogue has besides
     */
    public static App create(Predicate<InetAddress> backends, Map<String, PacketHandler> opcodes) {
        return JsonApp.builder()
                .on(StandardOpcodes.all())
                .on(opcodes)
                .backends(backends)
                .build()
                .with(AppOptions.DEFAULT.rawTcp(true));
    }
}
