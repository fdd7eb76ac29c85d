package io.hexsocket.core.conformance;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.conformance.Case.Agreement;
import io.hexsocket.core.conformance.Case.Opening;
import io.hexsocket.core.conformance.Case.Request;
import io.hexsocket.core.conformance.Case.Upgrade;
import io.hexsocket.core.conformance.TargetConnection.End;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plays the client of one case, once, and judges what came back. */
final class Runner {

    private static final Pattern KEY = Pattern.compile("(?im)^Sec-WebSocket-Key:[ \\t]*(.*?)[ \\t]*\r?$");
    private static final Pattern PROTOCOL = Pattern.compile("(?im)^Sec-WebSocket-Protocol:[ \\t]*(.*?)[ \\t]*\r?$");
    private static final int NORMAL = 1000;

    /** The end of a run whose verdict is clear before the exchange is over. */
    private static final class Judged extends Exception {
        private static final long serialVersionUID = 1;
        private final Verdict verdict;

        Judged(Verdict verdict, String remark) {
            super(remark);
            this.verdict = verdict;
        }
    }

    private final Case tried;
    private final Target target;
    private final TargetConnection wire;
    private final Cut cut;
    private final Exchange exchange;

    private ServerStream stream = new ServerStream(null);
    private @Nullable Deflate deflate;
    private int awaited;
    private boolean hasClosed;
    private boolean late;

    private Runner(Case tried, Target target, TargetConnection wire, Cut cut, Scale scale) {
        this.tried = tried;
        this.target = target;
        this.wire = wire;
        this.cut = cut;
        this.exchange = tried.exchange().apply(scale);
    }

    /** Runs a case against a server that is new to it. */
    static Result run(Case tried, Target target, Cut cut, Scale scale) {
        return run(tried, target, cut, scale, false);
    }

    /** The same with the first frames in the segment in which the request ends. */
    static Result runGlued(Case tried, Target target) {
        return run(tried, target, Cut.DECLARED, Scale.BUILD, true);
    }

