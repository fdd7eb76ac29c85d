package io.hexsocket.demo.jars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is served from jars, and what is said of a jar that is of no use. */
class AppJarsTest {

    @TempDir
    private Path root;

    private JarFolder folder;

    @BeforeEach
    void create() throws IOException {
        folder = new JarFolder(root);
    }

    @Test
    void providersGetTheirSettingsAndServePathsInTheOrderOfTheirJars() throws Exception {
        folder.provider("b.jar", "b", "apps.serve(\"/\" + settings.get(\"path\"), ECHO);");
        folder.provider("a.jar", "a", "apps.serve(\"/{room}\", ECHO); apps.serve(\"/a\", ECHO);");
        Files.writeString(folder.path().resolve("README"), "no jar, and none of the server's business");
        try (AppJars jars = AppJars.load(folder.path(), Map.of("b", Map.of("path", "news")), Set.of("/echo"))) {
            assertThat(jars.apps().keySet()).containsExactly("/{room}", "/a", "/news");
            assertThat(jars.names()).containsExactly("a", "b");
            assertThat(jars.jarOf("/news")).isEqualTo("b.jar");
            assertThat(jars.jarOf("/echo")).isEmpty();
        }
    }

    @Test
    void jarSeesTheApiJacksonAndSlf4jAndNothingElseOfTheServer() throws Exception {
        folder.provider("lent.jar", "lent", """
                for (String lent : new String[] {
                        "io.hexsocket.apps.json.JsonApp", "com.fasterxml.jackson.databind.JsonNode",
                        "com.fasterxml.jackson.annotation.JsonProperty", "org.slf4j.Logger", "java.sql.Driver"}) {
                    Class.forName(lent);
                }
                for (String hidden : new String[] {
                        "io.hexsocket.demo.Main", "io.hexsocket.core.Server", "io.hexsocket.apps.message.OwnedMessage",
                        "ch.qos.logback.classic.Logger", "io.netty.buffer.ByteBuf", "io.vertx.core.Vertx"}) {
                    try {
                        Class.forName(hidden);
                        throw new IllegalStateException(hidden + " is seen");
                    } catch (ClassNotFoundException right) {
                    }
                }
                if (Thread.currentThread().getContextClassLoader() != P.class.getClassLoader()) {
                    throw new IllegalStateException("context class loader");
                }
                apps.serve("/lent", ECHO);
                """);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (AppJars jars = load()) {
            assertThat(jars.apps()).containsOnlyKeys("/lent");
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        }
    }

    @Test
    void jarsHaveClassesOfTheSameNameEachForItself() throws Exception {
        folder.provider("a.jar", "a", "apps.serve(\"/a\", ECHO);");
        folder.provider("b.jar", "b", "apps.serve(\"/b\", ECHO);");
        try (AppJars jars = load()) {
            assertThat(jars.apps().get("/a").getClass().getClassLoader())
                    .isNotSameAs(jars.apps().get("/b").getClass().getClassLoader());
        }
    }

    @Test
    void closedJarLoadsNoFurtherClass() throws Exception {
        folder.provider("a.jar", "a", "apps.serve(\"/a\", ECHO);");
        AppJars jars = load();
        ClassLoader loader = jars.apps().get("/a").getClass().getClassLoader();
        assertThat(loader.getResource("P.class")).isNotNull();
        jars.close();
        assertThat(loader.getResource("P.class")).isNull();
    }

    @Test
    void directoryIsReadableAndHasAJar() throws Exception {
        assertRefused(folder.path().toString(), "no jar in the directory", "put one there");
        assertThatThrownBy(() -> AppJars.load(root.resolve("none"), Map.of(), Set.of()))
                .isInstanceOf(AppJarException.class)
                .hasMessageContainingAll("cannot be read", "none", "name a directory with jars in it");
    }

    @Test
    void fileThatIsNoJarIsNamed() throws Exception {
        Files.writeString(folder.path().resolve("bad.jar"), "this is no zip file");
        assertRefused("bad.jar: is no jar, or damaged", "copy it again");
    }

    @Test
    void pipeIsNamedInsteadOfWaitedFor() throws Exception {
        Path pipe = folder.path().resolve("pipe.jar");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertRefused("pipe.jar: is no regular file");
    }

    @Test
    void initializerThatThrowsIsNamedByWhatItThrew() throws Exception {
        folder.provider(
                "a.jar",
                "a",
                "Broken.call();} static class Broken { static void call() {}"
                        + " static { if (true) throw new IllegalStateException(\"no driver\"); }");
        assertRefused("a.jar: its provider", "failed: java.lang.IllegalStateException: no driver at", "P.java");
    }

    @Test
    void appThatAnotherThreadServesIsRefused() throws Exception {
        String refused = "{ try { apps.serve(\"/late\", ECHO); } catch (IllegalStateException right) {"
                + " System.setProperty(\"refused.\" + Thread.currentThread().getName(), right.getMessage()); } }";
        folder.provider(
                "a.jar",
                "a",
                "apps.serve(\"/a\", ECHO); Thread other = new Thread(() -> " + refused
                        + ", \"other\"); other.start(); other.join();");
        try (AppJars jars = load()) {
            assertThat(jars.apps()).containsOnlyKeys("/a");
            assertThat(System.getProperty("refused.other")).contains("during register");
        } finally {
            System.clearProperty("refused.other");
        }
    }

    @Test
    void jarThatCannotBeReadIsNamed() throws Exception {
        Files.createSymbolicLink(folder.path().resolve("gone.jar"), root.resolve("nowhere"));
        assertRefused("gone.jar: cannot be read", "the server's user");
    }

