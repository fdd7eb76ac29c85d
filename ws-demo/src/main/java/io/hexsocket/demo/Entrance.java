package io.hexsocket.demo;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.json.PacketHandler;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.demo.access.GatedApp;
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
    private final @Nullable TokenGate tokens;

    private Entrance(Access access, @Nullable TokenGate tokens) {
        this.access = access;
        this.tokens = tokens;
    }

    static Entrance open(Access access) throws UsageException {
        Access.Tokens tokens = access.tokens();
        return new Entrance(access, tokens == null ? null : tokens.open());
    }

    /** What the dialogue of the samples has besides. */
    Map<String, PacketHandler> opcodes() {
        return tokens == null ? Map.of() : TokenOpcodes.of(tokens);
    }

    /**
     * The apps behind what stands before them; an app at several paths is one there, too.
     *
     * @throws UsageException if a path that needs a token is no app's
     */
    Map<String, App> before(Map<String, App> apps) throws UsageException {
        Predicate<String> needsToken = pathsWithToken(apps);
        Map<App, App> gated = new IdentityHashMap<>();
        Map<App, App> open = new IdentityHashMap<>();
        Map<String, App> all = new LinkedHashMap<>();
        apps.forEach((path, app) -> {
            boolean isGated = needsToken.test(path);
            all.put(path, (isGated ? gated : open).computeIfAbsent(app, one -> before(one, isGated)));
        });
        return all;
    }

    private App before(App app, boolean isGated) {
        App behind = isGated && tokens != null ? new GatedApp(app, tokens) : app;
        Predicate<InetAddress> addresses = access.addresses();
        return addresses == null
                ? behind
                : behind.guardedBy(request -> admits(addresses, request) ? null : Admission.reject(403, REFUSAL));
    }

    private Predicate<String> pathsWithToken(Map<String, App> apps) throws UsageException {
        Access.Tokens rules = access.tokens();
        if (rules == null) {
            return path -> false;
        }
        if (rules.paths().text().equals("all")) {
            return path -> true;
        }
        List<String> paths = SettingValues.items(rules.paths());
        for (String path : paths) {
            if (!apps.containsKey(path)) {
                throw new UsageException(rules.paths().label() + " has " + Printable.quoted(path)
                        + ", where no app is; apps are at " + String.join(", ", apps.keySet()));
            }
        }
        return paths::contains;
    }

    /** The same for plain HTTP, which needs no token. */
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
        if (tokens != null) {
            tokens.close();
        }
    }
}
