package io.hexsocket.demo.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/** JSON as requests bring it. Pure functions. */
final class Json {

    private static final int MAX_DEPTH = 64;
    // an empty object takes two, and 80 bytes in memory
    private static final int MAX_TOKENS = 50_000;
    private static final int MAX_SHOWN = 200;

    /** What Jackson adds about the beginning of what is not closed: mostly how to have it say more. */
    private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at \\[Source.*");

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The object that a body is. */
    static ObjectNode parse(byte[] body) throws Refusal {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw noJson(e);
        } catch (IOException e) {
            throw new Refusal(400, "the body is no JSON: it is not UTF-8");
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw new Refusal(400, "the body must be a JSON object, as {\"topic\":\"news\",\"text\":\"hello\"}");
    }

    private static Refusal noJson(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        int line = at == null ? 1 : Math.max(1, at.getLineNr());
        int column = at == null ? 1 : Math.max(1, at.getColumnNr());
        String why = START_MARKER
                .matcher(e.getOriginalMessage().lines().findFirst().orElse(""))
                .replaceFirst("");
        return new Refusal(
                400,
                "the body is no JSON: line " + line + ", column " + column + ": " + why,
                Map.of("line", line, "column", column));
    }

    /** A text of unknown origin as messages and the log show it: in quotation marks, cut, in ASCII. */
    static String quoted(String text) {
        String cut = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
        StringBuilder ascii = new StringBuilder();
        TextNode.valueOf(cut).toString().chars().forEach(c -> {
            if (c < 0x7F) {
                ascii.append((char) c);
            } else {
                ascii.append(String.format("\\u%04x", c));
            }
        });
        return ascii.toString();
    }
}
