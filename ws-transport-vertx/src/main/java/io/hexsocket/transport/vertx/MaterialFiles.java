package io.hexsocket.transport.vertx;

import io.hexsocket.core.tls.MaterialReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the files of a configuration's TLS from the disk. Any thread; blocks. */
final class MaterialFiles implements MaterialReader {

    @Override
    public byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Override
    public List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.list(path)) {
            return all.filter(file -> MaterialReader.isPem(file) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }
}
