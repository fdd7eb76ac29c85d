package io.hexsocket.core.conformance;

import static io.hexsocket.core.conformance.Exchange.frameByFrame;
import static io.hexsocket.core.conformance.Exchange.send;
import static io.hexsocket.core.testkit.ClientFrame.binary;
import static io.hexsocket.core.testkit.ClientFrame.close;
import static io.hexsocket.core.testkit.ClientFrame.continuation;
import static io.hexsocket.core.testkit.ClientFrame.fragments;
import static io.hexsocket.core.testkit.ClientFrame.ping;
import static io.hexsocket.core.testkit.ClientFrame.pong;
import static io.hexsocket.core.testkit.ClientFrame.text;

import io.hexsocket.core.testkit.ClientFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Sections 1 to 7 of the Autobahn test suite, rewritten from what their cases specify: framing, control frames, UTF-8, closing. */
final class ProtocolCases {

    private static final String KOSME = "\u03ba\u1f79\u03c3\u03bc\u03b5";
    private static final String LONG_UTF8 = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!";
    private static final byte[] BINARY = HexFormat.of().parseHex("00fffefdfcfb00ff");

    private final List<Case> cases = new ArrayList<>();

    private ProtocolCases() {}

    static List<Case> all() {
        ProtocolCases all = new ProtocolCases();
        all.framing();
        all.pingsAndPongs();
        all.reservedBits();
        all.opcodes();
        all.fragmentation();
        all.utf8Handling();
        all.utf8Sequences();
        all.closeHandling();
        all.beyondAutobahn();
        return all.cases;
    }

    private void add(String id, String title, String rfc, Exchange exchange) {
        cases.add(Case.of(id, title, rfc, exchange));
    }

    /** Frames in one piece, of which each comes back, a ping as a pong. */
    private void echoed(String id, String title, String rfc, int chop, ClientFrame... frames) {
        Received[] answers = Arrays.stream(frames)
                .filter(frame -> frame.opcode() != 0xA)
                .map(Received::echoOf)
                .toArray(Received[]::new);
        add(id, title, rfc, send(frames).chopped(chop).answered(answers));
    }

    /** Frames in one piece, of which the last but one breaks a rule. */
    private void fails(String id, String title, String rfc, int code, int chop, ClientFrame... frames) {
        add(id, title, rfc, send(frames).chopped(chop).fails(code));
    }

    // ---- 1

    private void framing() {
        int[] sizes = {0, 125, 126, 127, 128, 65535, 65536, 65536};
        for (int i = 0; i < sizes.length; i++) {
            int chop = i == 7 ? 997 : 0;
            String how = sizes[i] + " bytes" + (chop == 0 ? "" : " in pieces of " + chop);
            echoed("1.1." + (i + 1), "a text of " + how, "5.2, 5.6", chop, text(filled(sizes[i], '*')));
            echoed("1.2." + (i + 1), "a binary message of " + how, "5.2, 5.6", chop, binary(filled(sizes[i], 0xFE)));
        }
    }

    // ---- 2

    private void pingsAndPongs() {
        String rfc = "5.5.2";
        byte[] longest = filled(125, 0xFE);
        byte[] unsolicited = utf8("unsolicited pong payload");
        echoed("2.1", "a ping without payload", rfc, 0, ping());
        echoed("2.2", "a ping with text", rfc, 0, ping("Hello, world!"));
        echoed("2.3", "a ping with binary payload", rfc, 0, ping(BINARY));
        echoed("2.4", "a ping of 125", rfc, 0, ping(longest));
        fails("2.5", "a ping of 126", "5.5", 1002, 0, ping(filled(126, 0xFE)));
        echoed("2.6", "a ping of 125 byte by byte", rfc, 1, ping(longest));
        echoed("2.7", "a pong that nobody asked for", "5.5.3", 0, pong());
        echoed("2.8", "a pong with payload that nobody asked for", "5.5.3", 0, pong(unsolicited));
        echoed("2.9", "a pong that nobody asked for, then a ping", "5.5.3", 0, pong(unsolicited), ping("ping payload"));
        ClientFrame[] ten = new ClientFrame[10];
        for (int i = 0; i < ten.length; i++) {
            ten[i] = ping("payload-" + i);
        }
        echoed("2.10", "ten pings", rfc, 0, ten);
        echoed("2.11", "ten pings byte by byte", rfc, 1, ten);
    }

