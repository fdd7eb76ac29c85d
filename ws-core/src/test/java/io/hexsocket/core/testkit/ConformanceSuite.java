package io.hexsocket.core.testkit;

import static io.hexsocket.core.testkit.ClientFrame.binary;
import static io.hexsocket.core.testkit.ClientFrame.close;
import static io.hexsocket.core.testkit.ClientFrame.continuation;
import static io.hexsocket.core.testkit.ClientFrame.fragments;
import static io.hexsocket.core.testkit.ClientFrame.ping;
import static io.hexsocket.core.testkit.ClientFrame.pong;
import static io.hexsocket.core.testkit.ClientFrame.text;
import static io.hexsocket.core.testkit.ConformanceCase.filled;
import static io.hexsocket.core.testkit.ConformanceCase.letters;
import static io.hexsocket.core.testkit.ConformanceCase.octets;
import static io.hexsocket.core.testkit.ConformanceCase.of;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The cases of sections 1 to 7, 9 and 10 of the Autobahn test suite, rewritten from what they specify. What is expected is what
 * RFC 6455 says and, where that leaves a choice, what this server promises: text is found not to be UTF-8 as soon as that is certain,
 * and codes that nobody may send are refused.
 */
public final class ConformanceSuite {

    private static final String KOSME = "\u03ba\u1f79\u03c3\u03bc\u03b5";
    private static final String LONG_UTF8 = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!";
    private static final byte[] BINARY = HexFormat.of().parseHex("00fffefdfcfb00ff");

    private ConformanceSuite() {}

    /** Sections 1 to 7: each fits into a segment or two. */
    public static List<ConformanceCase> small() {
        List<ConformanceCase> cases = new ArrayList<>();
        framing(cases);
        pingsAndPongs(cases);
        reservedBits(cases);
        opcodes(cases);
        fragmentation(cases);
        utf8Handling(cases);
        utf8Sequences(cases);
        closeHandling(cases);
        return cases;
    }

    /** Sections 9 and 10: megabytes, so that each is made when it is asked for. */
    public static Stream<Supplier<ConformanceCase>> large() {
        List<Supplier<ConformanceCase>> cases = new ArrayList<>();
        int[] sizes = {64, 256, 1024, 4096, 8192, 16384};
        for (int i = 0; i < sizes.length; i++) {
            int size = sizes[i] * 1024;
            String id = "." + (i + 1);
            cases.add(() ->
                    of("9.1" + id, "a text of " + size, text(letters(size))).echoed());
            cases.add(() -> of("9.2" + id, "a binary message of " + size, binary(octets(size)))
                    .echoed());
        }
        int[] fragments = {64, 256, 1024, 4 * 1024, 16 * 1024, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024};
        for (int i = 0; i < fragments.length; i++) {
            int size = fragments[i];
            String id = "." + (i + 1);
            cases.add(() -> fragmented("9.3" + id, 0x1, letters(4 * 1024 * 1024), size));
            cases.add(() -> fragmented("9.4" + id, 0x2, octets(4 * 1024 * 1024), size));
        }
        int[] chops = {64, 128, 256, 512, 1024, 2048};
        for (int i = 0; i < chops.length; i++) {
            int chop = chops[i];
            String id = "." + (i + 1);
            cases.add(() -> of("9.5" + id, "a text in chops of " + chop, text(letters(1024 * 1024)))
                    .echoed()
                    .chopped(chop));
            cases.add(() -> of("9.6" + id, "a binary message in chops of " + chop, binary(octets(1024 * 1024)))
                    .echoed()
                    .chopped(chop));
        }
        int[] payloads = {0, 16, 64, 256, 1024, 4096};
        for (int i = 0; i < payloads.length; i++) {
            int size = payloads[i];
            String id = "." + (i + 1);
            cases.add(() -> roundTrips("9.7" + id, text(letters(size))));
            cases.add(() -> roundTrips("9.8" + id, binary(octets(size))));
        }
        cases.add(() -> fragmented("10.1.1", 0x1, letters(65536), 1300));
        return cases.stream();
    }

    private static ConformanceCase fragmented(String id, int opcode, byte[] payload, int size) {
        return of(id, "a message of " + payload.length + " in fragments of " + size, fragments(opcode, payload, size))
                .answered(ServerFrame.of(opcode, payload));
    }

