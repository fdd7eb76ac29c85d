package io.hexsocket.demo;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import io.hexsocket.apps.violations.ApiOffenders;
import io.hexsocket.core.architecture.CoreLaws;
import io.hexsocket.core.architecture.Law;
import io.hexsocket.transport.nio.violations.NioOffenders;
import io.hexsocket.transport.vertx.violations.VertxOffenders;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layers of the house, seen from the one module that sees them all. What the core may know is in {@link CoreLaws}. */
class LayeringTest {

    /** Every package outside the core that has a class. A new, renamed or emptied package is to be written here. */
    private static final Set<String> PACKAGES = Set.of(
            "io.hexsocket.apps",
            "io.hexsocket.apps.json",
            "io.hexsocket.apps.message",
            "io.hexsocket.transport.nio",
            "io.hexsocket.transport.vertx",
            "io.hexsocket.demo",
            "io.hexsocket.demo.apps");

    private static final JavaClasses HOUSE = Law.shippedIn("io.hexsocket");

    private static final String APPS = "io.hexsocket.apps..";
    private static final String JSON = "io.hexsocket.apps.json..";
    private static final String NIO = "io.hexsocket.transport.nio..";
    private static final String VERTX = "io.hexsocket.transport.vertx..";
    private static final String TRANSPORTS = "io.hexsocket.transport..";
    private static final String DEMO = "io.hexsocket.demo..";

    static Stream<Law> laws() {
        return Stream.concat(CoreLaws.all().stream(), lawsBetweenModules().stream());
    }

    private static List<Law> lawsBetweenModules() {
        return List.of(
                new Law(
                        classes()
                                .that()
                                .resideInAPackage(APPS)
                                .and()
                                .resideOutsideOfPackage(JSON)
                                .should()
                                .onlyDependOnClassesThat(theApiMayKnow())
                                .as("the API of apps knows java.* and JSpecify"),
                        ApiOffenders.AgainstPurity.class),
                new Law(
                        only(List.of(JSON, DEMO), "com.fasterxml..")
                                .as("Jackson is known to the JSON layer of the API and to the demo"),
                        NioOffenders.AgainstJackson.class),
                new Law(
                        only(List.of(TRANSPORTS, DEMO), "org.slf4j..")
                                .as("SLF4J is known to the transports and to the demo"),
                        ApiOffenders.AgainstLogging.class),
                new Law(
                        only(List.of(DEMO), "ch.qos.logback..").as("Logback is known to the demo"),
                        NioOffenders.AgainstLogback.class),
                new Law(
                        only(List.of(VERTX), "io.vertx..", "io.netty..")
                                .as("Vert.x and its Netty are known to the Vert.x transport"),
                        NioOffenders.AgainstVertx.class),
                new Law(
                        only(List.of(NIO, DEMO), NIO)
                                .as("the NIO transport is known to the demo, and not to the other transport"),
                        VertxOffenders.AgainstNio.class),
                new Law(
                        only(List.of(VERTX, DEMO), VERTX)
                                .as("the Vert.x transport is known to the demo, and not to the other transport"),
                        NioOffenders.AgainstOtherTransport.class),
                new Law(only(List.of(DEMO), DEMO).as("nobody knows the demo"), NioOffenders.AgainstDemo.class));
    }

    /** Nobody but {@code friends} depends on {@code packages}. */
    private static ArchRule only(List<String> friends, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(friends.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }

    private static DescribedPredicate<JavaClass> theApiMayKnow() {
        var friends = resideInAnyPackage(APPS, "java..", "org.jspecify..").and(resideOutsideOfPackage(JSON));
        return DescribedPredicate.describe("the API may know", type -> {
            JavaClass element = type.getBaseComponentType();
            return element.isPrimitive() || friends.test(element);
        });
    }

    @Test
    void lawsLookAtEveryPackage() {
        Set<String> everything = new TreeSet<>(PACKAGES);
        everything.addAll(CoreLaws.PACKAGES);
        assertThat(Law.packagesOf(HOUSE))
                .as("packages seen; a change belongs in LayeringTest.PACKAGES or CoreLaws.PACKAGES")
                .containsExactlyInAnyOrderElementsOf(everything);
    }

    @ParameterizedTest
    @MethodSource("laws")
    void houseKeepsLaw(Law law) {
        law.assertKeptBy(HOUSE);
    }

    @ParameterizedTest
    @MethodSource("laws")
    void lawCatchesItsOffenders(Law law) {
        law.assertCatchesItsOffenders();
    }
}
