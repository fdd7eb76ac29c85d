package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sec-WebSocket-Extensions, each line of the input a line of the header: the same as {@link PlainExtensions} says, and the same again
 * when it is written down in one line.
 */
public final class ExtensionsFuzz {

    private ExtensionsFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
        List<ExtensionOffer> offers = parse(lines);
        assertThat(offers).isEqualTo(PlainExtensions.read(lines));
        if (offers != null) {
            assertThat(parse(List.of(written(offers)))).isEqualTo(offers);
        }
    }

    private static @Nullable List<ExtensionOffer> parse(List<String> lines) {
        try {
            return ExtensionOffer.parse(lines);
        } catch (HttpRefusal refusal) {
            assertThat(refusal.status()).isEqualTo(400);
            return null;
        }
    }

    private static String written(List<ExtensionOffer> offers) {
        return offers.stream()
                .map(offer -> offer.name()
                        + offer.parameters().stream()
                                .map(ExtensionsFuzz::written)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(","));
    }

    private static String written(ExtensionOffer.Parameter parameter) {
        String quote = parameter.quoted() ? "\"" : "";
        return "; " + parameter.name() + (parameter.value() == null ? "" : " = " + quote + parameter.value() + quote);
    }
}