    // ---- 3

    private void reservedBits() {
        String rfc = "5.2";
        ClientFrame hello = text("Hello, world!");
        Received echo = Received.echoOf(hello);
        fails("3.1", "RSV 1 on a text", rfc, 1002, 0, hello.rsv(1));
        add(
                "3.2",
                "a text, one with RSV 2, a ping",
                rfc,
                send(hello, hello.rsv(2), ping()).answered(echo).fails(1002));
        add(
                "3.3",
                "a text, one with RSV 3, a ping, frame by frame",
                rfc,
                frameByFrame(hello, hello.rsv(3), ping()).answered(echo).fails(1002));
        add(
                "3.4",
                "a text, one with RSV 4, a ping, byte by byte",
                rfc,
                send(hello, hello.rsv(4), ping()).chopped(1).answered(echo).fails(1002));
        fails("3.5", "RSV 5 on a binary message", rfc, 1002, 0, binary(BINARY).rsv(5));
        fails("3.6", "RSV 6 on a ping", rfc, 1002, 0, ping("Hello, world!").rsv(6));
        fails("3.7", "RSV 7 on a close frame", rfc, 1002, 0, close().rsv(7));
    }

    // ---- 4

    private void opcodes() {
        byte[] payload = utf8("reserved opcode payload");
        ClientFrame hello = text("Hello, world!");
        for (int base : new int[] {3, 11}) {
            String section = base == 3 ? "4.1." : "4.2.";
            fails(section + 1, "opcode " + base, "5.2", 1002, 0, ClientFrame.of(base, new byte[0]));
            fails(
                    section + 2,
                    "opcode " + (base + 1) + " with payload",
                    "5.2",
                    1002,
                    0,
                    ClientFrame.of(base + 1, payload));
            for (int i = 3; i <= 5; i++) {
                int opcode = base + i - 1;
                ClientFrame reserved = ClientFrame.of(opcode, i == 3 ? new byte[0] : payload);
                add(
                        section + i,
                        "a text, opcode " + opcode + ", a ping" + (i == 5 ? ", byte by byte" : ""),
                        "5.2",
                        send(hello, reserved, ping())
                                .chopped(i == 5 ? 1 : 0)
                                .answered(Received.echoOf(hello))
                                .fails(1002));
            }
        }
    }

    // ---- 5

    private void fragmentation() {
        String rfc = "5.4";
        String[] hows = {"", ", frame by frame", ", byte by byte"};
        ClientFrame[] two = fragments("fragment1", "fragment2");
        Received joined = Received.text("fragment1fragment2");
        ClientFrame hello = text("Hello, world!");
        ClientFrame stray = continuation("non-continuation payload");
        fails(
                "5.1",
                "a ping in two fragments",
                "5.5",
                1002,
                0,
                ping("fragment1").notFinal(),
                two[1]);
        fails(
                "5.2",
                "a pong in two fragments",
                "5.5",
                1002,
                0,
                pong(utf8("fragment1")).notFinal(),
                two[1]);
        for (int how = 0; how < 3; how++) {
            add(
                    "5." + (3 + how),
                    "a text in two fragments" + hows[how],
                    rfc,
                    sent(how, two).answered(joined));
            add(
                    "5." + (6 + how),
                    "a text in two fragments with a ping between them" + hows[how],
                    rfc,
                    sent(how, two[0], ping("ping payload"), two[1]).answered(Received.pong("ping payload"), joined));
            add(
                    "5." + (9 + how),
                    "a last continuation of nothing, then a text" + hows[how],
                    rfc,
                    sent(how, stray, hello).fails(1002));
            add(
                    "5." + (12 + how),
                    "a continuation of nothing, then a text" + hows[how],
                    rfc,
                    sent(how, stray.notFinal(), hello).fails(1002));
        }
        add(
                "5.15",
                "a text in two fragments, a continuation of nothing, a text",
                rfc,
                send(two[0], two[1], continuation("fragment3").notFinal(), text("fragment4"))
                        .answered(joined)
                        .fails(1002));
        for (int i = 16; i <= 17; i++) {
            ClientFrame nothing = i == 16 ? continuation("fragment1").notFinal() : continuation("fragment1");
            ClientFrame[] after = fragments("fragment2", "fragment3");
            fails(
                    "5." + i,
                    "a continuation of nothing" + (i == 16 ? "" : ", the last,")
                            + " before a text in two fragments, twice",
                    rfc,
                    1002,
                    0,
                    nothing,
                    after[0],
                    after[1],
                    nothing,
                    after[0],
                    after[1]);
        }
        fails("5.18", "a text in two fragments, both of which say text", rfc, 1002, 0, two[0], text("fragment2"));
        ClientFrame[] five = fragments("fragment1", "fragment2", "fragment3", "fragment4", "fragment5");
        for (int how = 0; how < 2; how++) {
            // the first pong comes before the message is complete
            add(
                    "5." + (19 + how),
                    "a text in five fragments with two pings between them, each answered at once" + hows[how],
                    "5.4, 5.5.2",
                    sent(how, five[0], five[1], ping("pongme 1!"))
                            .then(new Exchange.Await(1))
                            .then(sent(how, five[2], five[3], ping("pongme 2!"))
                                    .steps()
                                    .toArray(Exchange.Step[]::new))
                            .then(new Exchange.Await(1))
                            .then(five[4])
                            .answered(
                                    Received.pong("pongme 1!"),
                                    Received.pong("pongme 2!"),
                                    Received.text("fragment1fragment2fragment3fragment4fragment5")));
        }
    }

