package io.hexsocket.core.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Has clients come and go, then attackers among them, and sees whether ordinary ones were served about as before, and whether the server is
 * then what it was. As a program, for {@code .ci/soak}.
 */
final class Soak {

    private static final int CLIENTS = 4;
    /** One part to warm up, one without attackers, and two with them. */
    private static final int PARTS = 4;

    private static final int BYSTANDERS = 2;
    // what two busy processors do to anybody
    private static final long NOISE_NANOS = Duration.ofMillis(50).toNanos();
    private static final int MOST_TIMES_SLOWER = 3;
    private static final int WARM_UP_VISITS = 5000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOKS = 6;
    private static final Duration GLANCE = Duration.ofMillis(500);

    private final SoakedServer server;
    private final AtomicLong visits = new AtomicLong();
    private final AtomicLong attacks = new AtomicLong();

    private Soak(SoakedServer server) {
        this.server = server;
    }

    /** Takes the transport under test, the seconds, and ends with status 1 if something is not given back. */
    public static void main(String[] arguments) throws Exception {
        TransportUnderTest type = SoakedServer.instance(arguments[0]);
        Duration all = Duration.ofSeconds(Long.parseLong(arguments[1]));
        boolean back;
        try (SoakedServer server = SoakedServer.start(type)) {
            back = new Soak(server).run(all);
        }
        System.exit(back ? 0 : 1);
    }

    private boolean run(Duration all) throws IOException, InterruptedException {
        Duration part = all.dividedBy(PARTS);
        BooleanSupplier more = until(part);
        Visitor.crowd(Wire.PLAIN, server.plain());
        Visitor.crowd(Wire.TLS, server.tls());
        comeAndGo(() -> more.getAsBoolean() || visits.get() < WARM_UP_VISITS);
        // each kind once, so that pools are as full as they become
        for (int kind = 0; kind < SoakAttacker.KINDS; kind++) {
            new SoakAttacker(server.plain()).attack(kind);
        }
        // deadlines of those who are gone
        TimeUnit.NANOSECONDS.sleep(SoakedServer.LONGEST.toNanos());
        Holdings before = settled();
        visits.set(0);
        long[] quiet = served(() -> comeAndGo(until(part)));
        long[] attacked = served(() -> {
            BooleanSupplier longer = until(part.multipliedBy(2));
            CompletableFuture<Void> attacker = Aside.run(() -> attack(longer));
            comeAndGo(longer);
            attacker.join();
        });
        Holdings after = backAt(before);
        System.out.printf(
                "%d visits of %d kinds, %d attacks of %d kinds%n%s%s%s",
                visits.get(),
                Visitor.KINDS,
                attacks.get(),
                SoakAttacker.KINDS,
                SoakBystander.words("quiet", quiet),
                SoakBystander.words("attacked", attacked),
                after.comparedWith(before));
        long bound = NOISE_NANOS + MOST_TIMES_SLOWER * SoakBystander.at(quiet, 0.99);
        boolean fair = SoakBystander.at(attacked, 0.99) <= bound;
        if (!fair) {
            System.out.printf("p99 is more than %d ms: others wait for attackers%n", bound / 1_000_000);
        }
        return fair && after.isBackAt(before);
    }

    /** How long echoes of others take meanwhile, in nanoseconds, in order. */
    private long[] served(Runnable meanwhile) {
        List<SoakBystander> others = Stream.generate(() -> new SoakBystander(server.plain()))
                .limit(BYSTANDERS)
                .toList();
        meanwhile.run();
        return others.stream()
                .flatMapToLong(one -> LongStream.of(one.leave()))
                .sorted()
                .toArray();
    }

    private void attack(BooleanSupplier more) {
        SoakAttacker attacker = new SoakAttacker(server.plain());
        try {
            for (int kind = 0; more.getAsBoolean(); kind = (kind + 1) % SoakAttacker.KINDS) {
                attacker.attack(kind);
                attacks.incrementAndGet();
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static BooleanSupplier until(Duration passed) {
        long start = System.nanoTime();
        return () -> System.nanoTime() - start < passed.toNanos();
    }

    /** Every kind of visit again and again, until it is enough. */
    private void comeAndGo(BooleanSupplier more) {
        List<CompletableFuture<Void>> all = Stream.generate(() -> Aside.run(() -> {
                    Visitor visitor = new Visitor(server.plain(), server.tls());
                    while (more.getAsBoolean()) {
                        for (int kind = 0; kind < Visitor.KINDS; kind++) {
                            visitor.visit(kind);
                        }
                        visits.addAndGet(Visitor.KINDS);
                    }
                    visitor.end();
                }))
                .limit(CLIENTS)
                .toList();
        all.forEach(CompletableFuture::join);
    }

    /** What the server owns when nothing goes on any more, and nothing becomes less. */
    private Holdings settled() throws IOException, InterruptedException {
        Holdings least = server.holdings();
        for (int same = 0; same < LOOKS; same++) {
            TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
            Holdings next = server.holdings();
            if (!least.isBackAt(next)) {
                same = 0;
            }
            least = least.orLess(next);
        }
        return least;
    }

    /** What the server owns when it is back at what it was, or when that takes too long. */
    private Holdings backAt(Holdings before) throws IOException, InterruptedException {
        BooleanSupplier more = until(PATIENCE);
        Holdings after = server.holdings();
        while (!after.isBackAt(before) && more.getAsBoolean()) {
            TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
            after = server.holdings();
        }
        return after;
    }
}
