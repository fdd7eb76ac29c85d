package io.hexsocket.demo;

/** Text of unknown origin, made fit for one line of a log or a terminal. Pure functions. */
final class Printable {

    /** The longest text of a client that a log line shows; the length of a usual path or user agent. */
    static final int MAX_LENGTH = 200;

    private Printable() {}

    /** The text on one line: controls, line ends, invisible and direction-changing characters as {@code \r} or {@code \u001b}. */
    static String line(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    /** What a client sent, on one line and cut at {@value #MAX_LENGTH} characters. */
    static String cut(String text) {
        return cut(text, MAX_LENGTH);
    }

    /** The text on one line and cut. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return line(text);
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return line(text.substring(0, end)) + "…";
    }

    /** The text in quotation marks, on one line and cut: the form in which messages show a wrong value. */
    static String quoted(String text) {
        return '"' + cut(text) + '"';
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F || c >= 0xA0 && !isInvisible(c) && !Character.isSurrogate(c);
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static String escaped(String text) {
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            switch (codePoint) {
                case '\r' -> line.append("\\r");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isInvisible(codePoint)) {
                        line.append(String.format(codePoint > 0xFFFF ? "\\u{%x}" : "\\u%04x", codePoint));
                    } else {
                        line.appendCodePoint(codePoint);
                    }
                }
            }
        });
        return line.toString();
    }
}
