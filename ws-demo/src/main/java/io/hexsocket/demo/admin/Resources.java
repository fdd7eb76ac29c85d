package io.hexsocket.demo.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Files of the jar, read once. */
final class Resources {

    private Resources() {}

    /** Answers with a file. */
    static Endpoint.Handler at(String name, String contentType) {
        return at(name, contentType, Map.of());
    }

    /** Answers with a file, and headers. */
    static Endpoint.Handler at(String name, String contentType, Map<String, String> headers) {
        Answer answer = new Answer(200, contentType, headers, read(name));
        return request -> answer;
    }

    private static byte[] read(String name) {
        try (InputStream file = Resources.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
