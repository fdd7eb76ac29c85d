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

    private final Access access;
    private final @Nullable Gate gate;
    /** The setting that says which paths have the gate before them. */
    private final @Nullable SettingValue paths;

    private Entrance(Access access, @Nullable Gate gate, @Nullable SettingValue paths) {
        this.access = access;
        this.gate = gate;
        this.paths = paths;
    }

    static Entrance open(Access access) throws UsageException {
        Access.Tokens tokens = access.tokens();
        if (tokens != null) {
            return new Entrance(access, tokens.open(), tokens.paths());
        }
        Access.PhpSessions sessions = access.phpSessions();
        return sessions == null
                ? new Entrance(access, null, null)
                : new Entrance(access, new PhpSessionGate(sessions.rules()), sessions.paths());
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
        Predicate<InetAddress> addresses = access.addresses();
        return addresses == null
                ? behind
                : behind.guardedBy(request -> admits(addresses, request) ? null : Admission.reject(403, REFUSAL));
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
        Predicate<InetAddress> addresses = access.addresses();
        if (addresses == null) {
            return responder;
        }
        return new HttpResponder() {
            @Override
            public CompletionStage<HttpAnswer> respond(OpeningRequest request) {
                return admits(addresses, request)
                        ? responder.respond(request)
                        : CompletableFuture.completedFuture(HttpAnswer.text(403, REFUSAL));
            }

            @Override
            public boolean acceptsPost(String path) {
                return responder.acceptsPost(path);
            }
        };
    }

    private static boolean admits(Predicate<InetAddress> addresses, OpeningRequest request) {
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
