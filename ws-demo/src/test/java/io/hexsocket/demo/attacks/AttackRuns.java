package io.hexsocket.demo.attacks;

import io.hexsocket.demo.RunningDemo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Leads attacks on both transports for longer than a build has time for. As a program, for {@code .ci/attacks}. */
final class AttackRuns {

    private static final Duration QUIET = Duration.ofSeconds(3);

    /** Each kind of attack, once. */
    static final List<Supplier<Attack>> ALL = List.of(
            UnfinishedMessages::new,
            SlowUnfinishedMessages::new,
            () -> new UnfinishedCompressedMessages(85, Duration.ofSeconds(15)),
            () -> new BufferedChunks(40, Duration.ofSeconds(75)),
            ReceiversThatDoNotRead::new,
            () -> new BroadcastFlood(false),
            () -> new BroadcastFlood(true),
            TinyFrames::new,
            CompressedEchoes::new,
            () -> new FullHeap(true),
            () -> new FullHeap(false),
            LargeBroadcasts::new,
            ManyTopics::new,
            MessageFlood::new,
            ConnectFlood::new,
            BroadcastBomb::new,
            ClientHellos::new,
            HalfOpenHeads::new,
            UnreadEchoes::new,
            LaggingExecutor::new,
            RoomChurn::new,
            TinyTlsRecords::new,
            UnfinishedRawPackets::new,
            OwedPongs::new,
            TinyFragments::new,
            () -> Storm.PONGS,
            () -> Storm.FRAGMENTED_BOMBS,
            () -> Storm.NAMES,
            () -> Storm.CLOSES,
            () -> Storm.DRIBBLES,
            () -> Storm.PASSERS_BY);

    private AttackRuns() {}

    /** Takes the seconds of each attack and the id of those that are wanted, or nothing for all. Ends with status 1 if one did harm. */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofSeconds(Long.parseLong(arguments[0]));
        String wanted = arguments.length > 1 ? arguments[1] : "";
        Path folder = Files.createTempDirectory("attacks");
        List<String> harm = new ArrayList<>();
        Map<String, Findings> all = new LinkedHashMap<>();
        for (Supplier<Attack> kind : ALL) {
            Attack attack = kind.get();
            if (!wanted.isEmpty() && !(attack.id() + " ").startsWith(wanted + " ")) {
                continue;
            }
            for (String transport : RunningDemo.transports().toList()) {
                Findings findings = Battle.fight(folder, transport, attack, QUIET, length);
                System.out.println("== " + attack.id() + " " + findings);
                all.put(attack.id() + " " + transport, findings);
                if (doesHarm(attack, findings)) {
                    harm.add(attack.id() + " " + transport);
                }
            }
        }
        for (String transport : RunningDemo.transports().toList()) {
            compare(p99(all, "M5 other loop " + transport, 1), 3, p99(all, "M5 same loop " + transport, 0), harm);
            compare(p99(all, "T13 " + transport, 0), 2, p99(all, "T13 nio", 0), harm);
        }
        System.out.println(harm.isEmpty() ? "no harm" : "harm done by " + harm);
        System.exit(harm.isEmpty() ? 0 : 1);
    }

    private static boolean doesHarm(Attack attack, Findings findings) {
        if (!attack.isToBeSurvived()) {
            return findings.alive();
        }
        return !findings.alive()
                || !findings.newcomerServed()
                || attack.isFairnessAsked() && !findings.isFair()
                || attack.mustAllBeEnded() && findings.told("nothing") > 0;
    }

    /**
     * How long the others waited in an attack.
     *
     * @param attack its id and transport
     * @param p99 the 99th percentile
     */
    private record Wait(String attack, Duration p99) {}

    private static @Nullable Wait p99(Map<String, Findings> all, String attack, int bystander) {
        Findings findings = all.get(attack);
        return findings == null
                ? null
                : new Wait(attack, findings.attacked().get(bystander).p99());
    }

    private static void compare(@Nullable Wait one, int times, @Nullable Wait other, List<String> harm) {
        if (one != null && other != null && !Findings.isAtMost(one.p99(), times, other.p99())) {
            harm.add(one + " compared with " + other);
        }
    }
}
