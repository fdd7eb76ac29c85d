package io.hexsocket.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CoreLawsTest {

    private static final JavaClasses CORE = Law.shippedIn("io.hexsocket.core");

    static List<Law> laws() {
        return CoreLaws.all();
    }

    @Test
    void lawsLookAtEveryPackageOfTheCore() {
        assertThat(Law.packagesOf(CORE))
                .as("packages seen; a change belongs in CoreLaws.PACKAGES")
                .containsExactlyInAnyOrderElementsOf(CoreLaws.PACKAGES);
    }

    @ParameterizedTest
    @MethodSource("laws")
    void coreKeepsLaw(Law law) {
        law.assertKeptBy(CORE);
    }

    @ParameterizedTest
    @MethodSource("laws")
    void lawCatchesItsOffenders(Law law) {
        law.assertCatchesItsOffenders();
    }
}
