package io.hexsocket.core.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the first bytes of a connection, in any number of pieces, until they are an {@link Opening}.
 *
 * <pre>
 *                  "php process\n"
 *   FIRST_BYTES ----------------------> RAW_LINE --------> RawHello
 *        |  \
 *        |   `- 16 03: a TLS ClientHello, refused without an answer
 *        v
 *   REQUEST_LINE -> FIELD_NAME -> FIELD_VALUE -.
 *                    |     ^------------------´
 *                    `-> blank line: RequestHead
 * </pre>
 *
 * Every byte is looked at once and in order, and checked as soon as it is seen, so that how the head was cut changes
 * nothing. One for each connection, used by one thread at a time; after a result or a refusal it is used no more.
 */
public final class HeadParser {

    private enum Part {
        /** As yet it may be a raw hello, a ClientHello or HTTP. */
        FIRST_BYTES,
        /** The second line of a raw hello. */
        RAW_LINE,
        /** The request line, or the one empty line that may come before it. */
        REQUEST_LINE,
        /** A header line before its colon, or the blank line that ends the head. */
        FIELD_NAME,
        /** A header line behind its colon. */
        FIELD_VALUE
    }

    private static final byte[] RAW_HELLO = "php process\n".getBytes(StandardCharsets.US_ASCII);
    private static final String NOT_SPOKEN = "it is not switched on here, or not for the address that has connected";
    private static final String HEAD = "HEAD";
    // RFC 9110, 9.1: "All general-purpose servers MUST support the methods GET and HEAD"; who serves POST, if anybody
    // does, is known when the path is
    private static final List<String> METHODS = List.of("GET", HEAD, "POST");
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR_VERSION = 0x03;

    // who sends a head in small pieces is to cost little; browsers, whose heads are larger, send them whole
    private static final int FIRST_ROOM = 256;

    private final HeadLimits limits;

    private byte[] held = new byte[0];
    private int length;
    private int cursor;

    private Part part = Part.FIRST_BYTES;
    private boolean afterCr;
    private int lineStart;
    private int colon;
    private int headers;
    private String method = "";
    private boolean http10;
    private @Nullable RequestTarget target;

    // header lines are kept in the form of HeaderLines, in place: what has been read makes room for them
    private int keptStart;
    private int keptEnd;

