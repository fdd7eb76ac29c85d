package io.hexsocket.core.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a header whose value is a list with commas, in one line or several, from the last to the first. What is before an
 * element does not change what it is: a client cannot make a proxy's own words part of a quoted string that it has begun.
 */
final class ReverseListReader {

    private final List<String> lines;
    private final boolean quotes;
    private int line;
    /** Where the next element of the line ends; -1 if it has none. */
    private int end;

    /**
     * Begins behind the last element.
     *
     * @param quotes whether a comma in a quoted string is none
     */
    ReverseListReader(List<String> lines, boolean quotes) {
        this.lines = lines;
        this.quotes = quotes;
        this.line = lines.size();
        this.end = -1;
    }

    /** The next element, without white space around it; null if there is none. Empty ones are left out (RFC 9110 section 5.6.1.2). */
    @Nullable String next() {
        while (true) {
            if (end < 0) {
                if (line == 0) {
                    return null;
                }
                line--;
                end = lines.get(line).length();
            }
            String text = lines.get(line);
            int comma = comma(text, end - 1);
            String element = text.substring(comma + 1, end).strip();
            end = comma;
            if (!element.isEmpty()) {
                return element;
            }
        }
    }

    private int comma(String text, int from) {
        if (!quotes) {
            return text.lastIndexOf(',', from);
        }
        boolean quoted = false;
        int i = from;
        while (i >= 0 && (quoted || text.charAt(i) != ',')) {
            if (text.charAt(i) == '"' && !isEscaped(text, i)) {
                quoted = !quoted;
            }
            i--;
        }
        return i;
    }

    // RFC 9110, 5.6.4: quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
    private static boolean isEscaped(String text, int quote) {
        int slashes = 0;
        while (slashes < quote && text.charAt(quote - 1 - slashes) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }
}
