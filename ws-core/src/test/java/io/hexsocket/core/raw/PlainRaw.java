package io.hexsocket.core.raw;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a raw client says, read as plainly as can be: strings and regular expressions, from the beginning again with every arrival. What
 * {@link RawReader} says has to be the same.
 */
final class PlainRaw {

    private static final String SPACE = " \t\n\r";
    /** A JSON string, or the part of one that is there. */
    private static final Pattern STRING =
            Pattern.compile("\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+(?:\"|\\\\?\\z)", Pattern.DOTALL);

    private final RawLimits limits;
    private final List<String> events = new ArrayList<>();
    /** What has come and is no message yet. */
    private String held = "";

    private boolean buffering;
    private boolean failed;

    PlainRaw(RawLimits limits) {
        this.limits = limits;
    }

    List<String> read(List<byte[]> arrivals) {
        for (byte[] arrival : arrivals) {
            if (failed || arrival.length == 0) {
                continue;
            }
            String text = new String(arrival, StandardCharsets.ISO_8859_1);
            if (buffering) {
                readChunk(text);
            } else {
                held += text;
                while (!failed && !buffering && readMessage()) {}
            }
        }
        return events;
    }

    /** Whether one was there. */
    private boolean readMessage() {
        while (!held.isEmpty() && SPACE.indexOf(held.charAt(0)) >= 0) {
            held = held.substring(1);
        }
        if (held.isEmpty()) {
            return false;
        }
        if (held.charAt(0) == '{') {
            return readObject();
        }
        for (String word : List.of("bufferON", "bufferOFF")) {
            if (held.startsWith(word)) {
                if (!held.substring(word.length()).matches("[ \\t\\n\\r]*+")) {
                    return fail(1002);
                }
                held = "";
                buffering = word.equals("bufferON");
                return events.add(word);
            }
        }
        boolean begun = "bufferON".startsWith(held) || "bufferOFF".startsWith(held);
        return begun ? false : fail(1002);
    }

    private boolean readObject() {
        int depth = 0;
        int at = 0;
        while (at < held.length()) {
            char c = held.charAt(at);
            if (at > limits.messageBytes()) {
                break;
            }
            if (c == '"') {
                var string = STRING.matcher(held).region(at, held.length());
                string.lookingAt();
                at = string.end();
                continue;
            }
            if ((c == '{' || c == '[') && ++depth > limits.depth()) {
                return fail(1008);
            }
            at++;
            if ((c == '}' || c == ']') && --depth == 0 && at <= limits.messageBytes()) {
                events.add(held.substring(0, at));
                held = held.substring(at);
                return true;
            }
        }
        return held.length() > limits.messageBytes() ? fail(1009) : false;
    }

    private void readChunk(String arrival) {
        if (arrival.equals("bufferOFF")) {
            if (!held.isEmpty()) {
                fail(1007);
                return;
            }
            buffering = false;
            events.add("bufferOFF");
        } else if (arrival.length() > limits.messageBytes()) {
            fail(1009);
        } else {
            String all = held + arrival;
            int cut = all.length();
            for (int back = 1; back <= Math.min(3, all.length()); back++) {
                cut = isCutCodePoint(all.substring(all.length() - back)) ? all.length() - back : cut;
            }
            events.add(all.substring(0, cut));
            held = all.substring(cut);
        }
    }

    /** Whether it is a lead byte behind which some of its bytes are missing. */
    private static boolean isCutCodePoint(String tail) {
        int lead = tail.charAt(0);
        int wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
        return tail.length() < wanted && tail.substring(1).chars().allMatch(c -> c >= 0x80 && c < 0xC0);
    }

    private boolean fail(int code) {
        events.add("fail " + code);
        failed = true;
        return false;
    }

    /** Splits an input at the byte FF, which no text holds. */
    static List<byte[]> arrivals(byte[] input) {
        List<byte[]> arrivals = new ArrayList<>();
        ByteArrayOutputStream arrival = new ByteArrayOutputStream();
        for (byte b : input) {
            if (b == (byte) 0xFF) {
                arrivals.add(arrival.toByteArray());
                arrival.reset();
            } else {
                arrival.write(b);
            }
        }
        arrivals.add(arrival.toByteArray());
        return arrivals;
    }
}
