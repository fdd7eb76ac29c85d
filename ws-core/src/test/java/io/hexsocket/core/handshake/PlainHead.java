package io.hexsocket.core.handshake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9112 read as plainly as can be: all bytes in a string that is split again and again. What {@link HeadParser} takes has to be
 * taken here, with the same outcome, and what it refuses or waits for has to be missing here.
 *
 * @param method GET for a hello
 * @param http10 whether it came by HTTP/1.0
 * @param path decoded
 * @param query as sent, or null
 * @param fields names and values; null for the hello of a raw client
 * @param end where the head ends
 */
record PlainHead(
        String method,
        boolean http10,
        String path,
        @Nullable String query,
        @Nullable List<Field> fields,
        int end) {

    /** A header line, without the white space around its value. */
    record Field(String name, String value) {}

    static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";

    private static final String HELLO = "php process\n";
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):([\\t -~\\x80-\\xFF]*+)");
    private static final Pattern TARGET = Pattern.compile("(?i:https?://([^/?]*+))?((?:/[^?]*+)?)(?:\\?(.*+))?");
    private static final Pattern REGISTERED = Pattern.compile("(?:[-._~!$&'()*+,;=0-9A-Za-z]|%[0-9A-Fa-f]{2})++");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4})+(?:[0-9.]*+)");
    private static final Pattern LEADING_ZERO = Pattern.compile("[:.]0[0-9]+(?:\\.|$)");

    /** Null if the bytes are not the beginning of an opening, or not yet all of it. */
    static @Nullable PlainHead read(byte[] bytes, HeadLimits limits) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        return all.startsWith(HELLO) ? readHello(all, limits) : readRequest(all, limits);
    }

    private static @Nullable PlainHead readHello(String all, HeadLimits limits) {
        int end = all.indexOf('\n', HELLO.length());
        if (end < 0 || end >= limits.headBytes()) {
            return null;
        }
        String line = all.substring(HELLO.length(), end);
        if (line.length() > limits.requestLineBytes() || !line.matches("GET /[!-~]* HTTP/1\\.1")) {
            return null;
        }
        return withTarget("GET", false, line.split(" ")[1], null, end + 1);
    }

    private static @Nullable PlainHead readRequest(String all, HeadLimits limits) {
        int start = all.startsWith("\r\n") ? 2 : 0;
        int end = all.indexOf("\r\n\r\n", start) + 4;
        if (end < 4 || end > limits.headBytes()) {
            return null;
        }
        String[] lines = all.substring(start, end - 4).split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (lines.length - 1 > limits.headers()
                || lines[0].length() > limits.requestLineBytes()
                || !lines[0].matches("[ -~]+")
                || words.length != 3
                || !words[0].matches("GET|HEAD|POST")
                || !words[2].matches("HTTP/1\\.[01]")) {
            return null;
        }
        List<Field> fields = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            var field = FIELD.matcher(line);
            if (!field.matches()) {
                return null;
            }
            fields.add(new Field(field.group(1), field.group(2).replaceAll("^[ \\t]+|[ \\t]+$", "")));
        }
        boolean http10 = words[2].endsWith("0");
        PlainHead head = withTarget(words[0], http10, words[1], fields, end);
        List<String> lengths = head == null ? List.of() : head.all("Content-Length");
        boolean taken = head != null
                && (head.all("Host").size() == 1 && isAuthority(head.all("Host").get(0))
                        || http10 && head.all("Host").isEmpty())
                && (words[0].equals("POST") || head.all("Transfer-Encoding").isEmpty())
                && head.all("Expect").isEmpty()
                && (words[0].equals("POST") || lengths.isEmpty() || lengths.equals(List.of("0")));
        if (!taken) {
            return null;
        }
        authority(words[1]).ifPresent(host -> {
            fields.removeIf(field -> field.name().equalsIgnoreCase("Host"));
            fields.add(new Field("Host", host));
        });
        return head;
    }

    private static Optional<String> authority(String target) {
        var parts = TARGET.matcher(target);
        return parts.matches() ? Optional.ofNullable(parts.group(1)) : Optional.empty();
    }

    private static @Nullable PlainHead withTarget(
            String method, boolean http10, String target, @Nullable List<Field> fields, int end) {
        var parts = TARGET.matcher(target);
        if (!parts.matches() || parts.group(1) == null && !target.startsWith("/")) {
            return null;
        }
        String rawPath = parts.group(2).isEmpty() ? "/" : parts.group(2);
        String query = parts.group(3);
        String path = decode(rawPath);
        boolean taken = path != null
                && (parts.group(1) == null || isAuthority(parts.group(1)))
                && !rawPath.matches(".*[\"#<>\\\\].*")
                && (query == null || !query.matches(".*[\"#<>].*"))
                && path.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == '\\')
                && path.split("/", -1).length == rawPath.split("/", -1).length
                && Arrays.stream(path.split("/", -1)).noneMatch(segment -> segment.equals(".") || segment.equals(".."));
        return taken ? new PlainHead(method, http10, path, query, fields, end) : null;
    }

    private static @Nullable String decode(String text) {
        if (!text.matches("(?:[^%]|%[0-9A-Fa-f]{2})*+")) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.charAt(i) == '%';
            bytes.put((byte) (escape ? Integer.parseInt(text.substring(i + 1, i + 3), 16) : text.charAt(i)));
            i += escape ? 2 : 0;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    static boolean isAuthority(String text) {
        var parts =
                Pattern.compile("(\\[[^\\]]*+\\]|[^:\\[]*+)(?::([0-9]{0,5}))?").matcher(text);
        if (!parts.matches()) {
            return false;
        }
        String port = parts.group(2);
        if (port != null && !port.isEmpty() && Integer.parseInt(port) > 65535) {
            return false;
        }
        String host = parts.group(1);
        return host.startsWith("[")
                ? isIpv6(host.substring(1, host.length() - 1))
                : REGISTERED.matcher(host).matches();
    }

    // The JDK knows what "::" may stand for; what it takes besides, such as leading zeros, is refused here
    private static boolean isIpv6(String text) {
        if (!IPV6.matcher(text).matches()
                || text.contains(".") && LEADING_ZERO.matcher(text).find()) {
            return false;
        }
        try {
            InetAddress.getByName("[" + text + "]");
            return true;
        } catch (UnknownHostException none) {
            return false;
        }
    }

    /** The values of a header's lines. */
    List<String> all(String name) {
        return fields == null
                ? List.of()
                : fields.stream()
                        .filter(field -> field.name().equalsIgnoreCase(name))
                        .map(Field::value)
                        .toList();
    }

    /** The elements of a header that is a list. */
    List<String> elements(String name) {
        return all(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(element -> element.replaceAll("^[ \\t]+|[ \\t]+$", ""))
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
