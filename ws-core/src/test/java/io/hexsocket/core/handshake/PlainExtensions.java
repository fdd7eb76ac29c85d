package io.hexsocket.core.handshake;

import io.hexsocket.core.handshake.ExtensionOffer.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** RFC 6455 section 9.1 by regular expressions. What {@link ExtensionOffer} says has to be the same. */
final class PlainExtensions {

    private static final String VALUE =
            PlainHead.TOKEN + "|\"(?:" + PlainHead.TOKEN + "|\\\\" + PlainHead.TOKEN.replace("]+", "]") + ")++\"";
    private static final Pattern PARAMETER =
            Pattern.compile("[ \\t]*+(" + PlainHead.TOKEN + ")[ \\t]*+(?:=[ \\t]*+(" + VALUE + ")[ \\t]*+)?");

    private PlainExtensions() {}

    /** Null if one of the lines breaks the grammar. */
    static @Nullable List<ExtensionOffer> read(List<String> lines) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String line : lines) {
            // no comma and no semicolon is part of a token, quoted or not
            for (String element : line.split(",")) {
                if (element.matches("[ \\t]*+")) {
                    continue;
                }
                ExtensionOffer offer = offer(element.split(";", -1));
                if (offer == null) {
                    return null;
                }
                offers.add(offer);
            }
        }
        return offers.isEmpty() && !lines.isEmpty() ? null : offers;
    }

    private static @Nullable ExtensionOffer offer(String[] words) {
        List<Parameter> parameters = new ArrayList<>();
        for (String word : words) {
            var parameter = PARAMETER.matcher(word);
            if (!parameter.matches()) {
                return null;
            }
            String value = parameter.group(2);
            boolean quoted = value != null && value.startsWith("\"");
            String plain = quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
            parameters.add(new Parameter(parameter.group(1), plain, quoted));
        }
        Parameter name = parameters.remove(0);
        return name.value() == null ? new ExtensionOffer(name.name(), parameters) : null;
    }
}
