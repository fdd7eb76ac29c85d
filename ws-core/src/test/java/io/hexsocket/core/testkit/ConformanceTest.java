package io.hexsocket.core.testkit;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hexsocket.apps.AppOptions;
import io.hexsocket.core.config.Limits;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@DisplayName("Conformance to RFC 6455, by the cases of the Autobahn test suite")
class ConformanceTest {

    private static final int LARGEST = 16 * 1024 * 1024;
    // what one read of a loopback connection gives
    private static final int SEGMENT_BYTES = 64 * 1024;

    @TestFactory
    @DisplayName("sections 1 to 7, at all cuts")
    Stream<DynamicTest> small() {
        return ConformanceSuite.small().stream()
                .map(one -> dynamicTest(one.toString(), () -> {
                    one.check(Scenario.echo().sends(one.stream()));
                    one.check(Scenario.echo().arrives(one.frameByFrame()));
                    one.check(Scenario.echo().arrives(one.pieces()));
                }));
    }

    @TestFactory
    @DisplayName("sections 9 and 10, whole and in the pieces that they name")
    Stream<DynamicTest> large() {
        Scenario scenario = Scenario.echo()
                .limits(Limits.DEFAULT.queuedBytes(2 * LARGEST))
                .options(AppOptions.DEFAULT.maxMessageBytes(LARGEST));
        return ConformanceSuite.large().map(later -> {
            ConformanceCase one = later.get();
            return dynamicTest(one.toString(), () -> {
                byte[] stream = one.stream();
                one.check(scenario.arrives(List.of(stream)));
                one.check(scenario.arrives(one.frameByFrame()));
                one.check(scenario.arrives(Cuts.every(one.chop() == 0 ? SEGMENT_BYTES : one.chop(), stream)));
            });
        });
    }
}
