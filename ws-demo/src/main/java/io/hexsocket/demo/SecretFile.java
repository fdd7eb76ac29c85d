package io.hexsocket.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with a token or a key, which a command line would show to everybody on the host. */
final class SecretFile {

    private static final int MAX_BYTES = 64 * 1024;

    private SecretFile() {}

    /**
     * The first line that is neither empty nor a comment.
     *
     * @throws UsageException naming the option and the file, if there is none that a header can carry
     */
    static String firstLine(SettingValue file) throws UsageException {
        List<String> lines;
        try {
            Path path = Path.of(file.text());
            if (Files.size(path) > MAX_BYTES) {
                throw file.wrong("a file of a few lines");
            }
            lines = Files.readAllLines(path);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(file.label() + ": " + Printable.quoted(file.text()) + " cannot be read ("
                    + Printable.cut(e.toString()) + ")");
        }
        String secret = lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .orElse("");
        if (!secret.matches("[\\x21-\\x7E]+")) {
            throw file.wrong("a file with a line of ASCII letters, digits and signs");
        }
        return secret;
    }
}
