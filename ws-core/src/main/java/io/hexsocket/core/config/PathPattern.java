package io.hexsocket.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What an app is registered for: a path such as {@code /echo}, or one with names for whole segments such as {@code /rooms/{room}}.
 *
 * @param text as it was written
 * @since 0.2
 */
public record PathPattern(String text) {

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it is none; the message says what is wrong with it
     */
    public PathPattern {
        if (!Objects.requireNonNull(text, "pattern").startsWith("/")) {
            throw new IllegalArgumentException("path \"" + text + "\" must begin with a slash");
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new IllegalArgumentException("path \"" + text
                    + "\" must end before ? and #: a query is no part of a path," + " OpeningRequest.query has it");
        }
        List<String> names = new ArrayList<>();
        for (String segment : segmentsOf(text)) {
            if (segment.equals("*") || segment.equals("**")) {
                throw new IllegalArgumentException("path \"" + text + "\": an asterisk stands for nothing but itself;"
                        + " a segment that may be anything has a name, as in /rooms/{room}");
            }
            boolean braces = segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0;
            if (braces && !segment.matches("\\{[A-Za-z][A-Za-z0-9_]*}")) {
                throw new IllegalArgumentException("path \"" + text + "\": a name is a whole segment, as in"
                        + " /rooms/{room}, and consists of letters, digits and underscores; \"" + segment
                        + "\" does not");
            }
            if (braces && names.contains(segment)) {
                throw new IllegalArgumentException("path \"" + text + "\" has the name " + segment + " twice");
            }
            names.add(segment);
        }
    }

    /** Whether it has no names. */
    public boolean isLiteral() {
        return text.indexOf('{') < 0;
    }

    /** It without what its names are: two of the same shape match the same paths. */
    public String shape() {
        return text.replaceAll("\\{[^}]*}", "{}");
    }

    /** Its parts between slashes. */
    public List<String> segments() {
        return segmentsOf(text);
    }

    /** The parts between the slashes of a path. */
    public static List<String> segmentsOf(String path) {
        return List.of(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
    }
}
