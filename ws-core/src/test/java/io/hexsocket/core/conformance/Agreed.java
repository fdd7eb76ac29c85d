package io.hexsocket.core.conformance;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a server has agreed to of an offer of permessage-deflate (RFC 7692 section 7.1). */
final class Agreed {

    private static final Set<String> PARAMETERS = Set.of(
            "server_no_context_takeover",
            "client_no_context_takeover",
            "server_max_window_bits",
            "client_max_window_bits");

    private Agreed() {}

    /**
     * Both sides of what was agreed on.
     *
     * @param offers what the client has said
     * @param response what the server has answered, which must fit one of the offers
     */
    static Deflate deflate(String offers, String response) throws Answer.Malformed {
        Map<String, String> agreed = parameters(response);
        String trouble = "it fits no offer";
        for (String offer : offers.split(",")) {
            if (!isValid(offer)) {
                continue;
            }
            trouble = mismatch(parameters(offer), agreed);
            if (trouble.isEmpty()) {
                return new Deflate(
                        agreed.containsKey("client_no_context_takeover"),
                        agreed.containsKey("server_no_context_takeover"),
                        bits(agreed.getOrDefault("client_max_window_bits", "15")),
                        bits(agreed.getOrDefault("server_max_window_bits", "15")));
            }
        }
        throw new Answer.Malformed("to \"" + offers + "\" the server says \"" + response + "\": " + trouble);
    }

    private static boolean isValid(String offer) {
        try {
            // "server_max_window_bits" has a value in an offer, too
            return !parameters(offer)
                    .getOrDefault("server_max_window_bits", "15")
                    .isEmpty();
        } catch (Answer.Malformed nothing) {
            return false;
        }
    }

    private static String mismatch(Map<String, String> offered, Map<String, String> agreed) {
        // 7.1.1.1: the server accepts an offer with this "by including" it in its response
        if (offered.containsKey("server_no_context_takeover") && !agreed.containsKey("server_no_context_takeover")) {
            return "server_no_context_takeover was asked for";
        }
        // 7.1.2.2: without it in the offer, the response "MUST NOT include" it
        if (agreed.containsKey("client_max_window_bits") && !offered.containsKey("client_max_window_bits")) {
            return "client_max_window_bits was not offered";
        }
        // 7.1.2.1: "with the same or smaller value as the offer"
        int most = bits(offered.getOrDefault("server_max_window_bits", "15"));
        int said = bits(agreed.getOrDefault("server_max_window_bits", "15"));
        return said > most ? "a window of " + most + " bits was asked for" : "";
    }

    private static int bits(String value) {
        return value.isEmpty() ? 15 : Integer.parseInt(value);
    }

    private static Map<String, String> parameters(String extension) throws Answer.Malformed {
        Map<String, String> parameters = new HashMap<>();
        String[] parts = extension.strip().split("[ \\t]*;[ \\t]*");
        for (int i = 0; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            String value = pair.length > 1 ? pair[1] : "";
            boolean known = i == 0 ? parts[0].equals("permessage-deflate") : PARAMETERS.contains(pair[0]);
            boolean valid = pair[0].endsWith("_bits") ? value.matches("([89]|1[0-5])?") : pair.length == 1;
            if (!known || !valid || parameters.put(pair[0], value) != null) {
                throw new Answer.Malformed("\"" + extension + "\" is nothing that RFC 7692 knows");
            }
        }
        return parameters;
    }
}
