package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a connection: the same outcome however they are cut, the same as {@link PlainHead} says, memory within the limit,
 * and an answer that parses.
 */
public final class HeadFuzz {

    // small, so that a fuzzer finds them
    private static final HeadLimits LIMITS = new HeadLimits(700, 90, 12);
    private static final Set<Integer> STATUSES = Set.of(400, 405, 414, 417, 426, 431, 505);

    /** One of the first two is there, or none if the parser waits. */
    private record Outcome(
            @Nullable Opening opening, @Nullable HttpRefusal refusal, int taken) {

        String description() {
            if (refusal != null) {
                return "refused " + refusal.status() + " " + refusal.isSilent() + " " + refusal.text();
            }
            return opening instanceof RequestHead head
                    ? "head " + head.path() + " " + head.rawQuery() + " "
                            + latin1(head.lines().bytes()) + taken
                    : opening + " " + taken;
        }
    }

    private HeadFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        Outcome whole = parse(List.of(input));
        assertThat(parse(Cuts.every(1, input)).description()).as("byte by byte").isEqualTo(whole.description());
        assertThat(parse(Cuts.byContent(input)).description()).as("in pieces").isEqualTo(whole.description());

        PlainHead plain = PlainHead.read(input, LIMITS);
        assertThat(whole.opening != null)
                .as("a head, and not %s", whole.description())
                .isEqualTo(plain != null);
        if (whole.refusal != null) {
            checkAnswer(whole.refusal);
        }
        if (plain != null && whole.opening != null) {
            checkOpening(whole, whole.opening, plain);
        }
    }

    private static Outcome parse(List<byte[]> pieces) {
        HeadParser parser = new HeadParser(LIMITS);
        int before = 0;
        for (byte[] piece : pieces) {
            ByteBuffer in = ByteBuffer.wrap(piece);
            try {
                Opening opening = parser.parse(in);
                assertThat(parser.heldBytes()).as("memory").isLessThanOrEqualTo(LIMITS.headBytes());
                if (opening != null) {
                    assertThat(parser.heldBytes()).as("memory when all is over").isZero();
                    return new Outcome(opening, null, before + in.position());
                }
            } catch (HttpRefusal refusal) {
                return new Outcome(null, refusal, 0);
            }
            assertThat(in.hasRemaining())
                    .as("a parser that waits has taken all there is")
                    .isFalse();
            before += piece.length;
        }
        return new Outcome(null, null, before);
    }

    private static void checkOpening(Outcome whole, Opening opening, PlainHead plain) {
        assertThat(whole.taken).isEqualTo(plain.end());
        assertThat(opening.path()).isEqualTo(plain.path()).startsWith("/");
        assertThat(opening.rawQuery()).isEqualTo(plain.query());
        if (!(opening instanceof RequestHead head)) {
            assertThat(plain.fields()).isNull();
            return;
        }
        StringBuilder fields = new StringBuilder();
        plain.fields()
                .forEach(field -> fields.append(field.name())
                        .append(':')
                        .append(field.value())
                        .append('\n'));
        assertThat(latin1(head.lines().bytes())).isEqualTo(fields.toString());
        assertThat(head.method()).isEqualTo(plain.method());
        checkHandshake(head, plain);
    }

    private static void checkHandshake(RequestHead head, PlainHead plain) {
        List<String> keys = plain.all("Sec-WebSocket-Key");
        boolean attempted = containsToken(plain, "Upgrade", "websocket")
                || !keys.isEmpty()
                || !plain.all("Sec-WebSocket-Version").isEmpty()
                || !plain.all("Sec-WebSocket-Protocol").isEmpty()
                || !plain.all("Sec-WebSocket-Extensions").isEmpty();
        boolean good = plain.method().equals("GET")
                && !plain.http10()
                && containsToken(plain, "Upgrade", "websocket")
                && containsToken(plain, "Connection", "upgrade")
                && keys.size() == 1
                && keys.get(0).matches("[A-Za-z0-9+/]{22}==")
                && plain.all("Sec-WebSocket-Version").equals(List.of("13"))
                && plain.elements("Sec-WebSocket-Protocol").stream().allMatch(name -> name.matches(PlainHead.TOKEN))
                && PlainExtensions.read(plain.all("Sec-WebSocket-Extensions")) != null;
        try {
            UpgradeRequest request = OpeningHandshake.check(head);
            assertThat(request != null).as("an upgrade, and not plain HTTP").isEqualTo(attempted);
            assertThat(good).as("a good handshake").isEqualTo(attempted);
            if (request != null) {
                assertThat(request.accept()).isEqualTo(accept(keys.get(0)));
                assertThat(request.subprotocols())
                        .isEqualTo(plain.elements("Sec-WebSocket-Protocol").stream()
                                .distinct()
                                .toList());
                assertThat(request.extensions()).isEqualTo(PlainExtensions.read(plain.all("Sec-WebSocket-Extensions")));
                checkUpgrade(request);
            }
        } catch (HttpRefusal refusal) {
            assertThat(good).as("%s", refusal.text()).isFalse();
            checkAnswer(refusal);
        }
    }

    private static boolean containsToken(PlainHead plain, String name, String token) {
        return plain.elements(name).stream().anyMatch(token::equalsIgnoreCase);
    }

    /** Whatever was offered can be answered. */
    private static void checkUpgrade(UpgradeRequest request) {
        List<String> offered = request.subprotocols();
        String chosen = offered.isEmpty() ? null : offered.get(offered.size() - 1);
        String[] lines = latin1(HandshakeResponse.switchingProtocols(request.accept(), chosen, null))
                .split("\r\n", -1);
        List<String> expected = new ArrayList<>(List.of(
                "HTTP/1.1 101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: " + request.accept()));
        if (chosen != null) {
            expected.add("Sec-WebSocket-Protocol: " + chosen);
        }
        expected.addAll(List.of("", ""));
        assertThat(lines).containsExactlyElementsOf(expected);
    }

    private static void checkAnswer(HttpRefusal refusal) {
        assertThat(STATUSES).contains(refusal.status());
        String answer = latin1(HandshakeResponse.refusal(refusal));
        if (refusal.isSilent()) {
            assertThat(answer).isEmpty();
            return;
        }
        int end = answer.indexOf("\r\n\r\n") + 4;
        assertThat(answer.substring(0, end))
                .startsWith("HTTP/1.1 " + refusal.status() + " ")
                .contains("\r\nContent-Length: " + (answer.length() - end) + "\r\n")
                .containsPattern("\r\nConnection: close(, Upgrade)?\r\n");
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException none) {
            throw new AssertionError(none);
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
