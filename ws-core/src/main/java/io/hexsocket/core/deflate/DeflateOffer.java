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
 * @param serverWindowBits what the client limits our window to, from 9 to 15; 0 if it does not
 */
record DeflateOffer(boolean serverNoContextTakeover, boolean clientNoContextTakeover, int serverWindowBits) {

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
    // are met": a parameter that no offer has, one with an invalid value, one twice, or a configuration that the server
    // does not support
    private static @Nullable DeflateOffer of(List<Parameter> parameters) {
        boolean serverNoContextTakeover = false;
        boolean clientNoContextTakeover = false;
        boolean clientWindow = false;
        int serverWindowBits = 0;
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
                // zlib.h: "a windowBits value of 8 (a window size of 256 bytes) is not supported" where zlib deflates,
                // and neither is it here
                case "server_max_window_bits" -> {
                    seen = serverWindowBits != 0;
                    valid = value != null && isWindowBits(parameter, value) && !value.equals("8");
                    serverWindowBits = valid ? Integer.parseInt(value) : 0;
                }
                default -> {
                    return null;
                }
            }
            if (seen || !valid) {
                return null;
            }
        }
        return new DeflateOffer(serverNoContextTakeover, clientNoContextTakeover, serverWindowBits);
    }

    /** How many bits our window may have. */
    int mostServerWindowBits() {
        return serverWindowBits == 0 ? DeflateStreams.WINDOW_BITS : serverWindowBits;
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
        // response "with the same or smaller value"
        if (serverWindowBits != 0) {
            answer.append("; server_max_window_bits=").append(serverWindowBits);
        }
        return answer.toString();
    }
}
