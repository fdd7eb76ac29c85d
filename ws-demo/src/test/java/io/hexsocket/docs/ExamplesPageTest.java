package io.hexsocket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages show is between {@code // doc>} and {@code // <doc} in tests and samples that run, and all of that is shown. */
class ExamplesPageTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");
    private static final Pattern SHOWN = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern MARKED = Pattern.compile("(?s) *// doc> [^\n]+\n(.*?) *// <doc\n");

    @ParameterizedTest
    @CsvSource({
        "docs/embedding.md, ws-demo/src/test/java/io/hexsocket/docs/EmbeddingExamplesTest.java docs/samples",
        "docs/testing.md, ws-demo/src/test/java/io/hexsocket/docs/TestingExamplesTest.java",
        "docs/writing-apps.md, ws-demo/src/test/java/io/hexsocket/docs/WritingAppsExamplesTest.java",
    })
    void codeOfAPageIsCodeThatRuns(String page, String sources) {
        List<String> shown = SHOWN.matcher(text(ROOT.resolve(page)))
                .results()
                .map(found -> found.group(1))
                // a whole file of a project, which OwnAppsTest builds and serves
                .filter(code -> !code.startsWith("// src/"))
                .toList();
        Set<String> marked = new LinkedHashSet<>();
        for (String source : sources.split(" ")) {
            marked.addAll(marked(ROOT.resolve(source)));
        }
        assertThat(marked).isNotEmpty();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(marked);
    }

    private static List<String> marked(Path source) {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(source)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .forEach(file -> MARKED.matcher(text(file))
                            .results()
                            .forEach(found ->
                                    all.add(found.group(1).stripTrailing().stripIndent() + "\n")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return all;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
