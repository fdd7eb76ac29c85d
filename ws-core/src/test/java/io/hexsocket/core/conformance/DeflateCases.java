package io.hexsocket.core.conformance;

import io.hexsocket.core.conformance.Case.Agreement;
import io.hexsocket.core.conformance.Case.Upgrade;
import io.hexsocket.core.testkit.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/**
 * permessage-deflate: sections 12 and 13 of the Autobahn test suite, rewritten from what their cases specify, on contents of our own that
 * compress as theirs do; and what RFC 7692 says of offers, of blocks and of streams that are corrupt.
 */
final class DeflateCases {

    private static final String DEFAULT_OFFER =
            "permessage-deflate; client_no_context_takeover; client_max_window_bits";
    private static final int KIB = 1024;

    /** Bytes a message, and bytes a fragment. */
    private static final int[][] SIZES = {
        {16, 0},
        {64, 0},
        {256, 0},
        {KIB, 0},
        {4 * KIB, 0},
        {8 * KIB, 0},
        {16 * KIB, 0},
        {32 * KIB, 0},
        {64 * KIB, 0},
        {128 * KIB, 0},
        {8 * KIB, 256},
        {16 * KIB, 256},
        {32 * KIB, 256},
        {64 * KIB, 256},
        {128 * KIB, 256},
        {128 * KIB, KIB},
        {128 * KIB, 4 * KIB},
        {128 * KIB, 32 * KIB}
    };

    /** What messages are made of. */
    private enum Content {
        JSON(true),
        PICTURE(false),
        PROSE(false),
        HTML(true),
        PDF(false);

        private final boolean text;
        private byte[] made = {};

        Content(boolean text) {
            this.text = text;
        }

        /** A piece of it, from a place that the number of the message decides. */
        byte[] piece(int number, int length) {
            byte[] all = all();
            byte[] piece = new byte[length];
            int from = (int) ((long) number * length % all.length);
            for (int at = 0; at < length; ) {
                int run = Math.min(length - at, all.length - from);
                System.arraycopy(all, from, piece, at, run);
                at += run;
                from = 0;
            }
            return piece;
        }

        private synchronized byte[] all() {
            if (made.length == 0) {
                made = make(new Random(ordinal()));
            }
            return made;
        }