    @Test
    void directoryThatIsCalledJarIsNamed() throws Exception {
        Files.createDirectory(folder.path().resolve("odd.jar"));
        assertRefused("odd.jar: is a directory");
    }

    @Test
    void jarWithoutAProviderIsNamed() throws Exception {
        folder.pack("lib.jar", "", folder.classes("lib.jar", "L", "class L {}", List.of()));
        assertRefused("lib.jar: names no provider", "META-INF/services/io.hexsocket.apps.AppProvider");
        folder.pack("lib.jar", "# nothing\n", folder.classes("lib.jar", "L", "class L {}", List.of()));
        assertRefused("lib.jar: names no provider", "is empty");
    }

    @Test
    void providerThatIsNotThereOrNoneIsNamed() throws Exception {
        folder.jar("a.jar", "P", "public class P {}");
        assertRefused("a.jar: META-INF/services", "P not a subtype", "has to name a public class");
        folder.pack("a.jar", "org.example.Gone", root.resolve("work/a.jar.classes"));
        assertRefused("a.jar: META-INF/services", "Provider org.example.Gone not found");
    }

    @Test
    void classOfANewerJavaIsNamed() throws Exception {
        Path classes = folder.classes("new.jar", "P", JarFolder.source("new", "apps.serve(\"/\", ECHO);"), List.of());
        byte[] bytes = Files.readAllBytes(classes.resolve("P.class"));
        // the major version of the class file
        bytes[7] = 99;
        Files.write(classes.resolve("P.class"), bytes);
        folder.pack("new.jar", "P", classes);
        assertRefused(
                "new.jar: was compiled for a newer Java",
                "--release " + Runtime.version().feature());
    }

    @Test
    void missingClassIsNamed() throws Exception {
        Path library = folder.classes("lib", "org.example.Lib", """
                package org.example; public class Lib { public static void call() {} }
                """, List.of());
        Path classes = folder.classes("a.jar", "P", JarFolder.source("a", "org.example.Lib.call();"), List.of(library));
        folder.pack("a.jar", "P", classes);
        assertRefused("a.jar: needs the class org.example.Lib", "pack the library into the jar");
    }

    @Test
    void providerThatThrowsIsNamedWithTheLine() throws Exception {
        folder.provider("a.jar", "a", "throw new IllegalStateException(\"no\\ndatabase\");");
        assertRefused("a.jar: its provider P failed: java.lang.IllegalStateException: no");
        folder.provider("a.jar", "a", "throw new AssertionError(\"odd\");");
        assertRefused("a.jar: its provider P failed: java.lang.AssertionError: odd at a.jar//P.register(P.java:7)");
    }

    @Test
    void settingThatAProviderRefusesIsShownInItsWords() throws Exception {
        folder.provider("a.jar", "a", "throw new IllegalArgumentException(\"app.a.port is x, must be a number\");");
        assertRefused("a.jar: app.a.port is x, must be a number");
    }

    @Test
    void providerWithoutAnAppOrANameIsRefused() throws Exception {
        folder.provider("a.jar", "a", "");
        assertRefused("a.jar: its provider a has registered no app");
        folder.provider("a.jar", "a b", "");
        assertRefused("a.jar: its provider is called \"a b\"", "letters, digits and hyphens");
    }

    @Test
    void whatAJarSaysIsCutInMessages() throws Exception {
        String name = "\" + \"x\".repeat(100_000) + \"";
        for (String body : List.of(
                "apps.serve(\"/" + name + "\", ECHO);",
                "throw new IllegalArgumentException(\"" + name + "\");",
                "throw new IllegalStateException(\"" + name + "\");",
                "throw new NoClassDefFoundError(\"" + name + "\");")) {
            folder.provider("a.jar", "a", body);
            assertThatThrownBy(this::load)
                    .isInstanceOf(AppJarException.class)
                    .satisfies(thrown -> assertThat(thrown.getMessage())
                            .startsWith("a.jar: ")
                            .contains("x".repeat(150))
                            .hasSizeLessThan(1200));
        }
        folder.provider("a.jar", name, "apps.serve(\"/a\", ECHO);");
        assertRefused("a.jar: its provider is called \"" + "x".repeat(200) + "…\"; a name has up to 64 letters");
    }

    @Test
    void pathThatIsNoneIsRefused() throws Exception {
        folder.provider("a.jar", "a", "apps.serve(settings.get(\"path\"), ECHO);");
        for (String path : List.of("news", "/a b", "/{a}b", "/a?b", "/{}")) {
            assertThatThrownBy(() -> AppJars.load(folder.path(), Map.of("a", Map.of("path", path)), Set.of()))
                    .isInstanceOf(AppJarException.class)
                    .hasMessageContaining("a.jar: \"" + path + "\" is no path");
        }
    }

    @Test
    void pathOrNameThatIsTakenTwiceIsRefused() throws Exception {
        folder.provider("a.jar", "a", "apps.serve(\"/{room}\", ECHO);");
        folder.provider("b.jar", "b", "apps.serve(\"/{other}\", ECHO);");
        assertRefused("b.jar: the path \"/{other}\" is taken by a.jar", "serve one of them elsewhere");
        folder.provider("b.jar", "a", "apps.serve(\"/b\", ECHO);");
        assertRefused("b.jar: its provider is called a as one of a.jar");
        folder.provider("a.jar", "a", "apps.serve(\"/echo\", ECHO);");
        assertRefused("a.jar: the path \"/echo\" is taken by the server's own samples; demo.apps = off");
    }

    private AppJars load() throws AppJarException {
        return AppJars.load(folder.path(), Map.of(), Set.of("/echo"));
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(this::load)
                .isInstanceOf(AppJarException.class)
                .hasMessageContainingAll(parts)
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(1));
    }
}