    private static Result run(Case tried, Target target, Cut cut, Scale scale, boolean glued) {
        long begin = System.nanoTime();
        Verdict verdict;
        String remark;
        try (TargetConnection wire = target.connect()) {
            Runner runner = new Runner(tried, target, wire, cut, scale);
            try {
                runner.open(glued);
                runner.play(glued && runner.beginsWithBytes() ? 1 : 0);
                runner.finish();
                throw runner.judge();
            } finally {
                if (runner.deflate != null) {
                    runner.deflate.close();
                }
            }
        } catch (Judged judged) {
            verdict = judged.verdict;
            remark = String.valueOf(judged.getMessage());
        }
        return new Result(tried, verdict, remark, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    // ---- the opening handshake

    private void open(boolean glued) throws Judged {
        String request = request(tried.opening());
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        if (glued && beginsWithBytes()) {
            bytes = Cuts.join(List.of(bytes, ((Exchange.Send) exchange.steps().get(0)).bytes()));
        }
        wire.send(cut.pieces(bytes, 0));
        byte[] answered = new byte[0];
        while (Answer.end(answered) < 0) {
            byte[] more = wire.receive();
            if (more.length == 0) {
                throw unanswered(answered);
            }
            answered = Cuts.join(List.of(answered, more));
        }
        try {
            Answer answer = Answer.parse(answered);
            byte[] behind = Arrays.copyOfRange(answered, answer.length(), answered.length);
            if (answer.status() == 101) {
                upgraded(answer, request);
                stream.add(behind);
            } else {
                refused(answer, request, behind);
            }
        } catch (Answer.Malformed malformed) {
            throw new Judged(Verdict.FAILED, String.valueOf(malformed.getMessage()));
        }
    }

    private boolean beginsWithBytes() {
        return !exchange.steps().isEmpty() && exchange.steps().get(0) instanceof Exchange.Send;
    }

    private String request(Opening opening) {
        if (opening instanceof Request own) {
            return own.text().replace("{host}", target.host()).replace("{path}", target.echoPath());
        }
        Upgrade upgrade = (Upgrade) opening;
        return "GET " + (upgrade.told() ? target.toldPath() : target.echoPath()) + " HTTP/1.1\r\nHost: " + target.host()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + (upgrade.offer().isEmpty() ? "" : "Sec-WebSocket-Extensions: " + upgrade.offer() + "\r\n") + "\r\n";
    }

    private Judged unanswered(byte[] answered) {
        boolean refused = tried.opening() instanceof Request request
                && !request.refusals().isEmpty();
        boolean closed = wire.end() != End.NONE;
        return refused && closed && answered.length == 0
                ? new Judged(Verdict.NON_STRICT, "the connection is closed without an answer")
                : new Judged(Verdict.FAILED, "no answer, but " + answered.length + " bytes and end " + wire.end());
    }

    private void upgraded(Answer answer, String request) throws Answer.Malformed, Judged {
        Matcher key = KEY.matcher(request);
        Matcher protocol = PROTOCOL.matcher(request);
        answer.checkUpgrade(
                key.find() ? key.group(1) : "",
                protocol.find() ? List.of(protocol.group(1).split("[ \\t]*,[ \\t]*")) : List.of());
        String extensions = answer.header("sec-websocket-extensions");
        if (tried.opening() instanceof Request own) {
            if (!own.refusals().isEmpty()) {
                throw own.mayOpen().isEmpty()
                        ? new Judged(Verdict.FAILED, "it is not refused")
                        : new Judged(Verdict.INFORMATIONAL, "it is not refused: " + own.mayOpen());
            }
            require(extensions.isEmpty(), "an extension is agreed on: " + extensions);
        } else if (tried.opening() instanceof Upgrade upgrade) {
            if (extensions.isEmpty()) {
                if (upgrade.agreement() == Agreement.FREE) {
                    throw new Judged(Verdict.INFORMATIONAL, "the offer is declined, as it may be (RFC 7692 section 5)");
                }
                return;
            }
            require(upgrade.agreement() == Agreement.FREE, "an extension is agreed on: " + extensions);
            deflate = Agreed.deflate(upgrade.offer(), extensions);
            stream = new ServerStream(deflate);
        }
    }

    private void refused(Answer answer, String request, byte[] behind) throws Answer.Malformed, Judged {
        byte[] body = behind;
        for (byte[] more = wire.receive(); more.length > 0; more = wire.receive()) {
            body = Cuts.join(List.of(body, more));
        }
        require(tried.opening() instanceof Request own && !own.refusals().isEmpty(), "refused with " + answer.status());
        answer.checkRefusal(request.split("\r\n"), body);
        require(answer.status() >= 400, "answered with " + answer.status());
        if (wire.end() == End.NONE) {
            throw new Judged(
                    Verdict.INFORMATIONAL,
                    "the connection stays open after " + answer.status()
                            + ", as it may for another request (RFC 9112 section 9.3)");
        }
        Set<Integer> recommended = ((Request) tried.opening()).refusals();
        requireStrictly(recommended.contains(answer.status()), "refused with " + answer.status());
        requireStrictly(!answer.header("content-length").isEmpty(), "no Content-Length (RFC 9110 section 8.6)");
        requireStrictly(wire.end() == End.FIN, "the connection is reset, so that a client may miss the answer");
        throw new Judged(Verdict.OK, "");
    }

    // ---- what the client does

    private void play(int from) throws Judged {
        List<Exchange.Step> steps = exchange.steps();
        for (int i = from; i < steps.size() && !isOver(); i++) {
            Exchange.Step step = steps.get(i);
            if (step instanceof Exchange.Send send) {
                wire.send(cut.pieces(send.bytes(), send.chop()));
            } else if (step instanceof Exchange.SendMessage message) {
                wire.send(cut.pieces(ClientFrame.join(frames(message)), 0));
            } else if (step instanceof Exchange.Await await) {
                awaited += await.answers();
                while (stream.received().size() < awaited && stream.closed() == null && listen()) {
                    // until they are there
                }
            } else if (step instanceof Exchange.AwaitClose) {
                while (stream.closed() == null && listen()) {
                    // until it is there
                }
            } else if (step instanceof Exchange.MustHaveFailed) {
                while (listen()) {
                    // until it has ended
                }
                late = !isOver();
            } else if (step instanceof Exchange.EndOutput) {
                wire.endOutput();
            } else if (step instanceof Exchange.Reset) {
                wire.reset();
            }
        }
    }

    private List<ClientFrame> frames(Exchange.SendMessage message) {
        byte[] payload = deflate == null ? message.payload() : deflate.compress(message.payload());
        int size = message.fragmentBytes() == 0 ? Math.max(1, payload.length) : message.fragmentBytes();
        List<ClientFrame> frames = new ArrayList<>(List.of(ClientFrame.fragments(message.opcode(), payload, size)));
        if (deflate != null) {
            // RFC 7692 6.1: RSV1 on the first frame only
            frames.set(0, frames.get(0).rsv(4));
        }
        return frames;
    }

    private boolean isOver() {
        return wire.end() != End.NONE || !stream.broken().isEmpty();
    }

    /** Waits for more; false if there is none. */
    private boolean listen() {
        if (isOver()) {
            return false;
        }
        byte[] more = wire.receive();
        stream.add(more);
        for (byte[] ping : stream.newPings()) {
            if (!hasClosed) {
                wire.send(List.of(ClientFrame.of(0xA, ping).bytes()));
            }
        }
        return more.length > 0;
    }

    private void finish() {
        if (exchange.ending() instanceof Exchange.Torn) {
            return;
        }
        if (exchange.ending() instanceof Exchange.StaysOpen && !isOver() && stream.closed() == null) {
            sendClose();
        }
        while (listen()) {
            if (stream.closed() != null && exchange.ending() instanceof Exchange.Fails && !hasClosed) {
                // 5.5.1: an endpoint that has not sent a close frame answers one
                sendClose();
            }
        }
    }

    private void sendClose() {
        hasClosed = true;
        wire.send(List.of(ClientFrame.close(NORMAL).bytes()));
    }

    // ---- what is to be said of it

    private Judged judge() throws Judged {
        if (exchange.ending() instanceof Exchange.Torn) {
            return new Judged(Verdict.OK, "");
        }
        require(stream.broken().isEmpty(), stream.broken());
        require(!stream.isInsideFrame(), "the stream ends inside a frame");
        boolean same = stream.received().equals(exchange.answers());
        boolean beginning = stream.received().size() <= exchange.answers().size()
                && stream.received()
                        .equals(exchange.answers().subList(0, stream.received().size()));
        String answers = "came " + shown(stream.received()) + ", due was " + shown(exchange.answers());
        String ending = "closed with " + stream.closed() + ", end " + wire.end();
        CloseStatus closed = stream.closed();
        Verdict verdict = Verdict.OK;
        String remark = "";
        if (exchange.ending() instanceof Exchange.Fails fails) {
            require(wire.end() != End.NONE || closed != null, "the connection is not failed; " + answers);
            require(closed == null || fails.codes().contains(closed.code()), ending);
            require(same || beginning, answers);
            if (!same || closed == null) {
                verdict = Verdict.NON_STRICT;
                remark = same ? "no close frame (RFC 6455 section 7.1.7)" : "what came before is not answered";
            }
        } else if (exchange.ending() instanceof Exchange.Ends) {
            require(wire.end() != End.NONE, "the connection does not end");
            require(same || beginning && !exchange.open().isEmpty(), answers);
        } else {
            int code = closed == null ? 0 : closed.code();
            boolean due = exchange.ending() instanceof Exchange.Closes closes
                    ? closes.codes().contains(code)
                    : code == NORMAL;
            require(due, ending + "; " + answers);
            require(same || beginning && !exchange.open().isEmpty(), answers);
        }
        if (late) {
            verdict = Verdict.NON_STRICT;
            remark = "seen only when the rest of the message was there";
        } else if (!(exchange.ending() instanceof Exchange.Ends) && wire.end() != End.FIN) {
            verdict = Verdict.NON_STRICT;
            remark = "TCP is not closed cleanly by the server (RFC 6455 section 7.1.1): " + ending;
        }
        return verdict == Verdict.OK && !exchange.open().isEmpty()
                ? new Judged(Verdict.INFORMATIONAL, exchange.open())
                : new Judged(verdict, remark);
    }

    private static String shown(List<Received> received) {
        String all = received.toString();
        return all.length() > 300 ? all.substring(0, 300) + "... (" + received.size() + ")" : all;
    }

    private static void requireStrictly(boolean kept, String broken) throws Judged {
        if (!kept) {
            throw new Judged(Verdict.NON_STRICT, broken);
        }
    }

    private static void require(boolean kept, String broken) throws Judged {
        if (!kept) {
            throw new Judged(Verdict.FAILED, broken);
        }
    }
}
