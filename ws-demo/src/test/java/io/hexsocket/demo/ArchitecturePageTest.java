package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/architecture.md says of paths through the code is so. */
class ArchitecturePageTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");
    private static final Pattern METHOD = Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`");

    @Test
    void everyMethodThatArchitecturePageNamesIsDeclaredByThatClass() throws IOException {
        Map<String, String> classes = new TreeMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path main = module.resolve("src/main/java");
                if (Files.isDirectory(main)) {
                    addClasses(classes, main);
                }
            }
        }
        List<MatchResult> named = METHOD.matcher(Files.readString(ROOT.resolve("docs/architecture.md")))
                .results()
                .toList();
        assertThat(named).hasSizeGreaterThan(50);
        assertThat(named)
                .allSatisfy(name -> assertThat(classes.getOrDefault(name.group(1), ""))
                        .as(name.group())
                        .containsPattern("(?m)^ {4}(?:[\\w@<>\\[\\]?.,]+ )*" + name.group(2) + "\\("));
    }

    private static void addClasses(Map<String, String> classes, Path main) throws IOException {
        try (Stream<Path> files = Files.walk(main)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                // two modules may have a class of one name
                classes.merge(
                        file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
            }
        }
    }
}
