package io.hexsocket.demo;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.json.PacketHandler;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.demo.access.Gate;
import io.hexsocket.demo.access.GatedApp;
import io.hexsocket.demo.access.PhpSessionGate;
import io.hexsocket.demo.access.TokenGate;
import io.hexsocket.demo.access.TokenOpcodes;
import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What stands before the apps and the page of a running server. */
final class Entrance implements AutoCloseable {

    private static final String REFUSAL = "Clients of this address may not connect.";

    private final LiveSettings settings;
    private final @Nullable Gate gate;
    /** The setting that says which paths have the gate before them. */
    private final @Nullable SettingValue paths;

    private Entrance(LiveSettings settings, @Nullable Gate gate, @Nullable SettingValue paths) {
        this.settings = settings;
        this.gate = gate;
        this.paths = paths;
    }

    /** With the gate that is in force now; from which addresses clients may come is asked for each. */
    static Entrance open(LiveSettings settings) throws UsageException {
        Access access = settings.now().access();
        Access.Tokens tokens = access.tokens();
        if (tokens != null) {
            return new Entrance(settings, tokens.open(), tokens.paths());
        }
        Access.PhpSessions sessions = access.phpSessions();
        return sessions == null
                ? new Entrance(settings, null, null)
                : new Entrance(settings, new PhpSessionGate(sessions.rules()), sessions.paths());
    }

    /** What the dialogue of the samples has besides. */
    Map<String, PacketHandler> opcodes() {
        return gate instanceof TokenGate tokens ? TokenOpcodes.of(tokens) : Map.of();
    }

    /**
     * The apps behind what stands before them; an app at several paths is one there, too.
     *
     * @throws UsageException if a path that is to be guarded is no app's
     */
    Map<String, App> before(Map<String, App> apps) throws UsageException {
        Predicate<String> isGuarded = guardedPaths(apps);
        Map<App, App> gated = new IdentityHashMap<>();
        Map<App, App> open = new IdentityHashMap<>();
        Map<String, App> all = new LinkedHashMap<>();
        apps.forEach((path, app) -> {
            boolean isGated = isGuarded.test(path);
            all.put(path, (isGated ? gated : open).computeIfAbsent(app, one -> before(one, isGated)));
        });
        return all;
    }

    private App before(App app, boolean isGated) {
        App behind = isGated && gate != null ? new GatedApp(app, gate) : app;
        return behind.guardedBy(request -> admits(request) ? null : Admission.reject(403, REFUSAL));
    }

    private Predicate<String> guardedPaths(Map<String, App> apps) throws UsageException {
        SettingValue setting = paths;
        if (setting == null) {
            return path -> false;
        }
        if (setting.text().equals("all")) {
            return path -> true;
        }
        List<String> listed = SettingValues.items(setting);
        for (String path : listed) {
            if (!apps.containsKey(path)) {
                throw new UsageException(setting.label() + " has " + Printable.quoted(path)
                        + ", where no app is; apps are at " + String.join(", ", apps.keySet()));
            }
        }
        return listed::contains;
    }

    /** The same for plain HTTP, which no gate is before. */
    HttpResponder before(HttpResponder responder) {
        return new HttpResponder() {
            @Override
            public CompletionStage<HttpAnswer> respond(OpeningRequest request) {
                return admits(request)
                        ? responder.respond(request)
                        : CompletableFuture.completedFuture(HttpAnswer.text(403, REFUSAL));
            }

            @Override
            public boolean acceptsPost(String path) {
                return responder.acceptsPost(path);
            }
        };
    }

    private boolean admits(OpeningRequest request) {
        Predicate<InetAddress> addresses = settings.now().access().addresses();
        if (addresses == null) {
            return true;
        }
        InetAddress address = request.remoteAddress().getAddress();
        return address != null && addresses.test(address);
    }

    @Override
    public void close() {
        if (gate != null) {
            gate.close();
        }
    }
}
