package io.hexsocket.core.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.hexsocket.core.deflate.violations.DeflateOffenders;
import io.hexsocket.core.handshake.violations.HandshakeOffenders;
import io.hexsocket.core.port.transport.violations.PortOffenders;
import io.hexsocket.core.protocol.violations.ProtocolOffenders;
import io.hexsocket.core.tls.violations.TlsOffenders;
import io.hexsocket.core.violations.AmbientOffenders;
import io.hexsocket.core.violations.OutsideOffenders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the core may know: bytes in, bytes out, and time as an argument. */
public final class CoreLaws {

    /** Every package of the core, each of which knows only those before it. A new one, or a new name, is to be written here. */
    private static final List<String> FROM_THE_GROUND_UP = List.of(
            "io.hexsocket.core.handshake",
            "io.hexsocket.core.raw",
            "io.hexsocket.core.port.transport",
            "io.hexsocket.core.port.host",
            "io.hexsocket.core.config",
            "io.hexsocket.core.proxy",
            "io.hexsocket.core.routing",
            "io.hexsocket.core.deflate",
            "io.hexsocket.core.protocol",
            "io.hexsocket.core.tls",
            "io.hexsocket.core.transport",
            "io.hexsocket.core.session",
            "io.hexsocket.core");

    /** Every package of the core that has a class. */
    public static final Set<String> PACKAGES = Set.copyOf(FROM_THE_GROUND_UP);

    /** Of java.*, what touches sockets, files, processes, threads, clocks, randomness or logs. */
    private static final Pattern OUTSIDE_WORLD = Pattern.compile(String.join(
            "|",
            // Addresses and URIs are values; all else in java.net opens something.
            "java\\.net\\.(?!(Inet[46]?Address|InetSocketAddress|SocketAddress|UnknownHostException|URI|URISyntaxException)$).*",
            // An exception is not yet I/O, nor is the name of a file.
            "java\\.io\\.(?!(IOException|UncheckedIOException|EOFException|Serializable|Closeable)$).*",
            "java\\.nio\\.channels\\..*",
            "java\\.nio\\.file\\.(?!(Path|NoSuchFileException|AccessDeniedException)$).*",
            "java\\.lang\\.(Thread|ThreadGroup|Process|ProcessBuilder|ProcessHandle|System\\$Logger)(\\$.*)?",
            "java\\.util\\.concurrent\\.(Executors|ThreadFactory|ThreadLocalRandom|(Scheduled)?ThreadPoolExecutor|ForkJoin.*)",
            "java\\.util\\.(Random|SplittableRandom|random\\..*)",
            "java\\.security\\.SecureRandom(\\$.*)?",
            "java\\.util\\.(Timer|TimerTask|Date|Calendar|GregorianCalendar)",
            "java\\.time\\.(Clock|InstantSource)",
            "java\\.util\\.logging\\..*"));

    /**
     * What the platform's TLS is made of, and what its signatures name: streams in memory, dates and names of
     * certificates, the socket that a key manager of an engine is never given.
     */
    private static final Pattern TLS_OF_THE_PLATFORM = Pattern.compile(String.join(
            "|",
            "javax\\.crypto\\..*",
            "javax\\.net\\.ssl\\.(?!.*(Socket|Connection)).*",
            "java\\.io\\.(ByteArrayInputStream|InputStream)",
            "java\\.net\\.Socket",
            "java\\.util\\.Date",
            "javax\\.security\\.auth\\.x500\\.X500Principal"));

    /** Static methods that fetch time, randomness, threads or names from thin air, on types that are harmless otherwise. */
    private static final Map<String, Pattern> FROM_THIN_AIR = Map.of(
            "java.lang.System", Pattern.compile("nanoTime|currentTimeMillis|getLogger|getenv|exit"),
            "java.lang.Runtime", Pattern.compile("exec|exit|halt|addShutdownHook"),
            "java.lang.Math", Pattern.compile("random"),
            "java.lang.StrictMath", Pattern.compile("random"),
            "java.util.UUID", Pattern.compile("randomUUID"),
            "java.util.Collections", Pattern.compile("shuffle"),
            "java.util.concurrent.CompletableFuture",
                    Pattern.compile("supplyAsync|runAsync|orTimeout|completeOnTimeout|delayedExecutor"),
            "java.net.InetAddress", Pattern.compile("getLocalHost|getHostName|getCanonicalHostName|isReachable"),
            "java.net.InetSocketAddress", Pattern.compile("getHostName"));

