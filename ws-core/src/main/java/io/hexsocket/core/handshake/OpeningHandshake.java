package io.hexsocket.core.handshake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server's side of the opening handshake (RFC 6455 section 4.2) as a function of the request's head. */
public final class OpeningHandshake {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_LENGTH = 24;
    private static final int KEY_DIGITS = 22;
    private static final String NGINX = "HTTP/1.1 is needed; nginx sends 1.0 unless told: proxy_http_version 1.1";

    private OpeningHandshake() {}

    /**
     * Tells an upgrade from a plain request. A request means to upgrade if its Upgrade header names websocket, or if it
     * has any of the headers Sec-WebSocket-Key, -Version, -Protocol and -Extensions: whoever sends those wants to hear
     * what is wrong with them, and not to get a page.
     *
     * @return null if the request is plain HTTP
     * @throws HttpRefusal 400, 405 or 426 if the request means to upgrade, but not as section 4.2.1 requires
     */
    public static @Nullable UpgradeRequest check(RequestHead head) throws HttpRefusal {
        // 4.2.1, 3: "An |Upgrade| header field containing the value "websocket", treated as an ASCII case-insensitive
        // value."
        boolean namesWebSocket = HeaderList.contains(head.headers("Upgrade"), "websocket");
        List<String> keys = head.headers("Sec-WebSocket-Key");
        List<String> versions = head.headers("Sec-WebSocket-Version");
        List<String> protocols = head.headers("Sec-WebSocket-Protocol");
        List<String> extensions = head.headers("Sec-WebSocket-Extensions");
        if (!namesWebSocket && keys.isEmpty() && versions.isEmpty() && protocols.isEmpty() && extensions.isEmpty()) {
            return null;
        }
        // 4.2.1: "An HTTP/1.1 or higher GET request"
        if (!head.method().equals("GET")) {
            throw new HttpRefusal(405, "A WebSocket handshake needs GET.", new HeaderField("Allow", "GET"));
        }
        if (head.isHttp10()) {
            throw HttpRefusal.badRequest(NGINX);
        }
        if (!namesWebSocket) {
            throw HttpRefusal.badRequest("a WebSocket handshake needs the header Upgrade: websocket");
        }
        // 4.2.1, 4: "A |Connection| header field that includes the token "Upgrade", treated as an ASCII
        // case-insensitive value."
        if (!HeaderList.contains(head.headers("Connection"), "upgrade")) {
            throw HttpRefusal.badRequest("a WebSocket handshake needs the header Connection: Upgrade");
        }
        // 4.2.1, 5: "A |Sec-WebSocket-Key| header field with a base64-encoded [...] value that, when decoded, is
        // 16 bytes in length."
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            throw HttpRefusal.badRequest("a WebSocket handshake needs one Sec-WebSocket-Key, 16 bytes in base64");
        }
        // 4.2.1, 6: "A |Sec-WebSocket-Version| header field, with a value of 13."
        if (!versions.equals(List.of("13"))) {
            // RFC 9110, 15.5.22: "The server MUST send an Upgrade header field in a 426 response"
            throw new HttpRefusal(
                    426,
                    "WebSocket version 13 is needed.",
                    new HeaderField("Upgrade", "websocket"),
                    new HeaderField("Sec-WebSocket-Version", "13"));
        }
        return new UpgradeRequest(accept(keys.get(0)), subprotocols(protocols), ExtensionOffer.parse(extensions));
    }

    /** The elements of Sec-WebSocket-Protocol, each once. */
    private static List<String> subprotocols(List<String> lines) throws HttpRefusal {
        if (lines.isEmpty()) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>(HeaderList.elements(lines));
        for (String name : names) {
            // 4.3: Sec-WebSocket-Protocol-Client = 1#token
            if (!Ascii.isToken(name)) {
                throw HttpRefusal.badRequest("Sec-WebSocket-Protocol must be a list of tokens");
            }
        }
        return List.copyOf(names);
    }

    // RFC 4648, 4: 16 bytes are 22 digits and two of padding. Four bits of the last digit mean nothing; 3.5 lets a
    // decoder
    // insist that they are zero, but they are not in the key that RFC 6455, 4.1 prints, nor in those of many clients
    private static boolean isKey(String key) {
        if (key.length() != KEY_LENGTH || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < KEY_DIGITS; i++) {
            char c = key.charAt(i);
            if (!Ascii.isLetterOrDigit(c) && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    // 4.2.2, 5.4: "concatenating /key/ [...] with the string "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", taking the SHA-1
    // hash of this concatenated value to obtain a 20-byte value and base64-encoding [...] this 20-byte hash"
    private static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] hash = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