    /** In one piece, frame by frame, or byte by byte. */
    private static Exchange sent(int how, ClientFrame... frames) {
        return how == 1 ? frameByFrame(frames) : send(frames).chopped(how / 2);
    }

    // ---- 6.1 to 6.4

    private void utf8Handling() {
        String rfc = "5.6, 8.1";
        echoed("6.1.1", "an empty text", rfc, 0, text(""));
        add(
                "6.1.2",
                "an empty text in three fragments",
                rfc,
                send(fragments("", "", "")).answered(Received.text("")));
        add(
                "6.1.3",
                "a text between two empty fragments",
                rfc,
                send(fragments("", "middle frame payload", "")).answered(Received.text("middle frame payload")));
        echoed("6.2.1", "a text beyond ASCII", rfc, 0, text(LONG_UTF8));
        add(
                "6.2.2",
                "a text beyond ASCII in two fragments, cut between code points",
                rfc,
                send(fragments("Hello-\u00b5@\u00df\u00f6\u00e4", "\u00fc\u00e0\u00e1-UTF-8!!"))
                        .answered(Received.text(LONG_UTF8)));
        add(
                "6.2.3",
                "the same in fragments of one byte",
                rfc,
                send(fragments(0x1, utf8(LONG_UTF8), 1)).answered(Received.text(LONG_UTF8)));
        add(
                "6.2.4",
                "a word in Greek in fragments of one byte",
                rfc,
                send(fragments(0x1, utf8(KOSME), 1)).answered(Received.text(KOSME)));
        byte[] surrogate = hex("cebae1bdb9cf83cebcceb5eda080656469746564");
        fails("6.3.1", "a text with a surrogate", rfc, 1007, 0, text(surrogate));
        fails("6.3.2", "the same in fragments of one byte", rfc, 1007, 0, fragments(0x1, surrogate, 1));

        // U+110000, which there is not: certain with the 13th byte
        byte[] head = hex("cebae1bdb9cf83cebcceb5");
        byte[] all = hex("cebae1bdb9cf83cebcceb5f4908080656469746564");
        earlyFailure(1, "a text in three fragments, the second beyond Unicode", all, head.length, head.length + 4);
        earlyFailure(2, "the same, the second up to the byte that shows it", all, head.length + 1, head.length + 2);
    }

    /** As fragments, and as pieces of one frame. The failure is due when the second has come. */
    private void earlyFailure(int id, String title, byte[] all, int first, int second) {
        ClientFrame[] frames = {
            text(Arrays.copyOf(all, first)).notFinal(),
            continuation(Arrays.copyOfRange(all, first, second)).notFinal(),
            continuation(Arrays.copyOfRange(all, second, all.length))
        };
        // a pong shows that the first was taken
        add(
                "6.4." + id,
                title,
                "8.1",
                send(frames[0], ping("taken?"))
                        .then(new Exchange.Await(1))
                        .then(frames[1])
                        .then(new Exchange.MustHaveFailed())
                        .then(frames[2])
                        .answered(Received.pong("taken?"))
                        .fails(1007));
        byte[] frame = text(all).bytes();
        int header = frame.length - all.length;
        add(
                "6.4." + (id + 2),
                title + ", as pieces of one frame",
                "8.1",
                Exchange.of(
                                new Exchange.Send(Arrays.copyOf(frame, header + first), 0),
                                new Exchange.Send(Arrays.copyOfRange(frame, header + first, header + second), 0),
                                new Exchange.MustHaveFailed(),
                                new Exchange.Send(Arrays.copyOfRange(frame, header + second, frame.length), 0))
                        .fails(1007));
    }