    private static final String[] TLS = {"io.hexsocket.core.tls..", "io.hexsocket.core.transport.."};

    private CoreLaws() {}

    public static List<Law> all() {
        return List.of(
                new Law(
                        classes()
                                .that()
                                .resideInAPackage("io.hexsocket.core..")
                                .and()
                                .resideOutsideOfPackages(TLS)
                                .should()
                                .onlyDependOnClassesThat(theCoreMayKnow())
                                .as(
                                        "the core knows java.* without the outside world, the HMAC, JSpecify, and io.hexsocket.apps"),
                        OutsideOffenders.class),
                new Law(
                        classes()
                                .that()
                                .resideInAnyPackage(TLS)
                                .should()
                                .onlyDependOnClassesThat(theCoreMayKnow().or(theTlsOfThePlatform()))
                                .as("the TLS of the core knows the platform's engine as well, and no socket of it"),
                        TlsOffenders.class),
                new Law(
                        noClasses()
                                .that()
                                .resideInAPackage("io.hexsocket.core..")
                                .should()
                                .accessTargetWhere(fetchesFromThinAir())
                                .as("the core is given time, randomness and threads, and fetches none"),
                        AmbientOffenders.class),
                new Law(
                        noClasses()
                                .that()
                                .resideInAPackage("io.hexsocket.core.protocol..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.hexsocket.core.session..",
                                        "io.hexsocket.core.routing..",
                                        "io.hexsocket.core.handshake..")
                                .as("the protocol knows no session, no routing and no handshake"),
                        ProtocolOffenders.class),
                new Law(
                        noClasses()
                                .that()
                                .resideInAPackage("io.hexsocket.core.handshake..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("io.hexsocket.core.protocol..")
                                .as("the handshake does not know the protocol"),
                        HandshakeOffenders.class),
                new Law(
                        noClasses()
                                .that()
                                .resideInAPackage("io.hexsocket.core.deflate..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("io.hexsocket.core.protocol..", "io.hexsocket.core.session..")
                                .as("compression knows neither frames nor sessions"),
                        DeflateOffenders.class),
                new Law(
                        noClasses()
                                .that()
                                .resideInAPackage("io.hexsocket.core..")
                                .should(knowWhatStandsAbove())
                                .as("a package knows only those below it, so that no two need each other"),
                        PortOffenders.class));
    }

    private static ArchCondition<JavaClass> knowWhatStandsAbove() {
        return new ArchCondition<>("know what stands above") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                int own = floor(type);
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    if (own >= 0 && floor(dependency.getTargetClass()) > own) {
                        events.add(SimpleConditionEvent.satisfied(type, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** Where a package, or one below it, stands; -1 outside the core. */
    private static int floor(JavaClass type) {
        String name = type.getPackageName();
        int floor = FROM_THE_GROUND_UP.indexOf(name);
        int end = name.lastIndexOf('.');
        return floor >= 0 || end < 0 ? floor : FROM_THE_GROUND_UP.indexOf(name.substring(0, end));
    }

    private static DescribedPredicate<JavaClass> theCoreMayKnow() {
        DescribedPredicate<JavaClass> friends = resideInAnyPackage(
                        "io.hexsocket.core..", "io.hexsocket.apps", "org.jspecify..", "java..")
                // session ids are signed: a pure function of the platform's, which lives outside java..
                .or(belongToAnyOf(Mac.class, SecretKeySpec.class));
        return DescribedPredicate.describe("the core may know", type -> {
            JavaClass element = type.getBaseComponentType();
            return element.isPrimitive()
                    || friends.test(element)
                            && !OUTSIDE_WORLD.matcher(element.getName()).matches();
        });
    }

    private static DescribedPredicate<JavaClass> theTlsOfThePlatform() {
        return DescribedPredicate.describe(
                "the TLS of the platform",
                type -> TLS_OF_THE_PLATFORM
                        .matcher(type.getBaseComponentType().getName())
                        .matches());
    }

    private static DescribedPredicate<JavaAccess<?>> fetchesFromThinAir() {
        return DescribedPredicate.describe("fetch from thin air", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            if (owner.startsWith("java.time.")) {
                return name.equals("now");
            }
            Pattern names = FROM_THIN_AIR.get(owner);
            return names != null && names.matcher(name).matches();
        });
    }
}
