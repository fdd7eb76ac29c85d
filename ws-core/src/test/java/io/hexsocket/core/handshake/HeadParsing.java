package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Sends bytes to a new parser: whole, byte by byte, and at random cuts, and insists that all three come to the same.
 */
final class HeadParsing {

    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final int RANDOM_RUNS = 8;

    /** What came of it: exactly one of the first two is there; behind an opening, the bytes that were not its own. */
    record Outcome(@Nullable Opening opening, @Nullable HttpRefusal refusal, byte[] left, int heldAtMost) {

        String description() {
            if (refusal != null) {
                return "refused " + refusal.status() + " " + refusal.isSilent() + " " + refusal.text()
                        + refusal.headers();
            }
            if (opening instanceof RequestHead head) {
                return head.method() + " " + head.isHttp10() + " " + head.path() + " ? " + head.rawQuery() + "\n"
                        + latin1(head.lines().bytes()) + latin1(left);
            }
            return opening + latin1(left);
        }
    }

    private HeadParsing() {}

    /** A handshake in which nothing is missing, with further header lines before its end. */
    static String handshake(String... lines) {
        List<String> all = new ArrayList<>(List.of(
                "Host: example.org",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: " + KEY,
                "Sec-WebSocket-Version: 13"));
        all.addAll(List.of(lines));
        return request("GET /php HTTP/1.1", all.toArray(new String[0]));
    }

    /** A handshake whose line of that name is replaced by others. */
    static String handshakeBut(String name, String... lines) {
        String whole = handshake(lines);
        int from = whole.indexOf("\r\n" + name + ":") + 2;
        return whole.substring(0, from) + whole.substring(whole.indexOf("\r\n", from) + 2);
    }

    static String request(String requestLine, String... lines) {
        StringBuilder text = new StringBuilder(requestLine).append("\r\n");
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    static RequestHead head(String latin1) {
        Outcome outcome = outcome(latin1);
        assertThat(outcome.opening()).as(outcome.description()).isInstanceOf(RequestHead.class);
        return (RequestHead) outcome.opening();
    }

    static HttpRefusal refusal(String latin1) {
        Outcome outcome = outcome(latin1);
        assertThat(outcome.refusal()).as(outcome.description()).isNotNull();
        return outcome.refusal();
    }

    /** The refusal by the head itself or, if that is fine, by the rules of the handshake. */
    static HttpRefusal handshakeRefusal(String latin1) {
        Outcome outcome = outcome(latin1);
        if (outcome.refusal() != null) {
            return outcome.refusal();
        }
        try {
            UpgradeRequest request = OpeningHandshake.check((RequestHead) outcome.opening());
            throw new AssertionError("not refused: " + request);
        } catch (HttpRefusal refusal) {
            return refusal;
        }
    }

    static UpgradeRequest upgrade(String latin1) throws HttpRefusal {
        UpgradeRequest request = OpeningHandshake.check(head(latin1));
        assertThat(request).as("the upgrade request").isNotNull();
        return request;
    }

    static Outcome outcome(String latin1) {
        return outcome(latin1.getBytes(StandardCharsets.ISO_8859_1), HeadLimits.DEFAULT);
    }

    static Outcome outcome(byte[] bytes, HeadLimits limits) {
        Outcome whole = send(cut(bytes, bytes.length), limits);
        Outcome byteByByte = send(cut(bytes, 1), limits);
        assertThat(byteByByte.description()).as("byte by byte").isEqualTo(whole.description());
        for (int seed = 0; seed < RANDOM_RUNS; seed++) {
            Outcome random = send(cutAtRandom(bytes, new Random(seed)), limits);
            assertThat(random.description()).as("cut with seed %d", seed).isEqualTo(whole.description());
        }
        return whole;
    }

    /** Sends the pieces until there is an outcome; fails if there is none. */
    static Outcome send(List<ByteBuffer> pieces, HeadLimits limits) {
        HeadParser parser = new HeadParser(limits);
        int heldAtMost = 0;
        for (int i = 0; i < pieces.size(); i++) {
            ByteBuffer piece = pieces.get(i);
            Opening opening;
            try {
                opening = parser.parse(piece);
            } catch (HttpRefusal refusal) {
                return new Outcome(null, refusal, new byte[0], Math.max(heldAtMost, parser.heldBytes()));
            }
            heldAtMost = Math.max(heldAtMost, parser.heldBytes());
            if (opening != null) {
                return new Outcome(opening, null, join(pieces.subList(i, pieces.size())), heldAtMost);
            }
            assertThat(piece.hasRemaining())
                    .as("a parser that wants more has taken all there is")
                    .isFalse();
        }
        throw new AssertionError("the parser wants more than it was sent");
    }

    static List<ByteBuffer> cut(byte[] bytes, int size) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += size) {
            pieces.add(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)));
        }
        return pieces;
    }

    /** Some of the pieces are empty, and all of them are direct and stand somewhere in the middle of a buffer. */
    static List<ByteBuffer> cutAtRandom(byte[] bytes, Random random) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int mean = 1 + random.nextInt(64);
        for (int from = 0; from < bytes.length; ) {
            int size = Math.min(random.nextInt(2 * mean), bytes.length - from);
            ByteBuffer piece = ByteBuffer.allocateDirect(size + 7);
            piece.position(3).put(bytes, from, size).flip().position(3);
            pieces.add(piece);
            from += size;
        }
        return pieces;
    }

    static String utf8AsLatin1(String text) {
        return latin1(text.getBytes(StandardCharsets.UTF_8));
    }

    static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(List<ByteBuffer> pieces) {
        ByteBuffer all = ByteBuffer.allocate(
                pieces.stream().mapToInt(ByteBuffer::remaining).sum());
        pieces.forEach(piece -> all.put(piece.duplicate()));
        return all.array();
    }
}
