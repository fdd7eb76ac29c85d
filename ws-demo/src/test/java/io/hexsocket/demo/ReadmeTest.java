package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README and the docs show compiles as it stands there. */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*$");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package .*$");
    private static final Pattern TYPE = Pattern.compile("(?m)^public (?:final )?class (\\w+)");

    // what a reader takes for granted around a piece of an app
    private static final String AROUND = """
            import io.hexsocket.apps.*;
            import io.hexsocket.apps.json.*;
            import io.hexsocket.core.config.*;
            import java.nio.ByteBuffer;
            import java.time.Duration;
            import java.util.List;
            import java.util.concurrent.*;
            """;

    @TempDir
    Path classes;

    @Test
    void wholeProgramOfTheReadmeCompiles() throws Exception {
        List<String> programs = code("README.md").stream()
                .filter(code -> TYPE.matcher(code).find())
                .toList();
        assertThat(programs).hasSize(1);
        Matcher type = TYPE.matcher(programs.get(0));
        assertThat(type.find()).isTrue();
        assertCompiles(type.group(1), programs.get(0));
    }

    @Test
    void piecesOfTheDialogueCompile() throws Exception {
        List<String> pieces = code("docs/dialogue.md");
        assertThat(pieces).isNotEmpty();
        for (String code : pieces) {
            assertCompiles("Piece", program(code));
        }
    }

    private static String program(String code) {
        String known = """
                abstract class Known implements App {
                    Session session;
                    @Override public Listener onOpen(Session session) { return Session::send; }
                }
                """;
        String imports = IMPORT.matcher(code).results().map(MatchResult::group).collect(Collectors.joining("\n"));
        String body = PACKAGE.matcher(IMPORT.matcher(code).replaceAll("")).replaceAll("");
        boolean members = body.contains("@Override\npublic") || body.contains("final class");
        String inside = members ? body : "void piece() {\n" + body + "\n}";
        return AROUND + imports + "\n" + known + "class Piece extends Known {\n" + inside + "\n}";
    }

    private static List<String> code(String file) throws Exception {
        return CODE.matcher(Files.readString(ROOT.resolve(file)))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private void assertCompiles(String type, String code) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler).as("a JDK, not only a JRE").isNotNull();
        StringWriter said = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(said, null, null, options, null, List.of(source(type, code)))
                .call();
        assertThat(compiled).as("%s%n%s", said, code).isTrue();
    }

    private static JavaFileObject source(String type, String code) {
        return new SimpleJavaFileObject(URI.create("string:///" + type + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }
}