    // ---- 6.5 to 6.23

    private void utf8Sequences() {
        sequences(
                5,
                true,
                "68656c6c6f24776f726c64",
                "68656c6c6fc2a2776f726c64",
                "68656c6c6fe282ac776f726c64",
                "68656c6c6ff0a4ada2776f726c64",
                "cebae1bdb9cf83cebcceb5");
        prefixes();
        sequences(7, true, "00", "c280", "e0a080", "f0908080");
        sequences(8, false, "f888808080", "fc8480808080");
        sequences(9, true, "7f", "dfbf", "efbfbf", "f48fbfbf");
        sequences(10, false, "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf");
        sequences(11, true, "ed9fbf", "ee8080", "efbfbd", "f48fbfbf");
        sequence("6.11.5", false, hex("f4908080"));
        StringBuilder continuations = new StringBuilder();
        for (int b = 0x80; b < 0xBF; b++) {
            continuations.append(HexFormat.of().toHexDigits((byte) b));
        }
        sequences(
                12,
                false,
                "80",
                "bf",
                "80bf",
                "80bf80",
                "80bf80bf",
                "80bf80bf80",
                "80bf80bf80bf",
                continuations.toString());
        sequences(
                13,
                false,
                lonely(0xC0, 0xDF),
                lonely(0xE0, 0xEF),
                lonely(0xF0, 0xF7),
                lonely(0xF8, 0xFB),
                lonely(0xFC, 0xFD));
        String[] incomplete = {
            "c0", "e080", "f08080", "f8808080", "fc80808080", "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf"
        };
        sequences(14, false, incomplete);
        sequences(15, false, String.join("", incomplete));
        sequences(16, false, "fe", "ff", "fefeffff");
        sequences(17, false, "c0af", "e080af", "f08080af", "f8808080af", "fc80808080af");
        sequences(18, false, "c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf");
        sequences(19, false, "c080", "e08080", "f0808080", "f880808080", "fc8080808080");
        sequences(20, false, "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf");
        sequences(
                21,
                false,
                "eda080edb080",
                "eda080edbfbf",
                "edadbfedb080",
                "edadbfedbfbf",
                "edae80edb080",
                "edae80edbfbf",
                "edafbfedb080",
                "edafbfedbfbf");
        List<String> noCharacters = new ArrayList<>(List.of("efbfbe", "efbfbf"));
        for (int plane = 1; plane <= 16; plane++) {
            for (int last : new int[] {0xFFFE, 0xFFFF}) {
                noCharacters.add(HexFormat.of().formatHex(utf8(Character.toString(plane << 16 | last))));
            }
        }
        sequences(22, true, noCharacters.toArray(new String[0]));
        sequences(23, true, "efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd", "efbfbe", "efbfbf");
    }

    private void prefixes() {
        byte[] kosme = utf8(KOSME);
        // after these lengths a code point is complete
        List<Integer> whole = List.of(2, 5, 7, 9, 11);
        for (int length = 1; length <= kosme.length; length++) {
            sequence("6.6." + length, whole.contains(length), Arrays.copyOf(kosme, length));
        }
    }

    private static String lonely(int from, int to) {
        StringBuilder hex = new StringBuilder();
        for (int b = from; b < to; b++) {
            hex.append(HexFormat.of().toHexDigits((byte) b)).append("20");
        }
        return hex.toString();
    }

    private void sequences(int section, boolean valid, String... hex) {
        for (int i = 0; i < hex.length; i++) {
            sequence("6." + section + "." + (i + 1), valid, hex(hex[i]));
        }
    }

    private void sequence(String id, boolean valid, byte[] payload) {
        String title = (valid ? "UTF-8: " : "not UTF-8: ") + HexFormat.of().formatHex(payload);
        if (valid) {
            echoed(id, title, "5.6", 0, text(payload));
        } else {
            fails(id, title, "8.1", 1007, 0, text(payload));
        }
    }

    // ---- 7

