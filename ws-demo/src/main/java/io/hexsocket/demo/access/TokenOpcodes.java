package io.hexsocket.demo.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.json.Packet;
import io.hexsocket.apps.json.PacketHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a dialogue has besides for clients that came with a token: {@code token} renews it, {@code join} and {@code leave} are for the
 * topics that it allows.
 */
public final class TokenOpcodes {

    private static final String RENEWING = TokenOpcodes.class.getName() + ".renewing";
    private static final String JOINED = TokenOpcodes.class.getName() + ".joined";
    private static final int MAX_TOPIC_LENGTH = 200;
    private static final CloseStatus OTHER_SUBJECT = new CloseStatus(1008, "the new token is somebody else's");

    private final TokenVerifier verifier;

    private TokenOpcodes(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** The handlers, for {@link io.hexsocket.apps.json.JsonApp.Builder#on(Map)}. */
    public static Map<String, PacketHandler> of(TokenGate gate) {
        TokenOpcodes opcodes = new TokenOpcodes(gate.verifier());
        return Map.of("token", opcodes::renew, "join", TokenOpcodes::join, "leave", TokenOpcodes::leave);
    }

    private void renew(Session session, Packet packet) {
        String text = packet.text("token");
        Token before = token(session);
        if (text == null || before == null) {
            answer(session, "token", "error", text == null ? "There is no token." : "You came in without a token.");
        } else if (session.attributes().putIfAbsent(RENEWING, true) != null) {
            answer(session, "token", "error", "The token before is still being checked.");
        } else {
            verifier.verify(text).whenComplete((token, failed) -> {
                if (failed != null) {
                    answer(
                            session,
                            "token",
                            "error",
                            TokenVerifier.reason(failed).reason());
                } else {
                    take(session, before, token);
                }
                session.attributes().remove(RENEWING);
            });
        }
    }

    private static void take(Session session, Token before, Token token) {
        if (!token.subject().equals(before.subject())) {
            session.close(OTHER_SUBJECT);
            return;
        }
        session.attributes().put(TokenGate.TOKEN, token);
        session.expiresAt(token.expiresAt());
        for (String topic : joined(session)) {
            if (!token.mayJoin(topic)) {
                session.unsubscribe(topic);
                joined(session).remove(topic);
            }
        }
        long seconds =
                Math.max(0, Duration.between(Instant.now(), token.expiresAt()).toSeconds());
        session.send(packet("token").put("expiresIn", seconds).toString());
    }

    private static void join(Session session, Packet packet) {
        String topic = packet.text("topic");
        Token token = token(session);
        if (topic == null || !isName(topic)) {
            answer(session, "join", "error", "A topic has a name of 1 to " + MAX_TOPIC_LENGTH + " characters.");
        } else if (token == null || !token.mayJoin(topic)) {
            session.send(packet("join")
                    .put("topic", topic)
                    .put("error", "The token does not allow it.")
                    .toString());
        } else if (!session.subscribe(topic)) {
            session.send(packet("join")
                    .put("topic", topic)
                    .put("error", "Too many topics.")
                    .toString());
        } else {
            joined(session).add(topic);
            answer(session, "join", "topic", topic);
        }
    }

    private static boolean isName(String topic) {
        return !topic.isEmpty()
                && topic.length() <= MAX_TOPIC_LENGTH
                // half of a pair, which has no form in UTF-8
                && topic.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static void leave(Session session, Packet packet) {
        String topic = packet.text("topic");
        // only what it has joined by itself
        if (topic != null && joined(session).remove(topic)) {
            session.unsubscribe(topic);
            answer(session, "leave", "topic", topic);
        } else {
            answer(session, "leave", "error", "You are not in this topic.");
        }
    }

    private static @Nullable Token token(Session session) {
        return (Token) session.attributes().get(TokenGate.TOKEN);
    }

    @SuppressWarnings("unchecked")
    private static Set<String> joined(Session session) {
        return (Set<String>) session.attributes().computeIfAbsent(JOINED, none -> ConcurrentHashMap.newKeySet());
    }

    private static void answer(Session session, String opcode, String member, String value) {
        session.send(packet(opcode).put(member, value).toString());
    }

    private static ObjectNode packet(String opcode) {
        return JsonNodeFactory.instance.objectNode().put("opcode", opcode);
    }
}
