package io.hexsocket.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule of the house together with its offenders: a class whose every nested class breaks it. A law that lets one of its own offenders pass
 * is a law that does not look, and fails for that.
 */
public record Law(ArchRule rule, Class<?> offenders) {

    private static final ImportOption NOT_TESTS =
            location -> !location.contains("/test-classes/") && !location.contains("-tests.jar");

    /** What the modules of this build ship, of a package and all below it; whether they come as directories or as jars. */
    public static JavaClasses shippedIn(String rootPackage) {
        return new ClassFileImporter().withImportOption(NOT_TESTS).importPackages(rootPackage);
    }

    /** The packages that have at least one class of their own. */
    public static Set<String> packagesOf(JavaClasses classes) {
        Set<String> packages = new TreeSet<>();
        for (var type : classes) {
            if (!type.getSimpleName().equals("package-info")) {
                packages.add(type.getPackageName());
            }
        }
        return packages;
    }

    public void assertKeptBy(JavaClasses classes) {
        // A package that vanished is reported by the exact list of packages, in words that say so.
        rule.allowEmptyShould(true).check(classes);
    }

    public void assertCatchesItsOffenders() {
        Class<?>[] all = offenders.getDeclaredClasses();
        assertThat(all).as("offenders against: %s", this).isNotEmpty();
        assertThat(all)
                .as("offenders that this law lets pass: %s", this)
                .filteredOn(offender -> !catches(offender))
                .isEmpty();
    }

    private boolean catches(Class<?> offender) {
        JavaClasses alone = new ClassFileImporter().importClasses(Arrays.asList(offender));
        return rule.allowEmptyShould(true).evaluate(alone).hasViolation();
    }

    @Override
    public String toString() {
        return rule.getDescription();
    }
}
