package io.hexsocket.core.testkit;

import java.util.Arrays;
import java.util.List;

/**
 * What a client sends to an echo app, and what RFC 6455 says that it gets.
 *
 * @param id the number of the case in the Autobahn test suite
 * @param title what is tried, for people
 * @param frames what the client sends
 * @param chop in pieces of how many bytes it is to arrive at least once; 0 if that does not matter
 * @param answers what the client gets before the connection ends
 * @param ending how the connection ends
 */
public record ConformanceCase(
        String id, String title, List<ClientFrame> frames, int chop, List<ServerFrame> answers, Ending ending) {

    /** How a connection ends. */
    public sealed interface Ending {}

    /** It does not: the client has to close it. */
    public record StaysOpen() implements Ending {}

    /** The server fails it with a close frame of this code and a reason. */
    public record Fails(int code) implements Ending {}

    /**
     * The client has closed it and gets this close frame.
     *
     * @param told what the app is told
     */
    public record Closes(ServerFrame answer, String told) implements Ending {}

    static ConformanceCase of(String id, String title, ClientFrame... frames) {
        return new ConformanceCase(id, title, List.of(frames), 0, List.of(), new StaysOpen());
    }

    ConformanceCase chopped(int size) {
        return new ConformanceCase(id, title, frames, size, answers, ending);
    }

    ConformanceCase answered(ServerFrame... expected) {
        return new ConformanceCase(id, title, frames, chop, List.of(expected), ending);
    }

    /** Each data frame comes back as it is, and each ping as a pong. */
    ConformanceCase echoed() {
        return answered(frames.stream()
                .filter(frame -> frame.opcode() != 0xA)
                .map(frame -> ServerFrame.of(frame.opcode() == 0x9 ? 0xA : frame.opcode(), frame.payload()))
                .toArray(ServerFrame[]::new));
    }

    ConformanceCase fails(int code) {
        return new ConformanceCase(id, title, frames, chop, answers, new Fails(code));
    }

    ConformanceCase closes(ServerFrame answer, String told) {
        return new ConformanceCase(id, title, frames, chop, answers, new Closes(answer, told));
    }

    /** What goes over the wire. */
    public byte[] stream() {
        return ClientFrame.join(frames);
    }

    /** The same in the pieces that the case names. */
    public List<byte[]> pieces() {
        return chop == 0 ? List.of(stream()) : Cuts.every(chop, stream());
    }

    /** The same, one piece a frame. */
    public List<byte[]> frameByFrame() {
        return frames.stream().map(ClientFrame::bytes).toList();
    }

    /** Fails unless this came of it. */
    public void check(Scenario.Outcome outcome) {
        outcome.assertAnswers(answers.toArray(ServerFrame[]::new));
        if (ending instanceof Fails fails) {
            outcome.assertFailsWith(fails.code());
        } else if (ending instanceof Closes closes) {
            outcome.assertCloses(closes.answer(), closes.told());
        } else {
            outcome.assertStaysOpen();
        }
    }

    @Override
    public String toString() {
        return id + " " + title;
    }

    /** So many bytes that are ASCII and do not repeat within a kilobyte. */
    static byte[] letters(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('!' + (i * 7 + i / 94) % 94);
        }
        return bytes;
    }

    /** So many bytes of all values. */
    static byte[] octets(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 256);
        }
        return bytes;
    }

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
