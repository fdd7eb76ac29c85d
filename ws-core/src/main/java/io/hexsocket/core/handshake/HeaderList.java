package io.hexsocket.core.handshake;

import java.util.ArrayList;
import java.util.List;

/**
 * A header whose value is a list with commas (RFC 9110 section 5.6.1), in one line or several, without quoted strings.
 */
final class HeaderList {

    private HeaderList() {}

    /** The elements in their order; empty ones are left out, as 5.6.1.2 requires. */
    static List<String> elements(List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> elements = new ArrayList<>();
        for (String line : lines) {
            for (int from = 0; from <= line.length(); ) {
                int comma = line.indexOf(',', from);
                int to = comma < 0 ? line.length() : comma;
                String element = Ascii.strip(line.substring(from, to));
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                from = to + 1;
            }
        }
        return elements;
    }

    static boolean contains(List<String> lines, String token) {
        for (String element : elements(lines)) {
            if (Ascii.equalsIgnoreCase(element, token)) {
                return true;
            }
        }
        return false;
    }
}
