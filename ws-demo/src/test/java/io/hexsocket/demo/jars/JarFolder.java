package io.hexsocket.demo.jars;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Jars of apps, compiled as a test wants them. */
public final class JarFolder {

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    // one for all: it keeps what it has read of the JDK
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, UTF_8);
    private static final Path API = Path.of(URI.create(
            App.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    private static final String SERVICE = "META-INF/services/io.hexsocket.apps.AppProvider";

    private final Path folder;
    private final Path work;

    /** @param root of an empty folder */
    public JarFolder(Path root) throws IOException {
        this.folder = Files.createDirectories(root.resolve("apps"));
        this.work = Files.createDirectories(root.resolve("work"));
    }

    /** Where the jars are. */
    public Path path() {
        return folder;
    }

    /** Compiles a class and packs it into a jar, which names it as a provider. */
    public Path jar(String jar, String type, String source) throws IOException {
        return pack(jar, type, classes(jar, type, source, List.of()));
    }

    /** A provider {@code P} with a body for {@code register}; further classes may follow. */
    Path provider(String jar, String name, String body) throws IOException {
        return jar(jar, "P", source(name, body));
    }

    static String source(String name, String body) {
        return """
                import io.hexsocket.apps.*;
                import java.util.Map;
                public class P implements AppProvider {
                    static final App ECHO = session -> Session::send;
                    public String name() { return "%s"; }
                    public void register(Apps apps, Map<String, String> settings) throws Exception {
                        %s
                    }
                }
                """.formatted(name, body);
    }

    /** Compiles, and tells where the classes are. */
    Path classes(String jar, String type, String source, List<Path> classPath) throws IOException {
        Path classes = Files.createDirectories(work.resolve(jar + ".classes"));
        Path file = Files.createDirectories(work.resolve(jar)).resolve(type.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        StringWriter said = new StringWriter();
        String path = Stream.concat(Stream.of(API), classPath.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", path);
        boolean compiled = COMPILER.getTask(said, FILES, null, options, null, FILES.getJavaFileObjects(file))
                .call();
        assertThat(compiled).as("%s%n%s", said, source).isTrue();
        return classes;
    }

    Path pack(String jar, String service, Path classes) throws IOException {
        Path file = folder.resolve(jar);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> all = Files.walk(classes)) {
            for (Path one : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new JarEntry(classes.relativize(one).toString()));
                Files.copy(one, out);
            }
            if (!service.isEmpty()) {
                out.putNextEntry(new JarEntry(SERVICE));
                out.write(service.getBytes(UTF_8));
            }
        }
        return file;
    }
}
