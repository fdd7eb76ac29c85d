package io.hexsocket.core.handshake;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of Sec-WebSocket-Extensions (RFC 6455 section 9.1): its grammar has been checked, its meaning has not.
 *
 * @param name a token, as sent
 * @param parameters in their order, duplicates included
 */
public record ExtensionOffer(String name, List<Parameter> parameters) {

    /**
     * One parameter of an offer.
     *
     * @param name a token, as sent
     * @param value a token, unquoted; null if there is no equals sign
     * @param quoted whether the value came in quotes
     */
    public record Parameter(String name, @Nullable String value, boolean quoted) {}

    /** Makes the list its own. */
    public ExtensionOffer {
        parameters = List.copyOf(parameters);
    }

    /**
     * Parses all lines of the header, which "MAY be split or combined across multiple lines".
     *
     * @throws HttpRefusal 400 if one of them breaks the grammar
     */
    static List<ExtensionOffer> parse(List<String> lines) throws HttpRefusal {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String line : lines) {
            new Reader(line).readInto(offers);
        }
        // 9.1: extension-list = 1#extension
        if (offers.isEmpty()) {
            throw badGrammar();
        }
        return List.copyOf(offers);
    }

    private static HttpRefusal badGrammar() {
        return HttpRefusal.badRequest("Sec-WebSocket-Extensions breaks the grammar of RFC 6455, section 9.1");
    }

    /** Reads one line from left to right. */
    private static final class Reader {

        private final String line;
        private int at;

        Reader(String line) {
            this.line = line;
        }

        void readInto(List<ExtensionOffer> offers) throws HttpRefusal {
            do {
                skipBlanks();
                if (at < line.length() && line.charAt(at) != ',') {
                    offers.add(extension());
                }
            } while (skip(','));
            if (at < line.length()) {
                throw badGrammar();
            }
        }

        // 9.1: extension = extension-token *( ";" extension-param )
        private ExtensionOffer extension() throws HttpRefusal {
            String name = token();
            List<Parameter> parameters = new ArrayList<>();
            while (skip(';')) {
                parameters.add(parameter());
            }
            return new ExtensionOffer(name, parameters);
        }

        // 9.1: extension-param = token [ "=" (token | quoted-string) ]
        private Parameter parameter() throws HttpRefusal {
            String name = token();
            if (!skip('=')) {
                return new Parameter(name, null, false);
            }
            skipBlanks();
            boolean quoted = at < line.length() && line.charAt(at) == '"';
            return new Parameter(name, quoted ? quotedString() : token(), quoted);
        }

        private String token() throws HttpRefusal {
            skipBlanks();
            int from = at;
            while (at < line.length() && Ascii.isTokenChar(line.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw badGrammar();
            }
            return line.substring(from, at);
        }

        private String quotedString() throws HttpRefusal {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < line.length() && line.charAt(at) != '"') {
                if (line.charAt(at) == '\\') {
                    at++;
                }
                // 9.1: "the value after quoted-string unescaping MUST conform to the 'token' ABNF"
                if (at == line.length() || !Ascii.isTokenChar(line.charAt(at))) {
                    throw badGrammar();
                }
                value.append(line.charAt(at++));
            }
            if (at == line.length() || value.isEmpty()) {
                throw badGrammar();
            }
            at++;
            return value.toString();
        }

        private boolean skip(char delimiter) {
            skipBlanks();
            boolean found = at < line.length() && line.charAt(at) == delimiter;
            if (found) {
                at++;
            }
            return found;
        }

        // RFC 2616, 2.1: "implied *LWS": white space is allowed between any two words and delimiters
        private void skipBlanks() {
            while (at < line.length() && Ascii.isBlank(line.charAt(at))) {
                at++;
            }
        }
    }
}
