package io.hexsocket.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.hexsocket.architecture.House.Target;
import io.hexsocket.architecture.knot.First;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The laws over the tables of {@link Rooms}. */
final class Laws {

    private static final int LARGEST_KNOT = 3;

    private Laws() {}

    static List<Law> all() {
        return List.of(
                new Law(
                        "A package sees only the packages in its line of Rooms.EDGES",
                        eachReports(Laws::forbiddenPackages),
                        Offender.nestedIn(EdgeOffenders.class)),
                new Law(
                        "Classes outside the core see only those packages of it that Rooms.OPEN_TO_OUTSIDE names",
                        eachReports(Laws::insidesOfTheCore),
                        Offender.nestedIn(OutsideOffenders.class)),
                new Law(
                        "A package uses of the JDK only what the lists in its line of Rooms.JDK name",
                        eachReports(Laws::forbiddenJdk),
                        Offender.nestedIn(JdkOffenders.class)),
                new Law(
                        "Only classes of the packages in Rooms.WITH_MONITORS are synchronized",
                        eachReports(type -> Rooms.WITH_MONITORS.contains(House.roomOf(type))
                                ? Stream.of()
                                : Bytecode.of(type).monitors.stream()),
                        Offender.nestedIn(MonitorOffenders.class)),
                new Law(
                        "No more than three classes of a package depend on each other in a circle",
                        Laws::knots,
                        Offender.inPackageOf(First.class)),
                new Law(
                        "Only the classes in Rooms.VERTX_INTERNALS use io.vertx.core.internal",
                        eachReports(type -> Rooms.VERTX_INTERNALS.contains(House.topLevelNameOf(type))
                                ? Stream.of()
                                : vertxInternals(type)),
                        Offender.nestedIn(VertxOffenders.class)),
                new Law(
                        "What apps and hosts see is a record only if Rooms.VALUES names it: a setting is a class, which can gain one",
                        eachReports(type -> isVisibleRecord(type) && !Rooms.VALUES.contains(House.nameOf(type))
                                ? Stream.of(House.nameOf(type))
                                : Stream.of()),
                        Offender.nestedIn(RecordOffenders.class)),
                new Law(
                        "Only the program uses the fluent API of SLF4J, which the SLF4J 1.7 of a host does not have",
                        eachReports(type -> House.roomOf(type).startsWith("demo") ? Stream.of() : fluentLogging(type)),
                        Offender.nestedIn(LoggingOffenders.class)));
    }

    private static Stream<String> fluentLogging(JavaClass type) {
        return House.dependenciesOf(type).map(Target::name).filter(name -> name.startsWith("org.slf4j.spi."));
    }

    private static boolean isVisibleRecord(JavaClass type) {
        return type.isRecord()
                && type.getModifiers().contains(JavaModifier.PUBLIC)
                && Rooms.FOR_APPS_AND_HOSTS.contains(House.roomOf(type));
    }

    /** What the exceptions in {@link Rooms} permit and {@code classes} do not need: such a permission ends with its use. */
    static Set<String> needlessPermissions(Collection<JavaClass> classes) {
        Set<String> needless = new TreeSet<>();
        Map<String, Set<String>> knotted = knotted(classes);
        Rooms.KNOTTED.forEach((room, size) -> {
            if (knotted.getOrDefault(room, Set.of()).size() < size) {
                needless.add("KNOTTED " + room);
            }
        });
        Set<String> locking = new TreeSet<>();
        Set<String> extraJdk = new TreeSet<>();
        Set<String> records = new TreeSet<>();
        Set<String> mayUseInternals = new TreeSet<>();
        Set<String> useInternals = new TreeSet<>();
        for (JavaClass type : classes) {
            String name = House.topLevelNameOf(type);
            if (!Bytecode.of(type).monitors.isEmpty()) {
                locking.add(House.roomOf(type));
            }
            if (forbiddenJdk(type, jdkOf(House.roomOf(type))).findAny().isPresent()) {
                extraJdk.add(name);
            }
            if (isVisibleRecord(type)) {
                records.add(House.nameOf(type));
            }
            if (Rooms.VERTX_INTERNALS.contains(name)) {
                mayUseInternals.add(name);
            }
            if (vertxInternals(type).findAny().isPresent()) {
                useInternals.add(name);
            }
        }
        addMissing(needless, "WITH_MONITORS ", Rooms.WITH_MONITORS, locking);
        addMissing(needless, "MORE_OF_THE_JDK ", Rooms.MORE_OF_THE_JDK.keySet(), extraJdk);
        addMissing(needless, "VALUES ", Rooms.VALUES, records);
        addMissing(needless, "VERTX_INTERNALS ", mayUseInternals, useInternals);
        return needless;
    }

    private static void addMissing(Set<String> needless, String table, Set<String> permitted, Set<String> used) {
        permitted.stream().filter(name -> !used.contains(name)).forEach(name -> needless.add(table + name));
    }

