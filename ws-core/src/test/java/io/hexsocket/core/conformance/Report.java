package io.hexsocket.core.conformance;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of a run, for people and for programs. */
final class Report {

    private static final Map<String, String> SECTIONS = new LinkedHashMap<>();

    static {
        SECTIONS.put("1", "framing");
        SECTIONS.put("2", "pings and pongs");
        SECTIONS.put("3", "reserved bits");
        SECTIONS.put("4", "opcodes");
        SECTIONS.put("5", "fragmentation");
        SECTIONS.put("6", "UTF-8");
        SECTIONS.put("7", "close frames");
        SECTIONS.put("9", "sizes and round trips");
        SECTIONS.put("10", "auto-fragmentation");
        SECTIONS.put("12", "compression, five contents");
        SECTIONS.put("13", "compression, seven offers");
        SECTIONS.put("C", "closing handshake");
        SECTIONS.put("D", "compression, offers and streams");
        SECTIONS.put("H", "opening handshake");
        SECTIONS.put("U", "UTF-8, once more");
    }

    private final List<Result> results;

    Report(List<Result> results) {
        this.results = results;
    }

    boolean hasFailures() {
        return results.stream().anyMatch(result -> result.verdict() == Verdict.FAILED);
    }

    /** The same but for the sections that were not tried. */
    String markdown() {
        StringBuilder out = new StringBuilder("| section | about | cases |");
        for (Verdict verdict : Verdict.values()) {
            out.append(' ').append(verdict).append(" |");
        }
        out.append("\n|---|---|---:|---:|---:|---:|---:|\n");
        Map<Verdict, Integer> all = new EnumMap<>(Verdict.class);
        SECTIONS.forEach((section, about) -> {
            Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
            results.stream()
                    .filter(result -> result.of().section().equals(section))
                    .forEach(result -> counts.merge(result.verdict(), 1, Integer::sum));
            counts.forEach((verdict, count) -> all.merge(verdict, count, Integer::sum));
            if (!counts.isEmpty()) {
                row(out, section, about, counts);
            }
        });
        row(out, "all", "", all);
        out.append('\n');
        remarks(out);
        return out.toString();
    }

    /** A line for each run of cases in which the same is to be said. */
    private void remarks(StringBuilder out) {
        for (int from = 0; from < results.size(); ) {
            Result first = results.get(from);
            int to = from + 1;
            while (to < results.size() && isSaidOf(first, results.get(to))) {
                to++;
            }
            if (first.verdict() != Verdict.OK) {
                out.append("* ").append(first.of().id());
                if (to > from + 1) {
                    out.append(" to ").append(results.get(to - 1).of().id());
                }
                out.append(": ")
                        .append(first.verdict())
                        .append(", ")
                        .append(first.remark())
                        .append('\n');
            }
            from = to;
        }
    }

    private static boolean isSaidOf(Result first, Result other) {
        return first.verdict() == other.verdict() && first.remark().equals(other.remark());
    }

    private static void row(StringBuilder out, String section, String about, Map<Verdict, Integer> counts) {
        out.append("| ").append(section).append(" | ").append(about).append(" | ");
        out.append(counts.values().stream().mapToInt(Integer::intValue).sum()).append(" |");
        for (Verdict verdict : Verdict.values()) {
            out.append(' ').append(counts.getOrDefault(verdict, 0)).append(" |");
        }
        out.append('\n');
    }

    /** One object a case. */
    String json() {
        StringBuilder out = new StringBuilder("[");
        for (Result result : results) {
            out.append(out.length() == 1 ? "\n" : ",\n").append("  {");
            field(out, "id", result.of().id()).append(", ");
            field(out, "title", result.of().title()).append(", ");
            field(out, "rfc", result.of().rfc()).append(", ");
            field(out, "verdict", result.verdict().toString()).append(", ");
            field(out, "remark", result.remark()).append(", \"millis\": ");
            out.append(result.millis()).append('}');
        }
        return out.append("\n]\n").toString();
    }

    private static StringBuilder field(StringBuilder out, String name, String value) {
        out.append('"').append(name).append("\": \"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"');
    }
}
