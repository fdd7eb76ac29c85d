package io.hexsocket.core.conformance;

import static io.hexsocket.core.testkit.ClientFrame.fragments;

import io.hexsocket.core.testkit.ClientFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Sections 9 and 10 of the Autobahn test suite, rewritten from what their cases specify: megabytes, of which none gets lost. */
final class LargeCases {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private final List<Case> cases = new ArrayList<>();

    private LargeCases() {}

    static List<Case> all() {
        LargeCases all = new LargeCases();
        for (boolean text : new boolean[] {true, false}) {
            all.whole(text);
            all.fragmented(text);
            all.chopped(text);
            all.roundTrips(text);
        }
        all.add("10.1.1", "a text of 65536 bytes in fragments of 1300", "5.4", scale -> {
            byte[] payload = payload(true, 65536);
            return Exchange.send(fragments(0x1, payload, 1300)).answered(Received.of(0x1, payload));
        });
        return all.cases;
    }

    private void add(String id, String title, String rfc, Function<Scale, Exchange> exchange) {
        cases.add(new Case(id, title, rfc, Case.ECHO, exchange));
    }

    private void whole(boolean text) {
        int[] sizes = {64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB};
        for (int i = 0; i < sizes.length; i++) {
            int size = sizes[i];
            add((text ? "9.1." : "9.2.") + (i + 1), name(text) + " of " + size, "5.2", scale -> {
                ClientFrame frame = ClientFrame.of(opcode(text), payload(text, size));
                return Exchange.send(frame).answered(Received.echoOf(frame));
            });
        }
    }

    private void fragmented(boolean text) {
        int size = 64;
        for (int i = 1; i <= 9; i++) {
            int fragment = size;
            add((text ? "9.3." : "9.4.") + i, name(text) + " of 4 MiB in fragments of " + fragment, "5.4", scale -> {
                byte[] payload = payload(text, 4 * MIB);
                return Exchange.send(fragments(opcode(text), payload, fragment))
                        .answered(Received.of(opcode(text), payload));
            });
            size *= 4;
        }
    }

    private void chopped(boolean text) {
        int size = 64;
        for (int i = 1; i <= 6; i++) {
            int chop = size;
            add((text ? "9.5." : "9.6.") + i, name(text) + " of 1 MiB in pieces of " + chop, "5.2", scale -> {
                ClientFrame frame = ClientFrame.of(opcode(text), payload(text, MIB));
                return Exchange.send(frame).chopped(chop).answered(Received.echoOf(frame));
            });
            size *= 2;
        }
    }

    private void roundTrips(boolean text) {
        int[] sizes = {0, 16, 64, 256, KIB, 4 * KIB};
        for (int i = 0; i < sizes.length; i++) {
            int size = sizes[i];
            add(
                    (text ? "9.7." : "9.8.") + (i + 1),
                    name(text) + " of " + size + ", and again when it is back",
                    "5.2",
                    scale -> {
                        ClientFrame frame = ClientFrame.of(opcode(text), payload(text, size));
                        return Exchange.roundTrips(
                                scale.of(size), new Exchange.Send(frame.bytes(), 0), Received.echoOf(frame));
                    });
        }
    }

    private static int opcode(boolean text) {
        return text ? Received.TEXT : Received.BINARY;
    }

    private static String name(boolean text) {
        return text ? "a text" : "a binary message";
    }

    /** So many bytes that repeat neither within a kilobyte nor at the places where buffers begin. */
    private static byte[] payload(boolean text, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (text ? '!' + (i * 7 + i / 94) % 94 : i * 31 + i / 256);
        }
        return bytes;
    }

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
