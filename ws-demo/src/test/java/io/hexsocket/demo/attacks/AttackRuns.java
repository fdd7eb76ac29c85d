package io.hexsocket.demo.attacks;

import io.hexsocket.demo.RunningDemo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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
            TinyFragments::new);

    private AttackRuns() {}

    /** Takes the seconds of each attack and the id of those that are wanted, or nothing for all. Ends with status 1 if one did harm. */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofSeconds(Long.parseLong(arguments[0]));
        String wanted = arguments.length > 1 ? arguments[1] : "";
        Path folder = Files.createTempDirectory("attacks");
        List<String> harm = new ArrayList<>();
        for (Supplier<Attack> kind : ALL) {
            Attack attack = kind.get();
            if (!wanted.isEmpty() && !(attack.id() + " ").startsWith(wanted + " ")) {
                continue;
            }
            for (String transport : RunningDemo.transports().toList()) {
                String name = attack.id() + " " + transport;
                Findings findings = Battle.fight(folder, transport, attack, QUIET, length);
                System.out.println("== " + name + ": " + findings);
                if (attack.isFairnessAsked() && !(findings.alive() && findings.newcomerServed() && findings.isFair())) {
                    harm.add(name);
                }
            }
        }
        System.out.println(harm.isEmpty() ? "no harm" : "harm done by " + harm);
        System.exit(harm.isEmpty() ? 0 : 1);
    }
}