    private static ConformanceCase roundTrips(String id, ClientFrame frame) {
        ClientFrame[] frames = new ClientFrame[1000];
        Arrays.fill(frames, frame);
        return of(id, "a thousand messages of " + frame.payload().length, frames)
                .echoed();
    }

    // ---- 1

    private static void framing(List<ConformanceCase> cases) {
        int[] sizes = {0, 125, 126, 127, 128, 65535, 65536, 65536};
        for (int i = 0; i < sizes.length; i++) {
            int chop = i == 7 ? 997 : 0;
            byte[] star = filled(sizes[i], '*');
            byte[] fe = filled(sizes[i], 0xFE);
            cases.add(of("1.1." + (i + 1), "a text of " + sizes[i], text(star))
                    .echoed()
                    .chopped(chop));
            cases.add(of("1.2." + (i + 1), "a binary message of " + sizes[i], binary(fe))
                    .echoed()
                    .chopped(chop));
        }
    }

    // ---- 2

    private static void pingsAndPongs(List<ConformanceCase> cases) {
        byte[] longest = filled(125, 0xFE);
        cases.add(of("2.1", "a ping without payload", ping()).echoed());
        cases.add(of("2.2", "a ping with text", ping("Hello, world!")).echoed());
        cases.add(of("2.3", "a ping with binary payload", ping(BINARY)).echoed());
        cases.add(of("2.4", "a ping of 125", ping(longest)).echoed());
        cases.add(of("2.5", "a ping of 126", ping(filled(126, 0xFE))).fails(1002));
        cases.add(of("2.6", "a ping of 125 octet by octet", ping(longest))
                .echoed()
                .chopped(1));
        cases.add(of("2.7", "a pong that nobody asked for", pong()).echoed());
        cases.add(of("2.8", "a pong with payload that nobody asked for", pong(BINARY))
                .echoed());
        cases.add(of("2.9", "a pong that nobody asked for, then a ping", pong(BINARY), ping("ping payload"))
                .echoed());
        ClientFrame[] ten = new ClientFrame[10];
        for (int i = 0; i < ten.length; i++) {
            ten[i] = ping("payload-" + i);
        }
        cases.add(of("2.10", "ten pings", ten).echoed());
        cases.add(of("2.11", "ten pings octet by octet", ten).echoed().chopped(1));
    }

    // ---- 3

    private static void reservedBits(List<ConformanceCase> cases) {
        ClientFrame hello = text("Hello, world!");
        ServerFrame echo = ServerFrame.text("Hello, world!");
        cases.add(of("3.1", "RSV 1 on a text", hello.rsv(1)).fails(1002));
        cases.add(of("3.2", "a text, one with RSV 2, a ping", hello, hello.rsv(2), ping())
                .answered(echo)
                .fails(1002));
        cases.add(of("3.3", "a text, one with RSV 3, a ping", hello, hello.rsv(3), ping())
                .answered(echo)
                .fails(1002));
        cases.add(of("3.4", "a text, one with RSV 4, a ping, octet by octet", hello, hello.rsv(4), ping())
                .answered(echo)
                .fails(1002)
                .chopped(1));
        cases.add(of("3.5", "RSV 5 on a binary message", binary(BINARY).rsv(5)).fails(1002));
        cases.add(of("3.6", "RSV 6 on a ping", ping("Hello, world!").rsv(6)).fails(1002));
        cases.add(of("3.7", "RSV 7 on a close frame", close().rsv(7)).fails(1002));
    }

    // ---- 4

    private static void opcodes(List<ConformanceCase> cases) {
        byte[] payload = "reserved opcode payload".getBytes(StandardCharsets.UTF_8);
        ClientFrame hello = text("Hello, world!");
        ServerFrame echo = ServerFrame.text("Hello, world!");
        for (int base : new int[] {3, 11}) {
            String section = base == 3 ? "4.1." : "4.2.";
            cases.add(of(section + 1, "opcode " + base, ClientFrame.of(base, new byte[0]))
                    .fails(1002));
            cases.add(of(section + 2, "opcode " + (base + 1) + " with payload", ClientFrame.of(base + 1, payload))
                    .fails(1002));
            cases.add(of(
                            section + 3,
                            "a text, opcode " + (base + 2) + ", a ping",
                            hello,
                            ClientFrame.of(base + 2, new byte[0]),
                            ping())
                    .answered(echo)
                    .fails(1002));
            cases.add(of(
                            section + 4,
                            "a text, opcode " + (base + 3) + " with payload, a ping",
                            hello,
                            ClientFrame.of(base + 3, payload),
                            ping())
                    .answered(echo)
                    .fails(1002));
            cases.add(of(
                            section + 5,
                            "a text, opcode " + (base + 4) + " with payload, a ping, octet by octet",
                            hello,
                            ClientFrame.of(base + 4, payload),
                            ping())
                    .answered(echo)
                    .fails(1002)
                    .chopped(1));
        }
    }

