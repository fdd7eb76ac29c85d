package io.hexsocket.core.conformance;

import static io.hexsocket.core.testkit.ClientFrame.close;
import static io.hexsocket.core.testkit.ClientFrame.ping;
import static io.hexsocket.core.testkit.ClientFrame.text;

import io.hexsocket.core.testkit.ClientFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * The closing handshake: a connection that is open, that the server has begun to close, or that the client has, and then a frame, a
 * frame that breaks a rule, the end of the connection, an app that throws.
 */
final class ClosingCases {

    private static final ClientFrame HELLO = text("Hello");
    private static final ClientFrame UNMASKED = text("Hello").unmasked();
    private static final ClientFrame RESERVED = ClientFrame.of(0xB, new byte[3]);

    private final List<Case> cases = new ArrayList<>();

    private ClosingCases() {}

    static List<Case> all() {
        ClosingCases all = new ClosingCases();
        all.open();
        all.weClosed();
        all.theyClosed();
        all.beyondTheMatrix();
        return all.cases;
    }

    private void add(String id, String title, String rfc, Exchange exchange) {
        cases.add(Case.of("C." + id, title, rfc, exchange));
    }

    /** The same where the app has to be told something. */
    private void addTold(String id, String title, String rfc, Exchange exchange) {
        cases.add(new Case("C." + id, title, rfc, Case.TOLD, scale -> exchange));
    }

    private void open() {
        add("1.1", "open: a frame", "5.6", Exchange.send(HELLO).answered(Received.echoOf(HELLO)));
        add(
                "1.2",
                "open: a frame without a mask",
                "5.1",
                Exchange.send(UNMASKED).fails(1002));
        add("1.3", "open: the client ends its side", "7.1.5", gone(new Exchange.EndOutput()));
        add(
                "1.4",
                "open: the client ends its side inside a frame",
                "7.1.5",
                Exchange.of(new Exchange.Send(HELLO.header(), 0), new Exchange.EndOutput())
                        .ends(new Exchange.Ends()));
        add(
                "1.5",
                "open: the client resets",
                "7.1.5",
                Exchange.send(HELLO).then(new Exchange.Reset()).ends(new Exchange.Torn()));
        // 7.4.1: 1011 is for a server that "encountered an unexpected condition"
        addTold(
                "1.6",
                "open: the app throws",
                "7.4.1",
                Exchange.send(text("throw")).fails(1011));
        addTold(
                "1.7",
                "open: the app throws, and what comes behind is not delivered",
                "7.4.1",
                Exchange.send(text("throw"), HELLO, ping()).fails(1011));
    }

    private static Exchange gone(Exchange.Step step) {
        return Exchange.of(step).ends(new Exchange.Ends());
    }

    private static Exchange told(String what) {
        return Exchange.send(text(what)).then(new Exchange.AwaitClose());
    }

    private void weClosed() {
        Exchange closed = told("close 3001");
        addTold(
                "2.1",
                "we closed: the answer",
                "7.1.4",
                closed.then(close(3001)).closes(3001));
        addTold(
                "2.2",
                "we closed: a text and a ping, then the answer",
                "5.5.1",
                closed.then(HELLO, ping(), close(3001)).closes(3001));
        addTold(
                "2.3",
                "we closed: an answer with another code",
                "5.5.1",
                closed.then(close(4000)).closes(3001));
        addTold(
                "2.4",
                "we closed: an answer without a code",
                "5.5.1",
                closed.then(close()).closes(3001));
        // 5.5.1: there is one close frame, so that a bad frame can only be the end of the connection
        addTold(
                "2.5",
                "we closed: a frame without a mask",
                "5.1, 5.5.1",
                closed.then(UNMASKED).closes(3001));
        addTold(
                "2.6",
                "we closed: a reserved opcode",
                "5.2, 5.5.1",
                closed.then(RESERVED).closes(3001));
        addTold(
                "2.7",
                "we closed: a close frame of one byte",
                "5.5.1",
                closed.then(close(new byte[1])).closes(3001));
        addTold(
                "2.8",
                "we closed: the client ends its side",
                "7.1.5",
                closed.then(new Exchange.EndOutput()).closes(3001));
        addTold(
                "2.9",
                "we closed: the client resets",
                "7.1.5",
                closed.then(new Exchange.Reset()).ends(new Exchange.Torn()));
        addTold(
                "2.10",
                "we closed: the app throws",
                "5.5.1",
                told("close 3001 and throw").then(close(3001)).closes(3001));
    }

    private void theyClosed() {
        add(
                "3.1",
                "they closed: a text and a ping",
                "5.5.1",
                Exchange.send(close(1000), HELLO, ping()).closes(1000));
        add(
                "3.2",
                "they closed: a second close frame",
                "5.5.1",
                Exchange.send(close(3000), close(3001)).closes(3000));
        add(
                "3.3",
                "they closed: a frame without a mask",
                "5.5.1",
                Exchange.send(close(1000), UNMASKED).closes(1000));
        add(
                "3.4",
                "they closed: a reserved opcode",
                "5.5.1",
                Exchange.send(close(1000), RESERVED).closes(1000));
        add(
                "3.5",
                "they closed: the client ends its side",
                "7.1.4",
                Exchange.send(close(1000)).then(new Exchange.EndOutput()).closes(1000));
        add(
                "3.6",
                "they closed: the client resets",
                "7.1.5",
                Exchange.send(close(1000)).then(new Exchange.Reset()).ends(new Exchange.Torn()));
        addTold(
                "3.7",
                "they closed: the app throws",
                "5.5.1",
                Exchange.send(text("throw in the end"), close(1000))
                        .answered(Received.text("throw in the end"))
                        .closes(1000));
    }

    private void beyondTheMatrix() {
        // both close frames are on their way at once: 7.1.4
        addTold(
                "4.1",
                "both close at once",
                "7.1.4",
                Exchange.send(text("close 3001"), close(3002)).closes(3001, 3002));
        for (int code : new int[] {1012, 1013, 1014}) {
            // registered with IANA since
            add(
                    "4.2." + code,
                    "close code " + code,
                    "7.4.2",
                    Exchange.send(close(code)).closes(code, 1000));
        }
        // 7.4.1: "MUST NOT be set as a status code in a Close control frame by an endpoint"
        add("4.3", "close code 1015", "7.4.1", Exchange.send(close(1015)).fails(1002));
    }
}
