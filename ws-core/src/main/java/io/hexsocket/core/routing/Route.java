package io.hexsocket.core.routing;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One registered app and the paths it serves. Immutable. */
public final class Route {

    private final int index;
    private final String pattern;
    private final App app;
    private final AppOptions options;
    private final List<String> segments;

    /**
     * A route.
     *
     * @param index its place among the routes, from 0
     * @throws IllegalArgumentException if the pattern is none; the message says what is wrong with it
     */
    Route(int index, String pattern, App app) {
        this.index = index;
        this.pattern = pattern;
        this.app = app;
        this.options = app.options();
        this.segments = segments(pattern);
        checkSegments();
    }

    /** Its place among the routes, from 0. */
    public int index() {
        return index;
    }

    /** What the app is registered for, as {@code /rooms/{room}}. */
    public String pattern() {
        return pattern;
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
        return pattern.indexOf('{') < 0;
    }

    /** The parameters if the path fits the pattern, otherwise null. */
    @Nullable Map<String, String> match(String path) {
        List<String> parts = segments(path);
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

    private void checkSegments() {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("path \"" + pattern + "\" must begin with a slash");
        }
        List<String> names = new ArrayList<>();
        for (String segment : segments) {
            boolean braces = segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0;
            if (braces && !segment.matches("\\{[A-Za-z][A-Za-z0-9_]*}")) {
                throw new IllegalArgumentException("path \"" + pattern + "\": a name is a whole segment, as in"
                        + " /rooms/{room}, and consists of letters, digits and underscores; \"" + segment
                        + "\" does not");
            }
            if (braces && names.contains(segment)) {
                throw new IllegalArgumentException("path \"" + pattern + "\" has the name " + segment + " twice");
            }
            names.add(segment);
        }
    }

    private static String name(String segment) {
        return segment.substring(1, segment.length() - 1);
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
    }
}