    // ---- 5

    private static void fragmentation(List<ConformanceCase> cases) {
        ClientFrame[] two = fragments("fragment1", "fragment2");
        ServerFrame joined = ServerFrame.text("fragment1fragment2");
        ClientFrame hello = text("Hello, world!");
        ClientFrame stray = continuation("non-continuation payload");
        cases.add(of("5.1", "a ping in two fragments", ping("fragment1").notFinal(), continuation("fragment2"))
                .fails(1002));
        cases.add(of(
                        "5.2",
                        "a pong in two fragments",
                        pong("fragment1".getBytes(StandardCharsets.UTF_8)).notFinal(),
                        continuation("fragment2"))
                .fails(1002));
        cases.add(of("5.3", "a text in two fragments", two).answered(joined));
        cases.add(of("5.4", "a text in two fragments, frame by frame", two).answered(joined));
        cases.add(of("5.5", "a text in two fragments, octet by octet", two)
                .answered(joined)
                .chopped(1));
        String[] between = {"5.6", "5.7", "5.8"};
        for (int i = 0; i < 3; i++) {
            cases.add(of(between[i], "a text in two fragments with a ping between them", two[0], ping("ping"), two[1])
                    .answered(ServerFrame.pong("ping"), joined)
                    .chopped(i == 2 ? 1 : 0));
        }
        for (int i = 0; i < 3; i++) {
            cases.add(of("5." + (9 + i), "a last continuation of nothing, then a text", stray, hello)
                    .fails(1002)
                    .chopped(i == 2 ? 1 : 0));
            cases.add(of("5." + (12 + i), "a continuation of nothing, then a text", stray.notFinal(), hello)
                    .fails(1002)
                    .chopped(i == 2 ? 1 : 0));
        }
        cases.add(of(
                        "5.15",
                        "a text in two fragments, a continuation of nothing, a text",
                        two[0],
                        two[1],
                        continuation("fragment3").notFinal(),
                        text("fragment4"))
                .answered(joined)
                .fails(1002));
        ClientFrame[] twice = {
            continuation("fragment1").notFinal(), continuation("fragment2").notFinal(), text("fragment3")
        };
        cases.add(of("5.16", "a continuation of nothing before a text, twice", twice[0], twice[2], twice[0], twice[2])
                .fails(1002));
        ClientFrame last = continuation("fragment1");
        cases.add(of("5.17", "a last continuation of nothing before a text, twice", last, twice[2], last, twice[2])
                .fails(1002));
        cases.add(of("5.18", "a text in two fragments, both of which say text", two[0], text("fragment2"))
                .fails(1002));
        ClientFrame[] five = fragments("fragment1", "fragment2", "fragment3", "fragment4", "fragment5");
        for (int i = 0; i < 2; i++) {
            cases.add(of(
                            "5." + (19 + i),
                            "a text in five fragments with two pings between them",
                            five[0],
                            five[1],
                            ping("pongme 1!"),
                            five[2],
                            five[3],
                            ping("pongme 2!"),
                            five[4])
                    .answered(
                            ServerFrame.pong("pongme 1!"),
                            ServerFrame.pong("pongme 2!"),
                            ServerFrame.text("fragment1fragment2fragment3fragment4fragment5"))
                    .chopped(i));
        }
    }

    // ---- 6.1 to 6.4

