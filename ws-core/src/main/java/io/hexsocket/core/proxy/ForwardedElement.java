package io.hexsocket.core.proxy;

/**
 * What one proxy says in the header Forwarded (RFC 7239 section 4).
 *
 * @param node where its client is; empty if it does not say, or not by the rules
 * @param proto how its client came; empty as well
 */
record ForwardedElement(String node, String proto) {

    private static final ForwardedElement NOTHING = new ForwardedElement("", "");

    // 4: forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
    static ForwardedElement parse(String text) {
        String node = "";
        String proto = "";
        for (int from = 0; from <= text.length(); ) {
            int to = endOfPair(text, from);
            String pair = text.substring(from, to).strip();
            from = to + 1;
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String value = value(pair.substring(equals + 1));
            if (equals < 0 || value.isEmpty()) {
                return NOTHING;
            }
            String name = pair.substring(0, equals);
            if (name.equalsIgnoreCase("for")) {
                // 4: "Each parameter MUST NOT occur more than once per field-value."
                if (!node.isEmpty()) {
                    return NOTHING;
                }
                node = value;
            } else if (name.equalsIgnoreCase("proto")) {
                proto = value;
            }
        }
        return new ForwardedElement(node, proto);
    }

    private static int endOfPair(String text, int from) {
        boolean quoted = false;
        int i = from;
        while (i < text.length() && (quoted || text.charAt(i) != ';')) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            }
            i++;
        }
        return Math.min(i, text.length());
    }

    /** A token as it is, the content of a quoted string, or nothing if it is neither. */
    private static String value(String text) {
        if (!text.startsWith("\"")) {
            boolean isToken = text.chars().noneMatch(c -> c == '"' || c == '\\' || c == '=' || c <= ' ');
            return isToken ? text : "";
        }
        StringBuilder value = new StringBuilder();
        int last = text.length() - 1;
        for (int i = 1; i <= last; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i == last ? value.toString() : "";
            }
            if (c == '\\') {
                i++;
            }
            if (i <= last) {
                value.append(text.charAt(i));
            }
        }
        return "";
    }
}
