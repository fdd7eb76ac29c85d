package io.hexsocket.demo.apps;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.json.PacketHandler;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** What the demo serves. */
public final class DemoApps {

    // conformance suites send messages of 16 MiB
    /** The longest message that an app here takes. */
    public static final int MAX_ECHO_BYTES = 16 * 1024 * 1024;

    private DemoApps() {}

    /**
     * The apps by the path or pattern that they are to be registered for, in the order in which people should read of them.
     *
     * @param backends from where scripts may come by WebSocket
     * @param compression of all of them
     * @param opcodes what the dialogue has besides
     */
    public static Map<String, App> all(
            Predicate<InetAddress> backends, Compression compression, Map<String, PacketHandler> opcodes) {
        App seed = SeedApp.create(backends, opcodes);
        Map<String, App> apps = new LinkedHashMap<>();
        apps.put("/", seed);
        apps.put("/web", seed);
        apps.put("/php", seed);
        apps.put(
                "/echo",
                new EchoApp()
                        .with(AppOptions.DEFAULT.maxMessageBytes(MAX_ECHO_BYTES).rateLimited(false)));
        apps.put("/broadcast", new BroadcastApp("/broadcast"));
        apps.put(ChatApp.PATTERN, new ChatApp());
        apps.replaceAll((path, app) -> app.with(app.options().compression(compression)));
        return Collections.unmodifiableMap(apps);
    }

    /**
     * Loads what the apps need when their first JSON comes. That takes a tenth of a second, which is not to be an event loop's, nor the
     * start's.
     */
    public static void load() {
        Objects.requireNonNull(JsonNodeFactory.instance.objectNode().toString());
    }
}
