package io.hexsocket.apps.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RFC 8259 read as plainly as can be, one method for each rule of its grammar. What {@link PacketReader} takes has to be the same. */
final class PlainJson {

    /** A number, as written. */
    record Digits(String text) {}

    /** What is not JSON. */
    private static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final String text;
    private int at;
    private int depth;
    private boolean beyondLimits;
    private @Nullable Object value;
    private boolean isJson;

    PlainJson(String text) {
        this.text = text;
        try {
            value = value();
            isJson = at == text.length();
        } catch (NotJson broken) {
            isJson = false;
        }
    }

    boolean isJson() {
        return isJson;
    }

    /** Whether something before the first fault, if there is one, is deeper or longer than is taken. */
    boolean isBeyondLimits() {
        return beyondLimits;
    }

    /** A member of the outermost object: a string, digits, or something else; null if there is no such member. */
    @Nullable Object member(String name) {
        return value instanceof Map<?, ?> members ? members.get(name) : null;
    }

    boolean isObject() {
        return value instanceof Map;
    }

    // value, with the white space around it
    private @Nullable Object value() {
        space();
        char c = peek();
        Object read = switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string(false);
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
        space();
        return read;
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        enter();
        space();
        if (!take('}')) {
            do {
                space();
                if (peek() != '"') {
                    throw new NotJson();
                }
                String name = string(true);
                space();
                demand(take(':'));
                Object member = value();
                members.put(name, member == null ? Boolean.FALSE : member);
            } while (take(','));
            demand(take('}'));
        }
        depth--;
        return members;
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        enter();
        space();
        if (!take(']')) {
            do {
                Object element = value();
                elements.add(element == null ? Boolean.FALSE : element);
            } while (take(','));
            demand(take(']'));
        }
        depth--;
        return elements;
    }

    private void enter() {
        at++;
        if (++depth > PacketReader.MAX_DEPTH) {
            beyondLimits = true;
            throw new NotJson();
        }
    }

    private String string(boolean isName) {
        StringBuilder read = new StringBuilder();
        at++;
        while (!take('"')) {
            char c = next();
            demand(c >= 0x20);
            read.append(c == '\\' ? escape() : c);
        }
        // Jackson's own: half of a surrogate pair is taken in a value, and not in a name
        demand(!isName || StandardCharsets.UTF_8.newEncoder().canEncode(read));
        return read.toString();
    }

    private char escape() {
        char c = next();
        switch (c) {
            case '"', '\\', '/' -> {
                return c;
            }
            case 'b' -> {
                return '\b';
            }
            case 'f' -> {
                return '\f';
            }
            case 'n' -> {
                return '\n';
            }
            case 'r' -> {
                return '\r';
            }
            case 't' -> {
                return '\t';
            }
            case 'u' -> {
                demand(at + 4 <= text.length());
                String digits = text.substring(at, at + 4);
                demand(digits.matches("[0-9A-Fa-f]{4}"));
                at += 4;
                return (char) Integer.parseInt(digits, 16);
            }
            default -> throw new NotJson();
        }
    }

    private @Nullable Object literal(String word, @Nullable Object meaning) {
        demand(text.startsWith(word, at));
        at += word.length();
        return meaning;
    }

    private Digits number() {
        int from = at;
        take('-');
        if (!take('0')) {
            digits();
        }
        if (take('.')) {
            digits();
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            digits();
        }
        beyondLimits |= at - from > PacketReader.MAX_NUMBER_LENGTH;
        return new Digits(text.substring(from, at));
    }

    private void digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        demand(at > from);
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private char peek() {
        demand(at < text.length());
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private static void demand(boolean kept) {
        if (!kept) {
            throw new NotJson();
        }
    }
}
