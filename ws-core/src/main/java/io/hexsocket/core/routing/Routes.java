package io.hexsocket.core.routing;

import io.hexsocket.apps.App;
import io.hexsocket.core.config.PathPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the app of a path. A literal path comes before every pattern; patterns are tried in the order of registration. Immutable. */
public final class Routes {

    private final List<Route> all = new ArrayList<>();
    private final Map<String, Route> literal = new HashMap<>();
    private final List<Route> patterns = new ArrayList<>();

    /**
     * Builds the routes.
     *
     * @param apps by patterns that a {@code ServerConfig} has taken
     */
    public Routes(Map<String, App> apps) {
        apps.forEach((pattern, app) -> {
            Route route = new Route(all.size(), new PathPattern(pattern), app);
            all.add(route);
            if (route.isLiteral()) {
                literal.put(pattern, route);
            } else {
                patterns.add(route);
            }
        });
    }

    /** All routes, in the order of registration. */
    public List<Route> all() {
        return List.copyOf(all);
    }

    /** The route for a path that has been decoded, or null. */
    public @Nullable Match match(String path) {
        Route exact = literal.get(path);
        if (exact != null) {
            return new Match(exact, Map.of());
        }
        for (Route route : patterns) {
            Map<String, String> parameters = route.match(path);
            if (parameters != null) {
                return new Match(route, parameters);
            }
        }
        return null;
    }

    /** The route that is registered for exactly this pattern, or null. */
    public @Nullable Route find(String pattern) {
        for (Route route : all) {
            if (route.pattern().equals(pattern)) {
                return route;
            }
        }
        return null;
    }

    /**
     * A path's route.
     *
     * @param route the route
     * @param parameters the values that the path has where the pattern has names
     */
    public record Match(Route route, Map<String, String> parameters) {}
}
