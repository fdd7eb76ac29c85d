package io.hexsocket.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves the hexagon, in the one module that sees all the others. The rules are the tables of {@link Rooms}. */
class ArchitectureTest {

    @LivesIn("transport.vertx")
    private static final class VertxInternals {}

    private static final List<Law> LAWS = Laws.all();

    static List<Law> laws() {
        return LAWS;
    }

    static Stream<Arguments> offenders() {
        return LAWS.stream().flatMap(law -> law.offenders().stream().map(offender -> Arguments.of(law, offender)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("laws")
    void everyShippedClassKeepsTheLaw(Law law) {
        assertThat(law.breaches().apply(House.CLASSES)).as(law.sentence()).isEmpty();
    }

    @ParameterizedTest(name = "{1} breaks: {0}")
    @MethodSource("offenders")
    void lawReportsItsOffenderOnceAndForTheRightReason(Law law, Offender offender) {
        assertThat(law.breaches().apply(offender.classes()))
                .as("what is reported of %s by: %s", offender, law)
                .singleElement()
                .asString()
                .endsWith(": " + offender.caught());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("laws")
    void everyLawHasAnOffender(Law law) {
        assertThat(law.offenders()).isNotEmpty();
    }

    @Test
    void lawsLookAtEveryPackageOfTheTablesAndNoOtherPackageShips() {
        Set<String> expected = new TreeSet<>(Rooms.EDGES.keySet());
        expected.removeAll(Rooms.EMPTY);
        assertThat(House.rooms())
                .as("packages with classes; Rooms.EMPTY has those without")
                .isEqualTo(expected);
    }

    @Test
    void bothTablesHaveTheSamePackages() {
        assertThat(Rooms.JDK.keySet()).isEqualTo(Rooms.EDGES.keySet());
        assertThat(Rooms.EDGES.keySet()).containsAll(Rooms.EMPTY);
    }

    @Test
    void edgesOfTheTableFormNoCircle() {
        Map<String, Set<String>> graph = new TreeMap<>();
        Rooms.EDGES.forEach((room, seen) -> graph.put(room, Set.copyOf(seen)));
        assertThat(Knots.in(graph))
                .hasSize(1)
                .first()
                .satisfies(circle -> assertThat(Set.copyOf(circle)).isEqualTo(Rooms.SEALED_TOGETHER));
    }

    @Test
    void everyPermissionIsStillNeeded() {
        assertThat(Laws.needlessPermissions(House.CLASSES)).isEmpty();
    }

    @Test
    void permissionsThatNoClassNeedsAreReported() {
        Collection<JavaClass> unlike = List.copyOf(new ClassFileImporter().importClasses(VertxInternals.class));
        Set<String> expected = new TreeSet<>();
        Rooms.KNOTTED.keySet().forEach(room -> expected.add("KNOTTED " + room));
        Rooms.WITH_MONITORS.forEach(room -> expected.add("WITH_MONITORS " + room));
        Rooms.MORE_OF_THE_JDK.keySet().forEach(name -> expected.add("MORE_OF_THE_JDK " + name));
        Rooms.VALUES.forEach(name -> expected.add("VALUES " + name));
        expected.add("VERTX_INTERNALS transport.vertx.VertxInternals");
        assertThat(Laws.needlessPermissions(unlike)).isEqualTo(expected);
    }

    @Test
    void modulesExportExactlyWhatTheTableSays() throws IOException {
        Map<String, List<String>> expected = new TreeMap<>();
        Rooms.EXPORTS.forEach((module, exports) -> expected.put(
                module,
                exports.stream()
                        .filter(name -> !Rooms.EMPTY.contains(name))
                        .sorted()
                        .toList()));
        Map<String, List<String>> actual = new TreeMap<>();
        House.modules().forEach((name, module) -> actual.put(name, House.exportsOf(module)));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void qualifiedExportsAndOpenPackagesCountAsExports() {
        ModuleDescriptor module = ModuleDescriptor.newModule("io.hexsocket.core")
                .exports("io.hexsocket.core")
                .exports("io.hexsocket.core.session", Set.of("io.hexsocket.bench"))
                .opens("io.hexsocket.core.hub")
                .build();
        assertThat(House.exportsOf(module)).containsExactly("core", "core.session to bench", "opens core.hub");
    }
}
