package io.hexsocket.demo.flight;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.port.FlightRecord;
import io.hexsocket.core.port.FlightRecord.Arrival;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A {@link FlightRecord} as lines of ASCII; docs/security.md says what they mean. Pure functions. */
final class FlightFile {

    static final String FIRST_LINE = "hexsocket flight record 1";
    private static final String NO_APP = "-";
    private static final HexFormat HEX = HexFormat.of();

    private FlightFile() {}

    /** The bytes of the file are not a record, and this is why. */
    static final class BadFile extends Exception {

        private static final long serialVersionUID = 1L;

        BadFile(int line, String why) {
            super("line " + line + ": " + why);
        }
    }

    /**
     * What is in a file.
     *
     * @param limits what a client could send at this app, as far as a record tells
     */
    record Flight(FlightRecord record, Limits limits) {}

    /** The lines of the file; with blanks for what was said, or with everything. */
    static String write(FlightRecord record, Limits limits, boolean plain) {
        List<Arrival> opening = record.opening();
        List<Arrival> rest = record.rest();
        if (!plain) {
            List<Arrival> all = new ArrayList<>(opening);
            all.addAll(rest);
            List<Arrival> blank = cutLike(all, Frames.withoutContent(join(all), record.pattern() == null));
            opening = blank.subList(0, opening.size());
            rest = blank.subList(opening.size(), blank.size());
        }
        StringBuilder file = new StringBuilder(FIRST_LINE).append('\n');
        line(file, "connection", record.connection() + " from " + address(record.peer()));
        line(file, "payloads", plain ? "plain" : "blank");
        line(file, "app", record.pattern() == null ? NO_APP : record.pattern());
        line(file, "failed", record.code() + " " + record.reason());
        line(
                file,
                "limits",
                "headBytes=" + limits.headBytes() + " requestLineBytes=" + limits.requestLineBytes() + " headers="
                        + limits.headers() + " messageBytes=" + record.messageBytes() + " fragments="
                        + limits.fragments() + " pingsPerSecond=" + limits.pingsPerSecond() + " pingBurst="
                        + limits.pingBurst());
        opening.forEach(arrival -> line(file, "at", arrival.millis() + " " + HEX.formatHex(arrival.bytes())));
        line(file, "left-out", Long.toString(record.leftOut()));
        rest.forEach(arrival -> line(file, "at", arrival.millis() + " " + HEX.formatHex(arrival.bytes())));
        line(file, "lost", Long.toString(record.lost()));
        return file.toString();
    }

    private static void line(StringBuilder file, String key, String value) {
        file.append(key).append(' ').append(value).append('\n');
    }

    private static String address(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        return (address == null ? "0.0.0.0" : address.getHostAddress()) + " " + peer.getPort();
    }