    public HeadParser(HeadLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes what has arrived.
     *
     * @param in valid during the call; consumed up to the end of the head, so that what the client sent behind it is
     *     left
     * @return null if the head goes on; all of {@code in} has then been consumed
     * @throws HttpRefusal as soon as it is certain that no head will come of it; what is left in {@code in} is to be
     *     discarded
     */
    public @Nullable Opening parse(ByteBuffer in) throws HttpRefusal {
        int before = length;
        int start = in.position();
        hold(in);
        Opening opening = scan();
        if (opening != null) {
            in.position(start + cursor - before);
            held = new byte[0];
            return opening;
        }
        if (length == limits.headBytes()) {
            throw switch (part) {
                case FIRST_BYTES, REQUEST_LINE -> targetTooLong();
                case RAW_LINE -> badHello();
                case FIELD_NAME, FIELD_VALUE -> headTooLarge();
            };
        }
        return null;
    }

    /** Whether the client has sent anything: at the deadline, this makes the difference between 408 and no answer. */
    public boolean hasInput() {
        return length > 0;
    }

    /** Whether an answer must have no content, since the method is HEAD. */
    public boolean isHead() {
        return method.equals(HEAD)
                || part == Part.REQUEST_LINE && latin1(lineStart, length).startsWith(HEAD + " ");
    }

    /** Whether the client has begun like one that skips WebSocket. */
    public boolean isRaw() {
        return part == Part.RAW_LINE;
    }

    /** Whether what has come can only be HTTP. */
    public boolean isHttp() {
        return part != Part.FIRST_BYTES && part != Part.RAW_LINE;
    }

    /** Nothing comes of what it holds. */
    public void discard() {
        held = new byte[0];
    }

    /** The bytes of memory that the parser holds for the client. */
    public int heldBytes() {
        return held.length;
    }

    private void hold(ByteBuffer in) {
        int taken = Math.min(in.remaining(), limits.headBytes() - length);
        if (length + taken > held.length) {
            // what comes whole gets just the room it needs; otherwise twice as much each time keeps the work linear
            int room = Math.max(length + taken, Math.max(FIRST_ROOM, 2 * held.length));
            held = Arrays.copyOf(held, Math.min(room, limits.headBytes()));
        }
        in.get(held, length, taken);
        length += taken;
    }

    private @Nullable Opening scan() throws HttpRefusal {
        while (cursor < length) {
            int b = held[cursor++] & 0xFF;
            if (afterCr) {
                // RFC 9112, 2.2: "A recipient of such a bare CR MUST consider that element to be invalid [...]"
                if (b != '\n') {
                    throw HttpRefusal.badRequest("a CR is without its LF");
                }
                afterCr = false;
                Opening opening = onLine(cursor - 2);
                if (opening != null) {
                    return opening;
                }
                continue;
            }
            switch (part) {
                case FIRST_BYTES -> onFirstByte(b);
                case RAW_LINE -> {
                    if (b == '\n') {
                        return rawHello();
                    }
                    onRawByte(b);
                }
                case REQUEST_LINE -> onRequestLineByte(b);
                case FIELD_NAME -> onFieldNameByte(b);
                case FIELD_VALUE -> onFieldValueByte(b);
            }
        }
        return null;
    }

    private void onFirstByte(int b) throws HttpRefusal {
        if (held[0] == TLS_HANDSHAKE) {
            if (cursor == 1) {
                return;
            }
            // RFC 8446, 5.1: ContentType handshake(22), then legacy_record_version 0x0301 or 0x0303
            if (b == TLS_MAJOR_VERSION) {
                throw HttpRefusal.silent("a TLS ClientHello came to a plain port");
            }
        }
        if (held[0] == TLS_HANDSHAKE || b != RAW_HELLO[cursor - 1]) {
            part = Part.REQUEST_LINE;
            cursor = 0;
        } else if (cursor == RAW_HELLO.length) {
            part = Part.RAW_LINE;
            lineStart = cursor;
        }
    }

    private void onRawByte(int b) throws HttpRefusal {
        if (b < ' ' || b > '~') {
            throw badHello();
        }
        if (cursor - lineStart > limits.requestLineBytes()) {
            throw badHello();
        }
    }

    private RawHello rawHello() throws HttpRefusal {
        String line = latin1(lineStart, cursor - 1);
        if (!line.startsWith("GET /") || !line.endsWith(" HTTP/1.1")) {
            throw badHello();
        }
        String path = line.substring("GET ".length(), line.length() - " HTTP/1.1".length());
        if (path.indexOf(' ') >= 0) {
            throw badHello();
        }
        try {
            RequestTarget parsed = RequestTarget.parse(path);
            return new RawHello(parsed.path(), parsed.rawQuery());
        } catch (HttpRefusal e) {
            throw badHello();
        }
    }

    private void onRequestLineByte(int b) throws HttpRefusal {
        if (b == '\r') {
            afterCr = true;
            return;
        }
        if (cursor - lineStart > limits.requestLineBytes()) {
            throw targetTooLong();
        }
        // RFC 9112, 2.2 lets a recipient take a bare LF for CRLF: what was smuggled past others came through such doors
        if (b == '\n') {
            throw bareLf();
        }
        if (b < ' ' || b > '~') {
            throw HttpRefusal.badRequest("the request line holds a character that is not US-ASCII text");
        }
    }

    private void onFieldNameByte(int b) throws HttpRefusal {
        boolean first = cursor - 1 == lineStart;
        if (first && b == '\r') {
            afterCr = true;
            return;
        }
        if (b == '\n') {
            throw bareLf();
        }
        // RFC 9112, 5.2: "A server that receives an obs-fold in a request message [...] MUST either reject the
        // message [...]"
        if (first && Ascii.isBlank(b)) {
            throw HttpRefusal.badRequest("a header line begins with white space");
        }
        if (first && ++headers > limits.headers()) {
            throw new HttpRefusal(431, "The request has too many headers.");
        }
        if (b == ':' && !first) {
            colon = cursor - 1;
            part = Part.FIELD_VALUE;
        } else if (!Ascii.isTokenChar(b)) {
            // RFC 9112, 5.1: "A server MUST reject, with a response status code of 400 (Bad Request), any received
            // request message that contains whitespace between a header field name and colon."
            throw HttpRefusal.badRequest("a header line has no name that is a token with a colon behind it");
        }
    }

    private void onFieldValueByte(int b) throws HttpRefusal {
        if (b == '\r') {
            afterCr = true;
        } else if (b == '\n') {
            throw bareLf();
        } else if (b < ' ' && b != '\t' || b == 0x7F) {
            // RFC 9110, 5.5: field-vchar = VCHAR / obs-text
            throw HttpRefusal.badRequest("the value of a header holds a control character");
        }
    }

    private @Nullable Opening onLine(int lineEnd) throws HttpRefusal {
        switch (part) {
            case REQUEST_LINE -> onRequestLine(lineEnd);
            case FIELD_VALUE -> {
                keepHeader(lineEnd);
                part = Part.FIELD_NAME;
            }
            case FIELD_NAME -> {
                return requestHead();
            }
            case FIRST_BYTES, RAW_LINE -> throw new IllegalStateException("no CR is taken in " + part);
        }
        lineStart = cursor;
        return null;
    }

    private void onRequestLine(int lineEnd) throws HttpRefusal {
        if (lineEnd == lineStart) {
            // RFC 9112, 2.2: "a server [...] SHOULD ignore at least one empty line (CRLF) received prior to the
            // request-line"
            if (lineStart > 0) {
                // so does a header of version 2
                throw HttpRefusal.badRequest(
                        "the request begins with empty lines; if that is the PROXY protocol, " + NOT_SPOKEN);
            }
            return;
        }
        String line = latin1(lineStart, lineEnd);
        String[] words = line.split(" ", -1);
        if (!Ascii.isToken(words[0])) {
            throw HttpRefusal.badRequest("the method is no token");
        }
        method = words[0];
        if (method.equals("PROXY")) {
            throw HttpRefusal.badRequest("this is no HTTP but the PROXY protocol; " + NOT_SPOKEN);
        }
        if (words.length == 2) {
            throw versionNotSupported();
        }
        // RFC 9112, 3: request-line = method SP request-target SP HTTP-version
        if (words.length != 3 || words[1].isEmpty() || words[2].isEmpty()) {
            throw HttpRefusal.badRequest("the request line is not made of three words with single spaces between");
        }
        // health checks come by 1.0
        http10 = words[2].equals("HTTP/1.0");
        if (!http10 && !words[2].equals("HTTP/1.1")) {
            throw versionNotSupported();
        }
        if (!METHODS.contains(method)) {
            throw HttpRefusal.methodNotAllowed();
        }
        target = RequestTarget.parse(words[1]);
        part = Part.FIELD_NAME;
        keptStart = cursor;
        keptEnd = cursor;
    }

    private void keepHeader(int lineEnd) {
        int from = colon + 1;
        int to = lineEnd;
        while (from < to && Ascii.isBlank(held[from])) {
            from++;
        }
        while (from < to && Ascii.isBlank(held[to - 1])) {
            to--;
        }
        int nameAndColon = colon + 1 - lineStart;
        System.arraycopy(held, lineStart, held, keptEnd, nameAndColon);
        keptEnd += nameAndColon;
        System.arraycopy(held, from, held, keptEnd, to - from);
        keptEnd += to - from;
        held[keptEnd++] = '\n';
    }

    private RequestHead requestHead() throws HttpRefusal {
        RequestTarget parsed = target;
        if (parsed == null) {
            throw new IllegalStateException("the head ended before its request line");
        }
        HeaderLines lines = new HeaderLines(Arrays.copyOfRange(held, keptStart, keptEnd));
        checkHost(lines.all("Host"));
        boolean hasContent = hasContent(lines);
        // who takes POST, if anybody does, is to refuse its content
        if (hasContent && !method.equals("POST")) {
            throw HttpRefusal.content();
        }
        // RFC 9110, 10.1.1: without content there is nothing to expect
        if (lines.first("Expect") != null) {
            throw new HttpRefusal(417, "No expectation is met here.");
        }
        String authority = parsed.authority();
        if (authority != null) {
            // RFC 9112, 3.2.2: "the origin server MUST ignore the received Host header field (if any) and instead use
            // the host information of the request-target"
            lines = lines.withHost(authority);
        }
        return new RequestHead(method, http10, parsed.path(), parsed.rawQuery(), lines, hasContent);
    }

    private void checkHost(List<String> hosts) throws HttpRefusal {
        // RFC 9112, 3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message
        // that lacks a Host header field and to any request message that contains more than one Host header field
        // line or a Host header field with an invalid field value."
        if (hosts.isEmpty() && http10) {
            return;
        }
        if (hosts.size() != 1 || Authority.parse(hosts.get(0)) == null) {
            throw HttpRefusal.badRequest("exactly one Host header with a host and perhaps a port is needed");
        }
    }

    private static boolean hasContent(HeaderLines lines) {
        List<String> lengths = lines.all("Content-Length");
        return lines.first("Transfer-Encoding") != null || !lengths.isEmpty() && !lengths.equals(List.of("0"));
    }

    private String latin1(int from, int to) {
        return new String(held, from, to - from, StandardCharsets.ISO_8859_1);
    }

    // whoever says "php process" does not read HTTP, and need not learn whether the door would have been open
    private static HttpRefusal badHello() {
        return HttpRefusal.silent("the hello of a raw client has no second line like GET /path HTTP/1.1");
    }

    private static HttpRefusal bareLf() {
        return HttpRefusal.badRequest("a line ends in LF, must end in CRLF");
    }

    private static HttpRefusal targetTooLong() {
        return new HttpRefusal(414, "The request line is too long.");
    }

    private static HttpRefusal headTooLarge() {
        return new HttpRefusal(431, "The head of the request is too large.");
    }

    private static HttpRefusal versionNotSupported() {
        return new HttpRefusal(505, "Only HTTP/1.1 is spoken here.");
    }
}
