package io.hexsocket.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Classes that break one law once. */
record Offender(String name, Collection<JavaClass> classes, String caught) {

    /** The nested classes that are {@link Caught}; the others are what these depend on. */
    static List<Offender> nestedIn(Class<?> outer) {
        Class<?>[] nested = outer.getDeclaredClasses();
        JavaClasses imported = new ClassFileImporter().importClasses(nested);
        return Arrays.stream(nested)
                .filter(type -> type.isAnnotationPresent(Caught.class))
                .map(type -> of(type, List.of(imported.get(type))))
                .toList();
    }

    /** All classes of the package of {@code type}. */
    static List<Offender> inPackageOf(Class<?> type) {
        return List.of(of(type, List.copyOf(new ClassFileImporter().importPackagesOf(type))));
    }

    private static Offender of(Class<?> type, Collection<JavaClass> classes) {
        return new Offender(
                type.getSimpleName(), classes, type.getAnnotation(Caught.class).value());
    }

    @Override
    public String toString() {
        return name;
    }
}