    static byte[] join(List<Arrival> arrivals) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        arrivals.forEach(arrival -> all.writeBytes(arrival.bytes()));
        return all.toByteArray();
    }

    private static List<Arrival> cutLike(List<Arrival> arrivals, byte[] all) {
        List<Arrival> cut = new ArrayList<>();
        int at = 0;
        for (Arrival arrival : arrivals) {
            int end = at + arrival.bytes().length;
            cut.add(new Arrival(arrival.millis(), Arrays.copyOfRange(all, at, end)));
            at = end;
        }
        return cut;
    }

    /**
     * Reads the lines of a file.
     *
     * @throws BadFile naming the line that is wrong
     */
    static Flight read(List<String> lines) throws BadFile {
        if (lines.isEmpty() || !lines.get(0).startsWith("hexsocket flight record ")) {
            throw new BadFile(1, "this is no flight record; it would begin with \"" + FIRST_LINE + "\"");
        }
        if (!lines.get(0).equals(FIRST_LINE)) {
            throw new BadFile(1, "a flight record of another version; this program reads version 1");
        }
        return new Reading(lines).flight();
    }

    private static final class Reading {

        private final List<String> lines;
        private int number = 1;

        Reading(List<String> lines) {
            this.lines = lines;
        }

        Flight flight() throws BadFile {
            String[] connection = words("connection", 4);
            long connected = number(connection[0], Long.MAX_VALUE);
            InetSocketAddress peer = new InetSocketAddress(peer(connection[2]), (int) number(connection[3], 65_535));
            words("payloads", 1);
            String app = value("app");
            String pattern = app.equals(NO_APP) ? null : app;
            String[] failed = value("failed").split(" ", 2);
            int code = code((int) number(failed[0], 65_535), pattern == null);
            Limits limits = limits(words("limits", 7));
            List<Arrival> opening = arrivals();
            long leftOut = number(value("left-out"), Long.MAX_VALUE);
            List<Arrival> rest = arrivals();
            long lost = number(value("lost"), Long.MAX_VALUE);
            if (number < lines.size()) {
                number++;
                throw wrong("the record is over, but the file goes on");
            }
            FlightRecord record = new FlightRecord(
                    connected,
                    peer,
                    pattern,
                    code,
                    failed.length == 1 ? "" : failed[1],
                    limits.messageBytes(),
                    opening,
                    leftOut,
                    rest,
                    lost);
            return new Flight(record, limits);
        }

        private String value(String key) throws BadFile {
            number++;
            if (number > lines.size() || !lines.get(number - 1).startsWith(key + " ")) {
                throw wrong("must be \"" + key + " ...\"");
            }
            return lines.get(number - 1).substring(key.length() + 1);
        }

        private String[] words(String key, int count) throws BadFile {
            String[] words = value(key).split(" ");
            if (words.length != count) {
                throw wrong("must have " + count + " words behind \"" + key + "\"");
            }
            return words;
        }

        private List<Arrival> arrivals() throws BadFile {
            List<Arrival> arrivals = new ArrayList<>();
            while (number < lines.size() && lines.get(number).startsWith("at ")) {
                String[] words = words("at", 2);
                try {
                    arrivals.add(new Arrival(number(words[0], 1L << 40), HEX.parseHex(words[1])));
                } catch (IllegalArgumentException notHex) {
                    throw wrong("must have an even number of hexadecimal digits");
                }
            }
            return arrivals;
        }

        private long number(String digits, long most) throws BadFile {
            try {
                long value = Long.parseLong(digits);
                if (value >= 0 && value <= most) {
                    return value;
                }
            } catch (NumberFormatException noNumber) {
                // the same complaint
            }
            throw wrong("must have a whole number up to " + most);
        }

        private Limits limits(String[] words) throws BadFile {
            List<String> keys = List.of(
                    "headBytes",
                    "requestLineBytes",
                    "headers",
                    "messageBytes",
                    "fragments",
                    "pingsPerSecond",
                    "pingBurst");
            int[] values = new int[keys.size()];
            for (int i = 0; i < values.length; i++) {
                String key = keys.get(i) + "=";
                if (!words[i].startsWith(key)) {
                    throw wrong("must have " + key + "... as word " + (i + 2));
                }
                values[i] = (int) number(words[i].substring(key.length()), Integer.MAX_VALUE);
            }
            Limits all = Limits.DEFAULT;
            try {
                return new Limits(
                        values[0],
                        values[1],
                        values[2],
                        values[3],
                        values[4],
                        all.queuedBytes(),
                        values[5],
                        values[6],
                        all.aliases(),
                        all.connections(),
                        all.connectionsPerAddress(),
                        all.compressionContextBytes());
            } catch (IllegalArgumentException nonsense) {
                throw wrong(String.valueOf(nonsense.getMessage()));
            }
        }

        private int code(int code, boolean refused) throws BadFile {
            if (refused) {
                if (code != 0 && (code < 400 || code > 599)) {
                    throw wrong(code + " is no status of a refused request: use 0 or 400-599");
                }
                return code;
            }
            try {
                return new CloseStatus(code, "").code();
            } catch (IllegalArgumentException nonsense) {
                throw wrong(String.valueOf(nonsense.getMessage()));
            }
        }

        private InetAddress peer(String address) throws BadFile {
            if (!address.matches("[0-9a-fA-F.:]+(%\\w+)?")) {
                throw wrong("must name an IP address");
            }
            try {
                return InetAddress.getByName(address);
            } catch (UnknownHostException none) {
                throw wrong("must name an IP address");
            }
        }

        private BadFile wrong(String why) {
            return new BadFile(number, why);
        }
    }
}