    private void closeHandling() {
        ClientFrame hello = text("Hello World!");
        Received echo = Received.echoOf(hello);
        String last = "1.4, 5.5.1";
        add(
                "7.1.1",
                "a text, then a close frame",
                last,
                send(hello, close(1000)).answered(echo).closes(1000));
        add("7.1.2", "two close frames", last, send(close(1000), close()).closes(1000));
        add(
                "7.1.3",
                "a ping after the close frame",
                last,
                send(close(1000), ping()).closes(1000));
        add(
                "7.1.4",
                "a text after the close frame",
                last,
                send(close(1000), hello).closes(1000));
        ClientFrame[] two = fragments("fragment1", "fragment2");
        add(
                "7.1.5",
                "a close frame between two fragments",
                "5.4, 5.5.1",
                send(two[0], close(1000), two[1]).closes(1000));
        ClientFrame long256K = text(filled(256 * 1024, '*'));
        add(
                "7.1.6",
                "256 KiB, a text, a close frame and a ping at once",
                last,
                send(long256K, hello, close(1000), ping())
                        .answered(Received.echoOf(long256K), echo)
                        .closes(1000)
                        .leftOpen("a server may answer the close frame before what it is still sending"));
        add(
                "7.3.1",
                "a close frame without payload",
                "5.5.1, 7.1.5",
                send(close()).closes(1005, 1000));
        fails("7.3.2", "a close frame of one byte", "5.5.1", 1002, 0, close(new byte[] {'a'}));
        add("7.3.3", "a close frame with a code", "5.5.1", send(close(1000)).closes(1000));
        add(
                "7.3.4",
                "a close frame with a reason",
                "5.5.1",
                send(close(1000, "Hello World!")).closes(1000));
        add(
                "7.3.5",
                "a close frame with a reason of 123",
                "5.5.1",
                send(close(1000, "*".repeat(123))).closes(1000));
        fails("7.3.6", "a close frame with a reason of 124", "5.5", 1002, 0, close(1000, "*".repeat(124)));
        byte[] reason = hex("03e8cebae1bdb9cf83cebcceb5eda080656469746564");
        // 8.1 says that it is failed, and 7.4.1 has 1007 for it; but 1002 is not wrong either
        add(
                "7.5.1",
                "a reason that is not UTF-8",
                "5.5.1, 8.1",
                send(close(reason)).fails(1007, 1002));
        int[] valid = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
        for (int i = 0; i < valid.length; i++) {
            // 5.5.1: "the endpoint typically echos the status code it received"
            add(
                    "7.7." + (i + 1),
                    "close code " + valid[i],
                    "5.5.1, 7.4",
                    send(close(valid[i])).closes(valid[i], 1000));
        }
        int[] invalid = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
        for (int i = 0; i < invalid.length; i++) {
            fails("7.9." + (i + 1), "close code " + invalid[i], "7.4.1, 7.4.2", 1002, 0, close(invalid[i]));
        }
        int[] undefined = {5000, 65535};
        for (int i = 0; i < undefined.length; i++) {
            add(
                    "7.13." + (i + 1),
                    "close code " + undefined[i],
                    "7.4.2",
                    send(close(undefined[i]))
                            .ends(new Exchange.Ends())
                            .leftOpen("RFC 6455 section 7.4.2 says nothing of codes from 5000 on"));
        }
    }

    // ---- what a broken reader of UTF-8 can do without a case of sections 6 and 7 showing it

    private void beyondAutobahn() {
        byte[] kosme = utf8(KOSME);
        for (int length : new int[] {1, 3, 4, 6, 8, 10}) {
            ClientFrame[] frames = fragments(0x1, Arrays.copyOf(kosme, length), 1);
            ClientFrame[] two = length == 1 ? fragments("", "") : frames;
            two[two.length - 1] = length == 1 ? continuation(Arrays.copyOf(kosme, 1)) : frames[length - 1];
            fails("U.1." + length, "a text in fragments that ends inside a code point", "8.1", 1007, 0, two);
        }
        String[] beyond = {"f5808080", "f6808080", "f7808080"};
        for (int i = 0; i < beyond.length; i++) {
            fails("U.2." + (i + 1), "not UTF-8: " + beyond[i], "8.1", 1007, 0, text(hex(beyond[i])));
        }
    }

    private static byte[] filled(int length, int value) {
        return LargeCases.filled(length, value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
