package io.hexsocket.core.routing;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.core.config.PathPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One registered app and the paths it serves. Immutable. */
public final class Route {

    private final int index;
    private final PathPattern pattern;
    private final App app;
    private final AppOptions options;
    private final List<String> segments;

    /**
     * A route.
     *
     * @param index its place among the routes, from 0
     */
    Route(int index, PathPattern pattern, App app) {
        this.index = index;
        this.pattern = pattern;
        this.app = app;
        this.options = app.options();
        this.segments = pattern.segments();
    }

    /** Its place among the routes, from 0. */
    public int index() {
        return index;
    }

    /** What the app is registered for, as {@code /rooms/{room}}. */
    public String pattern() {
        return pattern.text();
    }

    /** The app. */
    public App app() {
        return app;
    }

    /** What the app wants, asked once. */
    public AppOptions options() {
        return options;
    }

    boolean isLiteral() {
        return pattern.isLiteral();
    }

    /** The parameters if the path fits the pattern, otherwise null. */
    @Nullable Map<String, String> match(String path) {
        List<String> parts = PathPattern.segmentsOf(path);
        if (parts.size() != segments.size()) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String wanted = segments.get(i);
            String part = parts.get(i);
            if (!wanted.startsWith("{")) {
                if (!wanted.equals(part)) {
                    return null;
                }
            } else if (part.isEmpty()) {
                return null;
            } else {
                parameters.put(name(wanted), part);
            }
        }
        return Map.copyOf(parameters);
    }

    private static String name(String segment) {
        return segment.substring(1, segment.length() - 1);
    }
}
