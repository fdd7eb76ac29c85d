package io.hexsocket.core.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The textual encodings of RFC 7468, and the encapsulated headers of RFC 1421 that OpenSSL still writes. Pure functions. */
final class Pem {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /**
     * What is between two lines of dashes.
     *
     * @param label what the lines say it is
     * @param headers those before the content, most often none
     * @param content the bytes that the text encodes
     */
    record Block(String label, Map<String, String> headers, byte[] content) {}

    private Pem() {}

    /** All blocks of a file, in order. Text between them is for people. */
    static List<Block> blocks(Path file, byte[] content) throws TlsMaterialException {
        List<Block> blocks = new ArrayList<>();
        @Nullable String label = null;
        Map<String, String> headers = new HashMap<>();
        StringBuilder base64 = new StringBuilder();
        for (String untrimmed : new String(content, StandardCharsets.ISO_8859_1).split("[\r\n]+")) {
            String line = untrimmed.strip();
            if (label == null) {
                if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                    label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                }
            } else if (line.equals(END + label + DASHES)) {
                blocks.add(new Block(label, Map.copyOf(headers), decoded(base64.toString(), label, file)));
                label = null;
                headers.clear();
                base64.setLength(0);
            } else if (line.startsWith(DASHES)) {
                throw unfinished(file, label);
            } else if (line.indexOf(':') > 0) {
                int colon = line.indexOf(':');
                headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
            } else {
                base64.append(line);
            }
        }
        if (label != null) {
            throw unfinished(file, label);
        }
        if (blocks.isEmpty()) {
            throw new TlsMaterialException(withoutBlocks(file, content));
        }
        return blocks;
    }

    private static byte[] decoded(String base64, String label, Path file) throws TlsMaterialException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TlsMaterialException(
                    file + " is damaged within its " + label + ": that is not Base64; fetch or issue it again", e);
        }
    }

    private static TlsMaterialException unfinished(Path file, String label) {
        return new TlsMaterialException(file + " is not whole: its " + label
                + " begins and does not end; is it still being written, or was it cut while it was copied?");
    }

    private static String withoutBlocks(Path file, byte[] content) {
        if (content.length == 0) {
            return file + " is empty; is it still being written?";
        }
        boolean mayBeDer = content[0] == 0x30;
        return file + " is not a PEM file, it has no line that begins with " + BEGIN.strip()
                + (mayBeDer
                        ? "; it may be DER or PKCS#12, which openssl can turn into PEM"
                        : "; is it the right file?");
    }
}
