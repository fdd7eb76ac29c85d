package io.hexsocket.core.deflate;

import io.hexsocket.core.handshake.ExtensionOffer;
import io.hexsocket.core.handshake.ExtensionOffer.Parameter;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An offer of permessage-deflate that can be accepted (RFC 7692 section 7.1).
 *
 * @param serverNoContextTakeover whether the client wants each of our messages to be compressed for itself
 * @param clientNoContextTakeover whether the client tells that it compresses each message for itself
 * @param namesServerWindow whether the client limits our window, to the 15 bits that it has anyway
 */
record DeflateOffer(boolean serverNoContextTakeover, boolean clientNoContextTakeover, boolean namesServerWindow) {

    private static final String NAME = "permessage-deflate";

    // 7.1.2.1: "a decimal integer value without leading zeroes between 8 to 15, inclusive"
    private static final Pattern WINDOW_BITS = Pattern.compile("[89]|1[0-5]");

    /** The first one that can be accepted, or null. */
    static @Nullable DeflateOffer first(List<ExtensionOffer> offers) {
        for (ExtensionOffer one : offers) {
            DeflateOffer offer = one.name().equals(NAME) ? of(one.parameters()) : null;
            if (offer != null) {
                return offer;
            }
        }
        return null;
    }

    // 7: "A server MUST decline an extension negotiation offer for this extension if any of the following conditions
    // are met": a
    // parameter that no offer has, one with an invalid value, one twice, or a configuration that the server does not
    // support
    private static @Nullable DeflateOffer of(List<Parameter> parameters) {
        boolean serverNoContextTakeover = false;
        boolean clientNoContextTakeover = false;
        boolean clientWindow = false;
        boolean serverWindow = false;
        for (Parameter parameter : parameters) {
            String value = parameter.value();
            boolean seen;
            boolean valid;
            switch (parameter.name()) {
                case "server_no_context_takeover" -> {
                    seen = serverNoContextTakeover;
                    serverNoContextTakeover = true;
                    valid = value == null;
                }
                case "client_no_context_takeover" -> {
                    seen = clientNoContextTakeover;
                    clientNoContextTakeover = true;
                    valid = value == null;
                }
                // zlib inflates whatever was deflated with a smaller window than its own, so any will do
                case "client_max_window_bits" -> {
                    seen = clientWindow;
                    clientWindow = true;
                    valid = value == null || isWindowBits(parameter, value);
                }
                // java.util.zip.Deflater has a window of 15 bits and no way to make it smaller
                case "server_max_window_bits" -> {
                    seen = serverWindow;
                    serverWindow = true;
                    valid = value != null && isWindowBits(parameter, value) && value.equals("15");
                }
                default -> {
                    return null;
                }
            }
            if (seen || !valid) {
                return null;
            }
        }
        return new DeflateOffer(serverNoContextTakeover, clientNoContextTakeover, serverWindow);
    }

    private static boolean isWindowBits(Parameter parameter, String value) {
        return !parameter.quoted() && WINDOW_BITS.matcher(value).matches();
    }

    /**
     * The answer for Sec-WebSocket-Extensions. What the client may do with its window is left to it: an answer without
     * client_max_window_bits means that we take all (7.1.2.2).
     *
     * @param serverTakeover whether our messages may refer to earlier ones
     * @param clientTakeover whether the client's may
     */
    String answer(boolean serverTakeover, boolean clientTakeover) {
        StringBuilder answer = new StringBuilder(NAME);
        // 7.1.1.1: "A server MAY include [it] [...] even if the extension negotiation offer being accepted [...] didn't
        // include" it
        if (!serverTakeover) {
            answer.append("; server_no_context_takeover");
        }
        // 7.1.1.2: the same holds for the client's side
        if (!clientTakeover) {
            answer.append("; client_no_context_takeover");
        }
        // 7.1.2.1: "A server accepts an extension negotiation offer with this parameter by including" it in its
        // response
        if (namesServerWindow) {
            answer.append("; server_max_window_bits=15");
        }
        return answer.toString();
    }
}