    private static Function<Collection<JavaClass>, Set<String>> eachReports(Function<JavaClass, Stream<String>> check) {
        return classes -> classes.stream()
                .flatMap(type -> check.apply(type).map(what -> House.topLevelNameOf(type) + ": " + what))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> forbiddenPackages(JavaClass type) {
        String room = House.roomOf(type);
        return House.dependenciesOf(type)
                .filter(target -> !target.isOfTheJdk())
                .map(Target::room)
                .distinct()
                .filter(seen -> !seen.equals(room) && !maySee(room, seen));
    }

    private static boolean maySee(String room, String seen) {
        return seen.equals("org.jspecify.annotations")
                || Rooms.EDGES.getOrDefault(room, List.of()).stream()
                        .anyMatch(name -> name.endsWith("..")
                                ? (seen + ".").startsWith(name.substring(0, name.length() - 1))
                                : seen.equals(name));
    }

    private static Stream<String> insidesOfTheCore(JavaClass type) {
        return isOfTheCore(House.roomOf(type))
                ? Stream.of()
                : House.dependenciesOf(type)
                        .map(Target::room)
                        .distinct()
                        .filter(seen -> isOfTheCore(seen) && !Rooms.OPEN_TO_OUTSIDE.contains(seen));
    }

    private static boolean isOfTheCore(String room) {
        return (room + ".").startsWith("core.");
    }

    private static Stream<String> forbiddenJdk(JavaClass type) {
        JdkLists lists = jdkOf(House.roomOf(type));
        JdkLists more = Rooms.MORE_OF_THE_JDK.get(House.topLevelNameOf(type));
        return forbiddenJdk(type, more == null ? lists : lists.and(more));
    }

    private static JdkLists jdkOf(String room) {
        return JdkLists.named(Rooms.JDK.getOrDefault(room, List.of()));
    }

    private static Stream<String> forbiddenJdk(JavaClass type, JdkLists lists) {
        Stream<String> types = House.dependenciesOf(type)
                .filter(Target::isOfTheJdk)
                .map(Target::name)
                .filter(name -> !lists.allowType(name));
        Stream<String> members = type.getAccessesFromSelf().stream()
                .map(JavaAccess::getTarget)
                .flatMap(target -> forbiddenMember(target, lists));
        return Stream.concat(types, members).distinct();
    }

    /** A member counts as one of the type that declares it: parallelStream() is Collection's, whatever list it is called on. */
    private static Stream<String> forbiddenMember(AccessTarget target, JdkLists lists) {
        JavaClass owner = target.resolveMember()
                .map(member -> ((JavaMember) member).getOwner())
                .orElse(target.getOwner());
        if (!House.isOfTheJdk(owner.getName())) {
            return Stream.of();
        }
        if (!lists.allowType(owner.getName())) {
            return Stream.of(owner.getName());
        }
        String parameters = target instanceof AccessTarget.CodeUnitAccessTarget codeUnit
                ? codeUnit.getRawParameterTypes().stream()
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"))
                : "";
        return lists.allowMember(owner.getName(), target.getName(), parameters)
                ? Stream.of()
                : Stream.of(owner.getName() + "." + target.getName() + parameters);
    }

    private static Set<String> knots(Collection<JavaClass> classes) {
        Set<String> reports = new TreeSet<>();
        knotted(classes).forEach((room, names) -> {
            if (names.size() > Rooms.KNOTTED.getOrDefault(room, 0)) {
                reports.add(room + ": " + names.size() + " " + names);
            }
        });
        return reports;
    }

    /** Each package with a knot that is too large, and the top-level classes in such knots. */
    private static Map<String, Set<String>> knotted(Collection<JavaClass> classes) {
        Map<String, Map<String, Set<String>>> graphs = new TreeMap<>();
        for (JavaClass type : classes) {
            String room = House.roomOf(type);
            Set<String> seen = graphs.computeIfAbsent(room, r -> new TreeMap<>())
                    .computeIfAbsent(House.topLevelNameOf(type), n -> new TreeSet<>());
            House.dependenciesOf(type)
                    .filter(target -> target.room().equals(room))
                    .forEach(target -> seen.add(target.topLevelName()));
        }
        Map<String, Set<String>> knotted = new TreeMap<>();
        graphs.forEach((room, graph) -> Knots.in(graph).stream()
                .filter(knot -> knot.size() > LARGEST_KNOT)
                .forEach(knot ->
                        knotted.computeIfAbsent(room, r -> new TreeSet<>()).addAll(knot)));
        return knotted;
    }

    private static Stream<String> vertxInternals(JavaClass type) {
        return House.dependenciesOf(type).map(Target::name).filter(name -> name.startsWith("io.vertx.core.internal."));
    }
}
