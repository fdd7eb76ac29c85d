package io.hexsocket.core.tls;

import java.io.IOException;
import java.nio.file.Path;

/** Reads the files that a configuration names; {@code Files::readAllBytes} is one. */
@FunctionalInterface
public interface MaterialReader {

    /**
     * The content of a file.
     *
     * @throws IOException if it cannot be read
     */
    byte[] read(Path file) throws IOException;
}
