package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Message;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, by their kinds.
 *
 * @param object itself
 * @param where what messages put before the name of a field, as {@code messages[3].}; may be empty
 */
record Fields(ObjectNode object, String where) {

    private static final List<String> CONTENTS = List.of("text", "json", "binary");

    /** A misspelt field would otherwise be one that does nothing. */
    void only(Set<String> known) throws Refusal {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new Refusal(
                        400,
                        "unknown field " + where + Json.quoted(name) + "; known are "
                                + known.stream().sorted().toList());
            }
        }
    }

    /** A text that is not empty, or null if there is none. */
    @Nullable String text(String name) throws Refusal {
        JsonNode value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw wrong(name, "a string that is not empty");
        }
        return value.textValue();
    }

    int number(String name, int preset, int least, int most) throws Refusal {
        JsonNode value = object.get(name);
        if (value == null) {
            return preset;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            throw wrong(name, "a whole number between " + least + " and " + most);
        }
        return value.intValue();
    }

    /** Whether it is there and true. */
    boolean isTrue(String name) throws Refusal {
        JsonNode value = object.get(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value != null && value.booleanValue();
    }

    /** The one name of these that is there. */
    String oneOf(List<String> names) throws Refusal {
        List<String> found = names.stream().filter(object::has).toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new Refusal(
                400,
                (where.isEmpty() ? "the body" : where.substring(0, where.length() - 1)) + " needs one of "
                        + String.join(", ", names) + (found.isEmpty() ? "" : ", and not several"));
    }

    /** What is to be sent. */
    Message message() throws Refusal {
        String kind = oneOf(CONTENTS);
        JsonNode value = object.get(kind);
        try {
            return switch (kind) {
                case "text" -> {
                    if (!value.isTextual()) {
                        throw wrong(kind, "a string");
                    }
                    yield Message.text(value.textValue());
                }
                case "json" -> Message.text(value.toString());
                default -> {
                    if (!value.isTextual()) {
                        throw wrong(kind, "a string of base64");
                    }
                    yield Message.binary(Base64.getDecoder().decode(value.textValue()));
                }
            };
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "the field " + where + kind + " cannot be sent: " + e.getMessage());
        }
    }

    /** Itself alone, or those of the array {@code messages}. */
    List<Fields> messages(int most) throws Refusal {
        JsonNode array = object.get("messages");
        if (array == null) {
            return List.of(this);
        }
        only(Set.of("messages"));
        if (!array.isArray() || array.isEmpty() || array.size() > most) {
            throw wrong("messages", "an array of 1 to " + most + " objects");
        }
        List<Fields> all = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.get(i) instanceof ObjectNode one)) {
                throw new Refusal(400, "messages[" + i + "] must be an object");
            }
            all.add(new Fields(one, "messages[" + i + "]."));
        }
        return all;
    }

    boolean isBatch() {
        return object.has("messages");
    }

    Refusal wrong(String name, String expectation) {
        return new Refusal(400, "the field " + where + name + " must be " + expectation);
    }
}
