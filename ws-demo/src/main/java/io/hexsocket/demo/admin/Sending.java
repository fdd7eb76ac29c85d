package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/publish} and {@code POST /api/send}. A batch is checked whole before anything of it is sent; then every message has its
 * receipt, in the order of the batch.
 */
final class Sending {

    private static final int MAX_BATCH = 1000;
    private static final int WAIT_MILLIS = 5000;
    private static final int MAX_WAIT_MILLIS = 30_000;

    private static final List<String> TO_MANY = List.of("topic", "app", "everyone");
    private static final List<String> TO_ONE = List.of("id", "alias", "ident", "user");
    private static final Set<String> PUBLISH_FIELDS = Set.of("topic", "app", "everyone", "text", "json", "binary");
    private static final Set<String> SEND_FIELDS =
            Set.of("id", "alias", "ident", "user", "text", "json", "binary", "waitMillis");

    private final Hub hub;

    Sending(Hub hub) {
        this.hub = hub;
    }

    Answer publish(Request request) throws Refusal {
        Fields body = new Fields(Json.parse(request.body()), "");
        List<Supplier<ObjectNode>> sends = new ArrayList<>();
        for (Fields one : body.messages(MAX_BATCH)) {
            one.only(PUBLISH_FIELDS);
            sends.add(publication(one));
        }
        return receipts(body.isBatch(), sends.stream().map(Supplier::get).toList());
    }

    private Supplier<ObjectNode> publication(Fields fields) throws Refusal {
        String kind = fields.oneOf(TO_MANY);
        Message message = fields.message();
        Audience audience = audience(fields, kind);
        if (audience == null) {
            return () -> Json.object().put("result", "unknown");
        }
        return () -> {
            int members = audience.localSize();
            SendResult result = audience.send(message);
            return Json.object().put("result", word(result)).put("members", members);
        };
    }

    private @Nullable Audience audience(Fields fields, String kind) throws Refusal {
        if (kind.equals("everyone")) {
            if (!fields.isTrue(kind)) {
                throw fields.wrong(kind, "true, or left out");
            }
            return hub.everyone();
        }
        String name = String.valueOf(fields.text(kind));
        return kind.equals("topic") ? hub.topic(name) : appOrNull(hub, name);
    }

    /** The sessions of an app; null if there is none. */
    static @Nullable Audience appOrNull(Hub hub, String pattern) {
        try {
            return hub.app(pattern);
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    Answer send(Request request) throws Refusal {
        Fields body = new Fields(Json.parse(request.body()), "");
        List<Supplier<CompletionStage<ObjectNode>>> sends = new ArrayList<>();
        int wait = 1;
        for (Fields one : body.messages(MAX_BATCH)) {
            one.only(SEND_FIELDS);
            sends.add(delivery(one));
            wait = Math.max(wait, one.number("waitMillis", WAIT_MILLIS, 1, MAX_WAIT_MILLIS));
        }
        List<CompletionStage<ObjectNode>> stages =
                sends.stream().map(Supplier::get).toList();
        Stages patience = Stages.within(Duration.ofMillis(wait));
        List<ObjectNode> receipts = new ArrayList<>();
        for (CompletionStage<ObjectNode> stage : stages) {
            ObjectNode receipt = patience.await(stage);
            receipts.add(receipt == null ? Json.object().put("result", "expired") : receipt);
        }
        return receipts(body.isBatch(), receipts);
    }

    private Supplier<CompletionStage<ObjectNode>> delivery(Fields fields) throws Refusal {
        String kind = fields.oneOf(TO_ONE);
        String name = String.valueOf(fields.text(kind));
        Message message = fields.message();
        if (kind.equals("user")) {
            return () -> toUser(name, message);
        }
        Target target = target(kind, name);
        return () ->
                hub.send(target, message).thenApply(delivery -> Json.object().put("result", word(delivery)));
    }

    static Target target(String kind, String name) {
        return switch (kind) {
            case "id" -> Target.id(name);
            case "alias" -> Target.alias(name);
            default -> Target.ident(name);
        };
    }

    private CompletionStage<ObjectNode> toUser(String name, Message message) {
        Audience sessions = hub.user(name);
        return sessions.size().thenApply(members -> {
            Delivery delivery = Delivery.UNKNOWN;
            if (members > 0) {
                delivery = switch (sessions.send(message)) {
                    case SENT, QUEUEING -> Delivery.DELIVERED;
                    // those of other nodes did not get it
                    case PARTIAL -> members == sessions.localSize() ? Delivery.DELIVERED : Delivery.NOT_SENT;
                    case FULL, DROPPED -> Delivery.SLOW;
                    case CLOSED -> Delivery.UNKNOWN;
                };
            }
            return Json.object().put("result", word(delivery)).put("members", members);
        });
    }

    private static String word(Enum<?> result) {
        return result.name().toLowerCase(Locale.ROOT);
    }

    private static Answer receipts(boolean isBatch, List<ObjectNode> receipts) {
        if (!isBatch) {
            return Answer.ok(receipts.get(0));
        }
        ObjectNode answer = Json.object();
        ArrayNode all = answer.putArray("receipts");
        receipts.forEach(all::add);
        return Answer.ok(answer);
    }
}
