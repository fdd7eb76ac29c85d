package io.hexsocket.core.conformance;

import io.hexsocket.core.testkit.ClientFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a client does after the opening handshake, and what must have come back in the end.
 *
 * @param steps what it does, in this order; nothing more once the connection is over
 * @param answers every message and pong that comes back
 * @param ending how the connection ends
 * @param open why the RFC leaves it to the server what comes back; empty if it does not. Then any beginning of the answers will do,
 *     and the verdict is INFORMATIONAL
 */
record Exchange(List<Step> steps, List<Received> answers, Ending ending, String open) {

    /** Something that the client does. */
    sealed interface Step {}

    /**
     * Sends bytes.
     *
     * @param chop in pieces of how many bytes; 0 for one piece
     */
    record Send(byte[] bytes, int chop) implements Step {}

    /** Sends a message as the extension has it that was agreed on, in fragments of so many bytes; 0 for one frame. */
    record SendMessage(int opcode, byte[] payload, int fragmentBytes) implements Step {}

    /** Waits until so many more answers have come. */
    record Await(int answers) implements Step {}

    /** Waits for the server's close frame. */
    record AwaitClose() implements Step {}

    /** By now the connection must have been failed; a server that needs more to see it gets what follows, but is not strict. */
    record MustHaveFailed() implements Step {}

    /** Ends the client's side of the TCP connection. */
    record EndOutput() implements Step {}

    /** Resets the TCP connection. */
    record Reset() implements Step {}

    /** How a connection ends. */
    sealed interface Ending {}

    /** It does not: the client closes it with 1000, and is answered. */
    record StaysOpen() implements Ending {}

    /** The server fails it, with a close frame of one of these codes (7.1.7: "SHOULD send a Close frame"). */
    record Fails(Set<Integer> codes) implements Ending {}

    /** There is a close frame of the server with one of these codes; 1005 stands for none. Who was first is the exchange's business. */
    record Closes(Set<Integer> codes) implements Ending {}

    /** It ends, in whatever way. */
    record Ends() implements Ending {}

    /** The client itself has ended it, and nothing can come. */
    record Torn() implements Ending {}

    static Exchange of(Step... steps) {
        return new Exchange(List.of(steps), List.of(), new StaysOpen(), "");
    }

    /** The frames in one piece. */
    static Exchange send(ClientFrame... frames) {
        return of(new Send(ClientFrame.join(frames), 0));
    }

    /** Each frame in a piece of its own. */
    static Exchange frameByFrame(ClientFrame... frames) {
        return of(Arrays.stream(frames).map(frame -> new Send(frame.bytes(), 0)).toArray(Step[]::new));
    }

    /** A frame, and the next one when what the first brings is there: so many times. */
    static Exchange roundTrips(int times, Step step, Received answer) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            steps.add(step);
            steps.add(new Await(1));
        }
        return new Exchange(steps, Collections.nCopies(times, answer), new StaysOpen(), "");
    }

    /** The same in pieces of so many bytes. */
    Exchange chopped(int bytes) {
        List<Step> chopped = steps.stream()
                .map(step -> step instanceof Send send ? new Send(send.bytes, bytes) : step)
                .toList();
        return new Exchange(chopped, answers, ending, open);
    }

    Exchange then(Step... more) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(List.of(more));
        return new Exchange(all, answers, ending, open);
    }

    Exchange then(ClientFrame... frames) {
        return then(new Send(ClientFrame.join(frames), 0));
    }

    Exchange answered(Received... expected) {
        return new Exchange(steps, List.of(expected), ending, open);
    }

    Exchange ends(Ending how) {
        return new Exchange(steps, answers, how, open);
    }

    Exchange fails(Integer... codes) {
        return ends(new Fails(new HashSet<>(List.of(codes))));
    }

    Exchange closes(Integer... codes) {
        return ends(new Closes(new HashSet<>(List.of(codes))));
    }

    Exchange leftOpen(String why) {
        return new Exchange(steps, answers, ending, why);
    }
}
