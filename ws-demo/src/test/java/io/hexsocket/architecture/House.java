package io.hexsocket.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URL;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the modules of this build ship, as directories or as jars, and the names that the laws have for it. */
final class House {

    static final Collection<JavaClass> CLASSES = new ClassFileImporter()
            .withImportOption(location -> ships(location.asURI())).importPackages("io.hexsocket").stream()
                    .filter(type -> !type.getSimpleName().endsWith("-info"))
                    .toList();

    private House() {}

    private static boolean ships(URI location) {
        return !location.toString().contains("/test-classes/")
                && !location.toString().contains("-tests.jar");
    }

    static Set<String> rooms() {
        Set<String> rooms = new TreeSet<>();
        CLASSES.forEach(type -> rooms.add(roomOf(type)));
        return rooms;
    }

    /** {@code core.protocol}; the name of the whole package outside {@code io.hexsocket}. */
    static String roomOf(JavaClass type) {
        return type.tryGetAnnotationOfType(LivesIn.class)
                .map(LivesIn::value)
                .orElseGet(() -> shortened(type.getPackageName()));
    }

    /** {@code core.protocol.MessageReader}, for what is nested in it, too. */
    static String topLevelNameOf(JavaClass type) {
        if (type.isAnnotatedWith(LivesIn.class)) {
            return roomOf(type) + "." + type.getSimpleName();
        }
        return outermost(shortened(type.getName()));
    }

    /** {@code apps.Admission$Header}. */
    static String nameOf(JavaClass type) {
        return type.isAnnotatedWith(LivesIn.class)
                ? roomOf(type) + "." + type.getSimpleName()
                : shortened(type.getName());
    }

    static String outermost(String name) {
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }

    private static String shortened(String name) {
        return name.startsWith(Rooms.HOUSE) ? name.substring(Rooms.HOUSE.length()) : name;
    }

    /** What {@code type} depends on: elements of arrays, no primitive types, no marks of the laws. */
    static Stream<Target> dependenciesOf(JavaClass type) {
        Stream<Target> known = type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(target -> !target.isPrimitive()
                        && !target.isEquivalentTo(LivesIn.class)
                        && !target.isEquivalentTo(Caught.class))
                .map(target -> new Target(target.getName(), roomOf(target), topLevelNameOf(target)));
        Bytecode bytecode = Bytecode.of(type);
        // A call into the JDK is judged by the member that is called.
        Stream<String> passed = bytecode.passed.stream().filter(name -> !isOfTheJdk(name));
        Stream<Target> others = Stream.concat(bytecode.casts.stream(), passed)
                .map(name -> new Target(
                        name, shortened(name.substring(0, name.lastIndexOf('.'))), outermost(shortened(name))));
        return Stream.concat(known, others).distinct();
    }

    /** A type that another one depends on. */
    record Target(String name, String room, String topLevelName) {
        boolean isOfTheJdk() {
            return House.isOfTheJdk(name);
        }
    }

    static boolean isOfTheJdk(String name) {
        return Stream.of("java.", "javax.", "jdk.", "sun.", "com.sun.").anyMatch(name::startsWith);
    }

    /** By their short names, {@code core} for {@code io.hexsocket.core}. */
    static Map<String, ModuleDescriptor> modules() throws IOException {
        Map<String, ModuleDescriptor> modules = new TreeMap<>();
        for (URL url : Collections.list(House.class.getClassLoader().getResources("module-info.class"))) {
            try (InputStream stream = url.openStream()) {
                ModuleDescriptor module = ModuleDescriptor.read(stream);
                if (module.name().startsWith(Rooms.HOUSE) && ships(URI.create(url.toString()))) {
                    modules.put(shortened(module.name()), module);
                }
            }
        }
        return modules;
    }

    /** As in {@link Rooms#EXPORTS}, with what the module opens to reflection. */
    static List<String> exportsOf(ModuleDescriptor module) {
        Stream<String> exports = module.exports().stream().map(export -> to(export.source(), export.targets()));
        Stream<String> opens =
                module.opens().stream().map(opening -> "opens " + to(opening.source(), opening.targets()));
        return Stream.concat(exports, opens).sorted().toList();
    }

    private static String to(String source, Set<String> targets) {
        String name = shortened(source);
        if (targets.isEmpty()) {
            return name;
        }
        return name + " to "
                + String.join(
                        " ", targets.stream().map(House::shortened).sorted().toList());
    }
}