    private static void utf8Handling(List<ConformanceCase> cases) {
        cases.add(of("6.1.1", "an empty text", text("")).echoed());
        cases.add(of("6.1.2", "an empty text in three fragments", fragments("", "", ""))
                .answered(ServerFrame.text("")));
        cases.add(of("6.1.3", "a text between two empty fragments", fragments("", "middle frame payload", ""))
                .answered(ServerFrame.text("middle frame payload")));
        cases.add(of("6.2.1", "a text beyond ASCII", text(LONG_UTF8)).echoed());
        cases.add(of(
                        "6.2.2",
                        "a text beyond ASCII in two fragments, cut between code points",
                        fragments("Hello-\u00b5@\u00df\u00f6\u00e4", "\u00fc\u00e0\u00e1-UTF-8!!"))
                .answered(ServerFrame.text(LONG_UTF8)));
        cases.add(inSingleOctets("6.2.3", utf8(LONG_UTF8)).answered(ServerFrame.text(LONG_UTF8)));
        cases.add(inSingleOctets("6.2.4", utf8(KOSME)).answered(ServerFrame.text(KOSME)));
        byte[] invalid = hex("cebae1bdb9cf83cebcceb5eda080656469746564");
        cases.add(of("6.3.1", "a text that is not UTF-8", text(invalid)).fails(1007));
        cases.add(inSingleOctets("6.3.2", invalid).fails(1007));

        byte[] head = hex("cebae1bdb9cf83cebcceb5");
        byte[] beyond = hex("f4908080");
        byte[] tail = hex("656469746564");
        // the message is never complete: what shows that it is not UTF-8 has to be enough
        cases.add(of(
                        "6.4.1",
                        "a second fragment that is not UTF-8",
                        text(head).notFinal(),
                        continuation(beyond).notFinal())
                .fails(1007));
        cases.add(of(
                        "6.4.2",
                        "a second fragment whose first octet makes it certain",
                        text(concat(head, hex("f4"))).notFinal(),
                        continuation(hex("90")).notFinal())
                .fails(1007));
        byte[] all = concat(head, beyond, tail);
        byte[] frame = text(all).bytes();
        int headerBytes = frame.length - all.length;
        cases.add(upTo("6.4.3", frame, headerBytes + head.length + beyond.length));
        cases.add(upTo("6.4.4", frame, headerBytes + head.length + 2));
    }

