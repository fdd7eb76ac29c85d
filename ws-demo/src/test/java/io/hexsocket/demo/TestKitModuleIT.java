package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.core.ServerCore;
import io.hexsocket.core.testkit.MemoryServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the test kit on a module path, beside the jars that it is about. */
class TestKitModuleIT {

    private static final String DESCRIPTOR = """
            module some.app {
                requires io.hexsocket.core;
                requires io.hexsocket.testkit;
                exports some.app;
            }
            """;

    private static final String PROGRAM = """
            package some.app;

            import io.hexsocket.apps.Session;
            import io.hexsocket.core.testkit.MemoryServer;
            import java.util.List;
            import java.util.function.Supplier;

            public final class Echoes implements Supplier<List<String>> {
                @Override
                public List<String> get() {
                    MemoryServer server = MemoryServer.serving(session -> Session::send);
                    List<String> texts = server.open().sendTexts("one", "two").close().texts();
                    server.assertNothingIsLeft();
                    return texts;
                }
            }
            """;

    @Test
    void testKitHasNoPackageOfTheCores() throws Exception {
        assertThat(packages(MemoryServer.class, "io.hexsocket.testkit"))
                .containsExactlyInAnyOrder(
                        "io.hexsocket.core.testkit",
                        "io.hexsocket.core.testkit.assertj",
                        "io.hexsocket.core.testkit.junit",
                        "io.hexsocket.core.contract",
                        "io.hexsocket.core.contract.cluster",
                        "io.hexsocket.core.simulation",
                        "io.hexsocket.core.conformance")
                .doesNotContainAnyElementsOf(packages(ServerCore.class, "io.hexsocket.core"));
    }

    @Test
    void moduleThatRequiresTheTestKitServesAClientInMemory(@TempDir Path folder) throws Exception {
        Path sources = Files.createDirectories(folder.resolve("sources/some/app"));
        Path descriptor = Files.writeString(folder.resolve("sources/module-info.java"), DESCRIPTOR);
        Path program = Files.writeString(sources.resolve("Echoes.java"), PROGRAM);
        Path classes = folder.resolve("classes");
        List<Path> modules =
                List.of(jar(App.class), jar(ServerCore.class), jar(MemoryServer.class), jar(Nullable.class));

        StringWriter said = new StringWriter();
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "--module-path",
                        String.join(
                                System.getProperty("path.separator"),
                                modules.stream().map(Path::toString).toList()),
                        "-d",
                        classes.toString(),
                        descriptor.toString(),
                        program.toString());
        assertThat(status).as("%s", said).isZero();

        modules = Stream.concat(modules.stream(), Stream.of(classes)).toList();
        ModuleLayer boot = ModuleLayer.boot();
        Configuration resolved = boot.configuration()
                .resolve(ModuleFinder.of(modules.toArray(new Path[0])), ModuleFinder.of(), Set.of("some.app"));
        Object echoes = boot.defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader())
                .findLoader("some.app")
                .loadClass("some.app.Echoes")
                .getConstructor()
                .newInstance();
        assertThat(((Supplier<?>) echoes).get()).isEqualTo(List.of("one", "two"));
    }

    private static Set<String> packages(Class<?> inside, String module) throws Exception {
        return ModuleFinder.of(jar(inside))
                .find(module)
                .orElseThrow()
                .descriptor()
                .packages();
    }

    private static Path jar(Class<?> inside) throws URISyntaxException {
        Path jar = Path.of(
                inside.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(jar)
                .as("the test runs on jars, so not before they are packaged")
                .isRegularFile();
        return jar;
    }
}
