package io.hexsocket.core.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads the files that a configuration names; {@code Files::readAllBytes} is one that knows no folders. */
@FunctionalInterface
public interface MaterialReader {

    /**
     * The content of a file.
     *
     * @throws IOException if it cannot be read
     */
    byte[] read(Path file) throws IOException;

    /**
     * The files of a folder whose names end in {@code .pem}, {@code .crt} or {@code .cer}, in the order of their names; the path itself if it
     * is no folder.
     *
     * @throws IOException if the folder cannot be read
     */
    default List<Path> files(Path path) throws IOException {
        return List.of(path);
    }

    /** Whether a file of a folder is one of those of {@link #files}, by its name. */
    static boolean isPem(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".pem") || name.endsWith(".crt") || name.endsWith(".cer");
    }
}