        private byte[] make(Random random) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; out.size() < 200 * KIB; i++) {
                out.writeBytes(
                        switch (this) {
                            case JSON ->
                                ascii("{\"id\":%d,\"name\":\"%s\",\"tags\":[\"%s\",\"%s\"],\"at\":%.5f,\"on\":%b},\n"
                                        .formatted(
                                                i,
                                                word(random),
                                                word(random),
                                                word(random),
                                                random.nextDouble(),
                                                random.nextBoolean()));
                            case PICTURE -> row(random, i);
                            case PROSE ->
                                (word(random) + (i % 11 == 10 ? ",\r\n" : " ")).getBytes(StandardCharsets.ISO_8859_1);
                            case HTML ->
                                ascii("<li class=\"%s\"><a href=\"/%s/%d\">%s %s</a></li>\n"
                                        .formatted(word(random), word(random), i, word(random), word(random)));
                            case PDF -> stream(random, i);
                        });
            }
            return out.toByteArray();
        }

        private static byte[] ascii(String text) {
            return text.replace('\u00e4', 'a').getBytes(StandardCharsets.US_ASCII);
        }

        /** Common words more often than others, as people use them. */
        private static String word(Random random) {
            int rank = (int) Math.abs(random.nextGaussian() * 60);
            Random letters = new Random(rank);
            StringBuilder word = new StringBuilder();
            for (int i = 0; i < 2 + rank % 7; i++) {
                word.append("etaoinshrdlu\u00e4".charAt(letters.nextInt(13)));
            }
            return word.toString();
        }

        /** Grey that changes slowly, with noise. */
        private static byte[] row(Random random, int y) {
            byte[] row = new byte[512];
            for (int x = 0; x < row.length; x++) {
                row[x] = (byte) (128 + 60 * Math.sin(x / 40.0) * Math.cos(y / 25.0) + 3 * random.nextGaussian());
            }
            return row;
        }

        /** What is compressed already, between lines that are not. */
        private static byte[] stream(Random random, int number) {
            byte[] stream = new byte[2000];
            random.nextBytes(stream);
            byte[] head =
                    ascii("%d 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n".formatted(number, stream.length));
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(head);
            both.writeBytes(stream);
            return both.toByteArray();
        }
    }

    private final List<Case> cases = new ArrayList<>();

    private DeflateCases() {}

    static List<Case> all() {
        DeflateCases all = new DeflateCases();
        for (Content content : Content.values()) {
            all.roundTrips("12." + (content.ordinal() + 1) + ".", content, DEFAULT_OFFER);
        }
        String parameters = "; client_no_context_takeover; client_max_window_bits";
        String forgetting = "permessage-deflate; server_no_context_takeover";
        String[] offers = {
            DEFAULT_OFFER,
            forgetting + parameters,
            "permessage-deflate; server_max_window_bits=9" + parameters,
            "permessage-deflate; server_max_window_bits=15" + parameters,
            forgetting + "; server_max_window_bits=9" + parameters,
            forgetting + "; server_max_window_bits=15" + parameters,
            forgetting + "; server_max_window_bits=9" + parameters + ", " + forgetting + parameters + ", "
                    + DEFAULT_OFFER
        };
        for (int i = 0; i < offers.length; i++) {
            all.roundTrips("13." + (i + 1) + ".", Content.JSON, offers[i]);
        }
        all.offers();
        all.streams();
        return all.cases;
    }

    private void add(String id, String title, String rfc, String offer, Function<Scale, Exchange> exchange) {
        cases.add(new Case(id, title, rfc, new Upgrade(false, offer, Agreement.FREE), exchange));
    }

    // ---- 12 and 13

    private void roundTrips(String ids, Content content, String offer) {
        for (int i = 0; i < SIZES.length; i++) {
            int size = SIZES[i][0];
            int fragment = SIZES[i][1];
            String title = "%s of %d%s, \"%s\""
                    .formatted(
                            content.name().toLowerCase(Locale.ROOT),
                            size,
                            fragment == 0 ? "" : " in fragments of " + fragment,
                            offer.replace("permessage-deflate", "deflate"));
            add(ids + (i + 1), title, "RFC 7692 7", offer, scale -> roundTrips(content, size, fragment, scale));
        }
    }

    private static Exchange roundTrips(Content content, int size, int fragment, Scale scale) {
        int opcode = content.text ? Received.TEXT : Received.BINARY;
        List<Exchange.Step> steps = new ArrayList<>();
        List<Received> answers = new ArrayList<>();
        for (int i = 0; i < scale.of(size); i++) {
            byte[] piece = content.piece(i, size);
            steps.add(new Exchange.SendMessage(opcode, piece, fragment));
            steps.add(new Exchange.Await(1));
            answers.add(Received.of(opcode, piece));
        }
        return new Exchange(steps, answers, new Exchange.StaysOpen(), "");
    }

    // ---- RFC 7692 sections 5 and 7.1

    private void offers() {
        String deflate = "permessage-deflate; ";
        String[] declined = {
            "permessage-deflate; x",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_no_context_takeover=true",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
            "permessage-deflate; server_max_window_bits",
            deflate + "server_max_window_bits=7",
            deflate + "server_max_window_bits=16",
            deflate + "server_max_window_bits=015",
            deflate + "server_max_window_bits=+15",
            deflate + "client_max_window_bits=7",
            deflate + "client_max_window_bits=16",
            deflate + "client_max_window_bits=08",
            deflate + "client_max_window_bits=1e1",
            "x-webkit-deflate-frame",
            "permessage-deflate2",
            "permessage-bzip2"
        };
        ClientFrame hello = ClientFrame.text("Hello");
        for (int i = 0; i < declined.length; i++) {
            Exchange echo = Exchange.send(hello).answered(Received.echoOf(hello));
            Upgrade upgrade = new Upgrade(false, declined[i], Agreement.NONE);
            // "A server MUST decline an extension negotiation offer for this extension if any of the following..."
            cases.add(new Case("D.1." + (i + 1), "declined: " + declined[i], "RFC 7692 7.1", upgrade, scale -> echo));
            // 5: "the order of elements is important": the next one is tried
            if (i < 14) {
                String offer = declined[i] + ", permessage-deflate";
                add("D.2." + (i + 1), "the next one: " + offer, "RFC 7692 5, 7.1", offer, echoes());
            }
        }
        String[] accepted = {
            "permessage-deflate",
            "x-unknown, permessage-deflate",
            deflate + "client_max_window_bits=8",
            deflate + "client_max_window_bits=15; server_no_context_takeover",
            "permessage-deflate; client_no_context_takeover; server_no_context_takeover"
        };
        for (int i = 0; i < accepted.length; i++) {
            add("D.3." + (i + 1), "offered: " + accepted[i], "RFC 7692 7.1", accepted[i], echoes());
        }
    }

    private static Function<Scale, Exchange> echoes() {
        return scale -> roundTrips(Content.JSON, 1000, 0, scale);
    }

    // ---- RFC 7692 sections 6 and 7.2

    private void streams() {
        String rfc = "RFC 7692 7.2.3";
        stream("D.4.1", "the example with a block that is compressed", rfc, "f248cdc9c90700", "Hello");
        stream("D.4.2", "the example with a block that is not", rfc, "000500faff48656c6c6f00", "Hello");
        stream("D.4.3", "the example with BFINAL set", "RFC 7692 7.2.3.4", "f348cdc9c9070000", "Hello");
        stream("D.4.4", "the example with two blocks", "RFC 7692 7.2.3.5", "f24805000000ffff" + "cac9c90700", "Hello");
        stream("D.4.5", "the example of an empty message", "RFC 7692 7.2.3.6", "00", "");
        stream("D.4.6", "an empty message with a block of its own", "RFC 7692 7.2.3.6", "0200", "");
        add(
                "D.4.7",
                "the example of a message in two fragments",
                "RFC 7692 7.2.3.1",
                DEFAULT_OFFER,
                scale -> Exchange.send(
                                compressed(Received.TEXT, "f248cd").notFinal(),
                                ClientFrame.continuation(hex("c9c90700")))
                        .answered(Received.text("Hello")));
        add(
                "D.4.8",
                "a ping between two fragments",
                "RFC 7692 6.1",
                DEFAULT_OFFER,
                scale -> Exchange.send(
                                compressed(Received.TEXT, "f248cd").notFinal(),
                                ClientFrame.ping("ping"),
                                ClientFrame.continuation(hex("c9c90700")))
                        .answered(Received.pong("ping"), Received.text("Hello")));
        add(
                "D.4.9",
                "a message that is not compressed between two that are",
                "RFC 7692 6",
                DEFAULT_OFFER,
                scale -> Exchange.send(
                                compressed(Received.TEXT, "f248cdc9c90700"),
                                ClientFrame.text("plain"),
                                compressed(Received.TEXT, "f248cdc9c90700"))
                        .answered(Received.text("Hello"), Received.text("plain"), Received.text("Hello")));
        ClientFrame hello = compressed(Received.TEXT, "f248cdc9c90700");
        fails(
                "D.5.1",
                "RSV1 on a continuation",
                "RFC 7692 6.1",
                1002,
                ClientFrame.text("a").notFinal(),
                ClientFrame.continuation("b").rsv(4));
        fails(
                "D.5.2",
                "RSV1 on a ping",
                "RFC 7692 6.1",
                1002,
                ClientFrame.ping("a").rsv(4));
        fails(
                "D.5.3",
                "RSV1 on a close frame",
                "RFC 7692 6.1",
                1002,
                ClientFrame.close(1000).rsv(4));
        fails("D.5.4", "RSV2 on a compressed message", "5.2", 1002, hello.rsv(6));
        fails("D.5.5", "RSV3 on a compressed message", "5.2", 1002, hello.rsv(5));
        // RFC 7692 does not name the code of a stream that cannot be inflated
        String[] corrupt = {"ffffffff", "0605", "000500fafe48656c6c6f", "789cf248cdc9c90700", "42230000"};
        for (int i = 0; i < corrupt.length; i++) {
            String stream = corrupt[i];
            add(
                    "D.5." + (6 + i),
                    "a stream that cannot be inflated: " + stream,
                    "RFC 7692 7.2.2",
                    DEFAULT_OFFER,
                    scale -> Exchange.send(compressed(Received.BINARY, stream)).fails(1002, 1003, 1007, 1011));
        }
        fails(
                "D.5.11",
                "a text that is not UTF-8 once it is inflated",
                "8.1",
                1007,
                compressed(Received.TEXT, "fa0f00"));
        add(
                "D.6.1",
                "64 MiB of zeros in 64 KiB",
                "7.4.1",
                DEFAULT_OFFER,
                scale -> Exchange.of(new Exchange.SendMessage(Received.BINARY, new byte[64 * KIB * KIB], 0))
                        .fails(1009));
        add(
                "D.6.2",
                "64 MiB of zeros in 64 KiB in fragments of 700",
                "7.4.1",
                DEFAULT_OFFER,
                scale -> Exchange.of(new Exchange.SendMessage(Received.BINARY, new byte[64 * KIB * KIB], 700))
                        .fails(1009));
    }

    private void stream(String id, String title, String rfc, String payload, String message) {
        add(
                id,
                title,
                rfc,
                DEFAULT_OFFER,
                scale -> Exchange.send(compressed(Received.TEXT, payload)).answered(Received.text(message)));
    }

    private void fails(String id, String title, String rfc, int code, ClientFrame... frames) {
        add(id, title, rfc, DEFAULT_OFFER, scale -> Exchange.send(frames).fails(code));
    }

    private static ClientFrame compressed(int opcode, String payload) {
        return ClientFrame.of(opcode, hex(payload)).rsv(4);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
