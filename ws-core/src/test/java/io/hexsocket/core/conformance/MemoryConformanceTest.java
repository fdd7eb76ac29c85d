package io.hexsocket.core.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hexsocket.core.conformance.Case.Upgrade;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@DisplayName("Conformance of the core in memory")
class MemoryConformanceTest {

    private static final int RANDOM_RUNS = 4;

    private final Target target = new MemoryTarget();

    @TestFactory
    @DisplayName("however what a client sends is cut")
    Stream<DynamicTest> corePassesEveryConformanceCaseHoweverItIsCut() {
        List<Result> results = new ArrayList<>();
        Stream<DynamicTest> cases = Suite.all().stream()
                .map(one -> dynamicTest(one.toString(), () -> {
                    Result declared = Runner.run(one, target, Cut.DECLARED, Scale.BUILD);
                    results.add(declared);
                    declared.assertStrict();
                    assertSame(declared, "byte by byte", Runner.run(one, target, Cut.BYTEWISE, Scale.BUILD));
                    if (one.opening() instanceof Upgrade) {
                        assertSame(declared, "glued to the request", Runner.runGlued(one, target));
                    }
                    for (int seed = 0; seed < RANDOM_RUNS; seed++) {
                        assertSame(
                                declared, "with seed " + seed, Runner.run(one, target, Cut.random(seed), Scale.BUILD));
                    }
                }));
        return Stream.concat(
                cases, Stream.of(dynamicTest("all as docs/conformance.md says", () -> ResultsDocument.check(results))));
    }

    private static void assertSame(Result declared, String how, Result cut) {
        assertThat(List.of(cut.verdict(), cut.remark()))
                .as("%s, cut %s", cut.of(), how)
                .isEqualTo(List.of(declared.verdict(), declared.remark()));
    }
}
