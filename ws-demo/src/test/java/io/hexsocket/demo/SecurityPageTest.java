package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/security.md says of limits is so, and what it says of attacks is tested. */
class SecurityPageTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");
    private static final String WITHOUT_A_TEST = "### Without a test";

    private static final Pattern ID_ROW = Pattern.compile("(?m)^\\| ([A-Z])(\\d{1,2}) \\| (.+) \\| (.+) \\|$");
    private static final Pattern REASON_ROW =
            Pattern.compile("(?m)^\\| ([A-Z]\\d{1,2}(?: [A-Z]\\d{1,2})*) \\| (.+) \\|$");
    private static final Pattern LIMIT_ROW =
            Pattern.compile("(?m)^\\| `((?:limits|timeouts)\\.\\w+)` \\| `(.+?)` \\| (.+) \\|$");

    // how the ids stand in the name of a test: "F1 F8 judge ..." in a display name, o6o7WrongWord... in a method's
    private static final Pattern DISPLAY_NAME = Pattern.compile(
            "(?:@DisplayName\\(|\\bname = |dynamicTest\\(|dynamicContainer\\()\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern METHOD_NAME = Pattern.compile("\\bvoid ((?:[a-z]\\d{1,2})+)[A-Z]\\w*\\(");
    private static final Pattern ID = Pattern.compile("\\b[A-Z]\\d{1,2}\\b");
    private static final Pattern ID_IN_METHOD_NAME = Pattern.compile("[a-z]\\d{1,2}");

    private final String page = read(ROOT.resolve("docs/security.md"));

    @Test
    void everyIdHasATestOrAReason() {
        Set<String> without = new TreeSet<>(ids());
        without.removeAll(testedIds());
        assertThat(without)
                .as("ids of docs/security.md that no test has in its name, and that have no reason there")
                .isSubsetOf(reasons().keySet());
    }

    @Test
    void noReasonIsLeftForAnIdThatHasATest() {
        assertThat(reasons().keySet())
                .as("ids of docs/security.md without a test")
                .doesNotContainAnyElementsOf(testedIds());
    }

    @Test
    void idsAreNumberedWithoutGaps() {
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        for (String id : ids()) {
            numbers.computeIfAbsent(id.substring(0, 1), letter -> new java.util.ArrayList<>())
                    .add(Integer.parseInt(id.substring(1)));
        }
        assertThat(numbers).isNotEmpty().allSatisfy((letter, found) -> {
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).as("number %d of %s", i + 1, letter).isEqualTo(i + 1);
            }
        });
    }

    @Test
    void reasonsAreForIdsOfThePage() {
        assertThat(ids()).containsAll(reasons().keySet());
    }

    @Test
    void limitsAreThoseOfTheProgram() {
        Map<String, String> documented = new TreeMap<>();
        Matcher row = LIMIT_ROW.matcher(page);
        while (row.find()) {
            documented.put(row.group(1), row.group(2));
        }
        Map<String, String> actual = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            if (setting.key().startsWith("limits.") || setting.key().startsWith("timeouts.")) {
                actual.put(setting.key(), setting.preset());
            }
        }
        assertThat(documented).isEqualTo(actual);
    }

    private List<String> ids() {
        return ID_ROW.matcher(page.substring(0, page.indexOf(WITHOUT_A_TEST)))
                .results()
                .map(row -> row.group(1) + row.group(2))
                .toList();
    }

    private Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        Matcher row = REASON_ROW.matcher(page.substring(page.indexOf(WITHOUT_A_TEST)));
        while (row.find()) {
            for (String id : row.group(1).split(" ")) {
                reasons.put(id, row.group(2));
            }
        }
        return reasons;
    }

    private static Set<String> testedIds() {
        Set<String> ids = new TreeSet<>();
        for (Path source : testSources()) {
            String text = read(source);
            DISPLAY_NAME
                    .matcher(text)
                    .results()
                    .forEach(name -> ID.matcher(name.group(1)).results().forEach(id -> ids.add(id.group())));
            METHOD_NAME
                    .matcher(text)
                    .results()
                    .forEach(name -> ID_IN_METHOD_NAME
                            .matcher(name.group(1))
                            .results()
                            .forEach(id -> ids.add(id.group().toUpperCase(Locale.ROOT))));
        }
        return ids;
    }

    private static List<Path> testSources() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> folders = modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
            List<Path> sources = new java.util.ArrayList<>();
            for (Path folder : folders) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
            assertThat(sources).as("test sources of %s", folders).hasSizeGreaterThan(50);
            return sources;
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