    /** The first bytes of a text frame that is not UTF-8: it fails without the rest. */
    private static ConformanceCase upTo(String id, byte[] frame, int length) {
        ClientFrame whole = text(new byte[0]);
        byte[] masked = Arrays.copyOfRange(frame, 6, length);
        byte[] payload = new byte[masked.length];
        byte[] key = Arrays.copyOfRange(frame, 2, 6);
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (masked[i] ^ key[i & 3]);
        }
        ClientFrame cut = new ClientFrame(true, 0, 0x1, true, whole.key(), 0, frame.length - 6L, payload);
        return of(id, "a part of a frame that is not UTF-8", cut).fails(1007);
    }

    private static ConformanceCase inSingleOctets(String id, byte[] payload) {
        return of(id, "a text in fragments of one octet", fragments(0x1, payload, 1));
    }

    // ---- 6.5 to 6.23

    private static void utf8Sequences(List<ConformanceCase> cases) {
        utf8(
                cases,
                5,
                true,
                "68656c6c6f24776f726c64",
                "68656c6c6fc2a2776f726c64",
                "68656c6c6fe282ac776f726c64",
                "68656c6c6ff0a4ada2776f726c64",
                "cebae1bdb9cf83cebcceb5");
        prefixes(cases);
        utf8(cases, 7, true, "00", "c280", "e0a080", "f0908080");
        utf8(cases, 8, false, "f888808080", "fc8480808080");
        utf8(cases, 9, true, "7f", "dfbf", "efbfbf", "f48fbfbf");
        utf8(cases, 10, false, "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf");
        utf8(cases, 11, true, "ed9fbf", "ee8080", "efbfbd", "f48fbfbf");
        add(cases, "6.11.5", false, hex("f4908080"));
        StringBuilder continuations = new StringBuilder();
        for (int b = 0x80; b <= 0xBF; b++) {
            continuations.append(String.format("%02x", b));
        }
        utf8(
                cases,
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
        utf8(
                cases,
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
        utf8(cases, 14, false, incomplete);
        utf8(cases, 15, false, String.join("", incomplete));
        utf8(cases, 16, false, "fe", "ff", "fefeffff");
        utf8(cases, 17, false, "c0af", "e080af", "f08080af", "f8808080af", "fc80808080af");
        utf8(cases, 18, false, "c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf");
        utf8(cases, 19, false, "c080", "e08080", "f0808080", "f880808080", "fc8080808080");
        utf8(cases, 20, false, "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf");
        utf8(
                cases,
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
        utf8(cases, 22, true, noCharacters.toArray(new String[0]));
        utf8(cases, 23, true, "efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd", "efbfbe", "efbfbf");
    }

    private static void prefixes(List<ConformanceCase> cases) {
        byte[] kosme = utf8(KOSME);
        // after these lengths a code point is complete
        List<Integer> whole = List.of(2, 5, 7, 9, 11);
        for (int length = 1; length <= kosme.length; length++) {
            add(cases, "6.6." + length, whole.contains(length), Arrays.copyOf(kosme, length));
        }
    }

    private static String lonely(int from, int to) {
        StringBuilder hex = new StringBuilder();
        for (int b = from; b < to; b++) {
            hex.append(String.format("%02x20", b));
        }
        return hex.toString();
    }

    private static void utf8(List<ConformanceCase> cases, int section, boolean valid, String... hex) {
        for (int i = 0; i < hex.length; i++) {
            add(cases, "6." + section + "." + (i + 1), valid, hex(hex[i]));
        }
    }

    private static void add(List<ConformanceCase> cases, String id, boolean valid, byte[] payload) {
        ConformanceCase one =
                of(id, (valid ? "UTF-8: " : "not UTF-8: ") + HexFormat.of().formatHex(payload), text(payload));
        cases.add(valid ? one.echoed() : one.fails(1007));
    }

    // ---- 7

    private static void closeHandling(List<ConformanceCase> cases) {
        ClientFrame hello = text("Hello World!");
        ServerFrame echo = ServerFrame.text("Hello World!");
        ServerFrame normal = ServerFrame.close(1000);
        cases.add(of("7.1.1", "a text, then a close frame", hello, close(1000))
                .answered(echo)
                .closes(normal, "1000"));
        cases.add(of("7.1.2", "two close frames", close(1000), close(1000)).closes(normal, "1000"));
        cases.add(
                of("7.1.3", "a ping after the close frame", close(1000), ping()).closes(normal, "1000"));
        cases.add(
                of("7.1.4", "a text after the close frame", close(1000), hello).closes(normal, "1000"));
        ClientFrame[] two = fragments("fragment1", "fragment2");
        cases.add(of("7.1.5", "a close frame between two fragments", two[0], close(1000), two[1])
                .closes(normal, "1000"));
        byte[] long256K = filled(256 * 1024, '*');
        cases.add(of("7.1.6", "256 KiB, a close frame, a ping", text(long256K), hello, close(1000), ping())
                .answered(ServerFrame.text(long256K), echo)
                .closes(normal, "1000"));
        cases.add(of("7.3.1", "a close frame without payload", close()).closes(ServerFrame.close(), "1005"));
        cases.add(of("7.3.2", "a close frame of one octet", close(new byte[] {'a'}))
                .fails(1002));
        cases.add(of("7.3.3", "a close frame with a code", close(1000)).closes(normal, "1000"));
        cases.add(of("7.3.4", "a close frame with a reason", close(1000, "Hello World!"))
                .closes(normal, "1000 Hello World!"));
        String longest = "*".repeat(123);
        cases.add(of("7.3.5", "a close frame with a reason of 123", close(1000, longest))
                .closes(normal, "1000 " + longest));
        cases.add(of("7.3.6", "a close frame with a reason of 124", close(1000, "*".repeat(124)))
                .fails(1002));
        byte[] reason = concat(hex("03e8"), hex("cebae1bdb9cf83cebcceb5eda080656469746564"));
        cases.add(of("7.5.1", "a reason that is not UTF-8", close(reason)).fails(1007));
        int[] valid = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
        for (int i = 0; i < valid.length; i++) {
            cases.add(of("7.7." + (i + 1), "close code " + valid[i], close(valid[i]))
                    .closes(ServerFrame.close(valid[i]), Integer.toString(valid[i])));
        }
        int[] invalid = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
        for (int i = 0; i < invalid.length; i++) {
            cases.add(of("7.9." + (i + 1), "close code " + invalid[i], close(invalid[i]))
                    .fails(1002));
        }
        cases.add(of("7.13.1", "close code 5000", close(5000)).fails(1002));
        cases.add(of("7.13.2", "close code 65535", close(65535)).fails(1002));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
