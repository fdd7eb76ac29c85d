package io.hexsocket.demo.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads what PHP's {@code serialize} has written, and makes no object of it: strings, whole numbers and truth values are themselves, a
 * number with a fraction is a {@link Double}, an array a {@link Map}, and everything else {@link #OTHER}. One whole value after the other, in linear time;
 * what breaks off or is of another form is an {@link IllegalArgumentException}. For one thread.
 */
final class PhpValues {

    /** An object, an enum's case, a reference: a value that is there and that nobody looks into. */
    static final Object OTHER = new Object();

    /** In the place of PHP's null. */
    static final Object NULL = new Object();

    private static final int MAX_DEPTH = 64;
    private static final Pattern FRACTION = Pattern.compile("-?[0-9]{1,20}(?:\\.[0-9]{1,20})?(?:E[+-]?[0-9]{1,3})?");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");

    private final ByteBuffer bytes;

    PhpValues(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    boolean hasNext() {
        return bytes.hasRemaining();
    }

    /** The name of a variable and the bar behind it, as PHP's own format of sessions has before each value. */
    String nextName() {
        return until('|');
    }

    Object next() {
        return next(0);
    }

    private Object next(int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed();
        }
        char kind = read();
        if (kind == 'N') {
            expect(';');
            return NULL;
        }
        expect(':');
        return switch (kind) {
            case 'b' -> bool();
            case 'i' -> Long.valueOf(wholeNumber(';'));
            case 'd' -> fraction();
            case 's' -> string(';');
            case 'a' -> array(depth);
            case 'O' -> object(depth);
            case 'C' -> custom();
            case 'E' -> {
                string(';');
                yield OTHER;
            }
            case 'r', 'R' -> {
                wholeNumber(';');
                yield OTHER;
            }
            default -> throw malformed();
        };
    }

    private Boolean bool() {
        String text = until(';');
        if (!text.equals("0") && !text.equals("1")) {
            throw malformed();
        }
        return text.equals("1");
    }

    private Double fraction() {
        String text = until(';');
        return switch (text) {
            case "NAN" -> Double.NaN;
            case "INF" -> Double.POSITIVE_INFINITY;
            case "-INF" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!FRACTION.matcher(text).matches()) {
                    throw malformed();
                }
                yield Double.valueOf(text);
            }
        };
    }

    /** {@code 5:"hello"} and what ends it. */
    private String string(char end) {
        int length = length(':');
        expect('"');
        byte[] text = new byte[length];
        bytes.get(text);
        expect('"');
        expect(end);
        return new String(text, StandardCharsets.UTF_8);
    }

    private Map<String, Object> array(int depth) {
        int count = length(':');
        expect('{');
        Map<String, Object> array = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Object key = next(depth + 1);
            if (!(key instanceof String) && !(key instanceof Long)) {
                throw malformed();
            }
            array.put(key.toString(), next(depth + 1));
        }
        expect('}');
        return array;
    }

    private Object object(int depth) {
        string(':');
        array(depth);
        return OTHER;
    }

    /** A class that writes itself: {@code C:4:"Name":3:{...}}. */
    private Object custom() {
        string(':');
        int length = length(':');
        expect('{');
        bytes.position(bytes.position() + length);
        expect('}');
        return OTHER;
    }

    /** A count of bytes or members, of which there are not more than bytes left. */
    private int length(char end) {
        long length = wholeNumber(end);
        if (length < 0 || length > bytes.remaining()) {
            throw malformed();
        }
        return (int) length;
    }

    private long wholeNumber(char end) {
        String digits = until(end);
        if (!WHOLE.matcher(digits).matches()) {
            throw malformed();
        }
        return Long.parseLong(digits);
    }

    private String until(char end) {
        int start = bytes.position();
        int at = start;
        while (at < bytes.limit() && bytes.get(at) != end) {
            at++;
        }
        if (at == bytes.limit()) {
            throw malformed();
        }
        byte[] text = new byte[at - start];
        bytes.get(text);
        bytes.get();
        return new String(text, StandardCharsets.UTF_8);
    }

    private char read() {
        if (!bytes.hasRemaining()) {
            throw malformed();
        }
        return (char) (bytes.get() & 0xFF);
    }

    private void expect(char wanted) {
        if (read() != wanted) {
            throw malformed();
        }
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("is not what PHP's serialize writes");
    }
}
