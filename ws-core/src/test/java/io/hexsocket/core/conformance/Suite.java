package io.hexsocket.core.conformance;

import java.util.List;
import java.util.stream.Stream;

/** All cases, in their order. */
final class Suite {

    private static final List<Case> ALL = Stream.of(
                    ProtocolCases.all(), LargeCases.all(), DeflateCases.all(), HandshakeCases.all(), ClosingCases.all())
            .flatMap(List::stream)
            .sorted(Suite::compare)
            .toList();

    private Suite() {}

    static List<Case> all() {
        return ALL;
    }

    /** By the parts of the ids, numbers before letters. */
    private static int compare(Case a, Case b) {
        String[] left = a.id().split("\\.");
        String[] right = b.id().split("\\.");
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = left[i].length() != right[i].length()
                            && Character.isDigit(left[i].charAt(0))
                            && Character.isDigit(right[i].charAt(0))
                    ? Integer.compare(left[i].length(), right[i].length())
                    : left[i].compareTo(right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    /** Those whose ids begin so; all if there is nothing to begin with. */
    static List<Case> beginningWith(List<String> prefixes) {
        return ALL.stream()
                .filter(one -> prefixes.isEmpty()
                        || prefixes.stream().anyMatch(prefix -> (one.id() + ".").startsWith(prefix + ".")))
                .toList();
    }
}
