package io.hexsocket.demo.admin;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that may be answered.
 *
 * @param client who asks
 * @param path without the query
 * @param query its parameters, decoded
 * @param idempotencyKey the header of this name, or null
 * @param body empty if there is none
 */
record Request(
        InetSocketAddress client,
        String path,
        Map<String, String> query,
        @Nullable String idempotencyKey,
        byte[] body) {

    private static final int DIGITS = 18;

    /** A parameter, or null. */
    @Nullable String text(String name) {
        return query.get(name);
    }

    /** A parameter that is a whole number. */
    long number(String name, long preset, long least, long most) throws Refusal {
        String text = query.get(name);
        if (text == null) {
            return preset;
        }
        boolean isNumber = text.matches("[0-9]{1," + DIGITS + "}");
        long number = isNumber ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw new Refusal(
                    400,
                    "the parameter " + name + " is " + Json.quoted(text) + ", must be a whole number between " + least
                            + " and " + most);
        }
        return number;
    }

    /** A misspelt parameter would otherwise be a filter that does nothing. */
    void onlyParameters(Set<String> known) throws Refusal {
        for (String name : query.keySet()) {
            if (!known.contains(name)) {
                throw new Refusal(
                        400,
                        "unknown parameter " + Json.quoted(name) + "; " + path + " knows "
                                + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
    }
}
