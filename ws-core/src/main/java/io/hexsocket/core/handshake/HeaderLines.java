package io.hexsocket.core.handshake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of one request in one array: an idle connection keeps them for as long as it lives, and strings and
 * maps would be several times as large. A look-up scans them.
 *
 * @param bytes {@code name:value\n} for each line, Latin-1, without white space around the value; not to be changed any
 *     more
 */
record HeaderLines(byte[] bytes) {

    static final HeaderLines NONE = new HeaderLines(new byte[0]);

    /** The value of the first line of that name, or null. */
    @Nullable String first(String name) {
        for (int from = 0; from < bytes.length; ) {
            int to = endOfLine(from);
            int colon = colon(from);
            if (Ascii.equalsIgnoreCase(bytes, from, colon, name)) {
                return latin1(colon + 1, to);
            }
            from = to + 1;
        }
        return null;
    }

    /** The values of all lines of that name. */
    List<String> all(String name) {
        String found = null;
        List<String> values = null;
        for (int from = 0; from < bytes.length; ) {
            int to = endOfLine(from);
            int colon = colon(from);
            if (Ascii.equalsIgnoreCase(bytes, from, colon, name)) {
                String value = latin1(colon + 1, to);
                if (found == null) {
                    found = value;
                } else {
                    if (values == null) {
                        values = new ArrayList<>(List.of(found));
                    }
                    values.add(value);
                }
            }
            from = to + 1;
        }
        // hardly a header comes twice
        return values != null ? List.copyOf(values) : found != null ? List.of(found) : List.of();
    }

    /** All lines by their names in lower case, in the order of arrival. */
    Map<String, List<String>> all() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (int from = 0; from < bytes.length; ) {
            int to = endOfLine(from);
            int colon = colon(from);
            String name = latin1(from, colon).toLowerCase(Locale.ROOT);
            all.computeIfAbsent(name, first -> new ArrayList<>()).add(latin1(colon + 1, to));
            from = to + 1;
        }
        all.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(all);
    }

    /** The same lines but those of these names. */
    HeaderLines without(List<String> names) {
        byte[] kept = new byte[bytes.length];
        int length = 0;
        for (int from = 0; from < bytes.length; ) {
            int next = endOfLine(from) + 1;
            if (!isOneOf(names, from, colon(from))) {
                System.arraycopy(bytes, from, kept, length, next - from);
                length += next - from;
            }
            from = next;
        }
        return new HeaderLines(Arrays.copyOf(kept, length));
    }

    /** The same lines with one Host, which stands last. */
    HeaderLines withHost(String authority) {
        byte[] others = without(List.of("Host")).bytes;
        byte[] host = ("Host:" + authority + "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(others, others.length + host.length);
        System.arraycopy(host, 0, all, others.length, host.length);
        return new HeaderLines(all);
    }

    private boolean isOneOf(List<String> names, int from, int to) {
        for (String name : names) {
            if (Ascii.equalsIgnoreCase(bytes, from, to, name)) {
                return true;
            }
        }
        return false;
    }

    private int colon(int from) {
        return indexOf(':', from);
    }

    private int endOfLine(int from) {
        return indexOf('\n', from);
    }

    private int indexOf(char wanted, int from) {
        int i = from;
        while (bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    private String latin1(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
