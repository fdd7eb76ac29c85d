package io.hexsocket.core.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The table in {@code docs/conformance.md}. Every run that tries all cases has to come to it, whatever it runs against; with
 * {@code -Dconformance.write=true} the run writes it.
 */
final class ResultsDocument {

    private static final Path FILE = Path.of(System.getProperty("basedir", "."), "..", "docs", "conformance.md");
    private static final String BEGIN = "<!-- the results begin -->\n";
    private static final String END = "<!-- the results end -->\n";

    private ResultsDocument() {}

    static void check(List<Result> results) throws IOException {
        String document = Files.readString(FILE);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        String table = new Report(results).markdown();
        if (Boolean.getBoolean("conformance.write")) {
            Files.writeString(FILE, document.substring(0, begin) + table + document.substring(end));
        } else {
            assertThat(table)
                    .as("the table of docs/conformance.md, which -Dconformance.write=true brings up to date")
                    .isEqualTo(document.substring(begin, end));
        }
    }
}
