package io.hexsocket.demo.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.demo.RunningDemo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Few clients with little means against a server with a small heap: it lives, says why it ends whom, and has its memory back. How
 * long others wait meanwhile depends on the machine, and is looked at by {@code .ci/attacks}.
 */
@Timeout(90) // more than the longest waits of any attack together: to start, to open, to arrive and to give back
class AttackSurvivalTest {

    private static final String TRANSPORTS = "io.hexsocket.demo.RunningDemo#transports";

    private static final Duration QUIET = Duration.ofMillis(100);
    /** Of what goes on until it is ended. */
    private static final Duration FLOOD = Duration.ofSeconds(2);
    /** For what is over when everything was sent. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /**
     * Until all are closed, which is ten seconds after the server has inflated what they sent: 850 MB for both transports, and that takes
     * what the machine gives. How long exactly a message may stop is tested in virtual time.
     */
    private static final Duration PAST_DEADLINE = Duration.ofSeconds(30);

    private static final long MIB = 1024 * 1024;
    /** What pools may keep for the next client. */
    private static final long KEPT_HEAP = 8 * MIB;

    private static final int OUT_OF_MEMORY_AT_MOST_MILLIS = 1000;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "M1 both transports: of eleven clients with 15 MiB of an unfinished message each, the server ends the largest with"
                    + " 1013, lives in 200 MB, and serves others")
    void unfinishedMessages() throws Exception {
        for (Findings findings : fightBoth(new UnfinishedMessages(), PATIENCE)) {
            assertSurvived(findings);
            assertSomeEndedForMemory(findings);
        }
    }

    @Test
    @DisplayName(
            "M1 both transports: two thousand clients with 48 KiB of an unfinished message each do not end a server with 64 MB")
    void slowUnfinishedMessages() throws Exception {
        for (Findings findings : fightBoth(new SlowUnfinishedMessages(), PATIENCE)) {
            assertSurvived(findings);
            assertSomeEndedForMemory(findings);
        }
    }

    @Test
    @DisplayName(
            "M2 both transports: compressed messages that are never finished are ended with 1013 where memory is short,"
                    + " and all the others when nothing has come for ten seconds")
    void unfinishedCompressedMessages() throws Exception {
        for (Findings findings : fightBoth(new UnfinishedCompressedMessages(85, PAST_DEADLINE), PATIENCE)) {
            assertSurvived(findings);
            assertSomeEndedForMemory(findings);
            assertThat(findings.told("nothing")).as("still open, %s", findings).isZero();
        }
    }

    @Test
    @DisplayName(
            "M3 both transports: chunks after bufferON count as memory that clients hold, and the largest holders are"
                    + " ended with 1013")
    void bufferedChunks() throws Exception {
        for (Findings findings : fightBoth(new BufferedChunks(40, PATIENCE), PATIENCE)) {
            assertSurvived(findings);
            assertSomeEndedForMemory(findings);
        }
    }

    @Test
    @DisplayName(
            "M4 both transports: six hundred receivers that do not read are cut before memory is short, and those who read lose nothing")
    void receiversThatDoNotRead() throws Exception {
        for (Findings findings : fightBoth(new ReceiversThatDoNotRead(), PATIENCE)) {
            assertSurvived(findings);
            // nobody can be told behind a queue that he does not read
            assertThat(findings.told("close 1008") + findings.told("close 1013") + findings.told("reset"))
                    .as("ended, %s", findings)
                    .isPositive();
            assertThat(findings.notes())
                    .as("%s", findings)
                    .containsEntry(ReceiversThatDoNotRead.READERS_LOST, 0L)
                    .containsEntry(
                            ReceiversThatDoNotRead.FEWEST, findings.notes().get(ReceiversThatDoNotRead.SENT));
        }
    }

    @ParameterizedTest(
            name = "M5 {0}: a flood of broadcasts to the other event loop leaves its other clients served, and takes no"
                    + " memory without end")
    @MethodSource(TRANSPORTS)
    void broadcastFlood(String transport) throws Exception {
        Findings findings = fight(transport, new BroadcastFlood(false), FLOOD);
        assertSurvived(findings);
        assertThat(findings.residentMost()).as("resident, %s", findings).isLessThan(400 * MIB);
        assertThat(findings.attacked())
                .allSatisfy(one -> assertThat(one.longest())
                        .as("the longest wait, %s", findings)
                        .isLessThan(FLOOD.dividedBy(2)));
    }

    @Test
    @DisplayName(
            "M6 both transports: thousands of tiny frames at once take no direct memory for each read: 16 MB are enough")
    void tinyFrames() throws Exception {
        // an explicit collection does nothing here, so the heap is not to be compared
        for (Findings findings : fightBoth(new TinyFrames(), FLOOD)) {
            assertServes(findings);
        }
    }

    @ParameterizedTest(
            name = "M8 {0}: with a full heap and clients the program ends within a second, with a status and one line"
                    + " that say so")
    @MethodSource(TRANSPORTS)
    void fullHeapUnderLoad(String transport) throws Exception {
        assertEndedForLackOfMemory(fight(transport, new FullHeap(true), PATIENCE));
    }

    @ParameterizedTest(
            name = "M8 {0}: with a full heap and no client, the program's own housekeeping ends it within a second")
    @MethodSource(TRANSPORTS)
    void fullHeapWithoutClients(String transport) throws Exception {
        assertEndedForLackOfMemory(fight(transport, new FullHeap(false), PATIENCE));
    }

    @Test
    @DisplayName(
            "M9 both transports: large broadcasts and echoes need no more than 64 MB outside the heap, and all arrive")
    void largeBroadcasts() throws Exception {
        // an explicit collection does nothing here, so the heap is not to be compared
        for (Findings findings : fightBoth(new LargeBroadcasts(), PATIENCE)) {
            assertServes(findings);
            Map<String, Long> notes = findings.notes();
            assertThat(notes.get(LargeBroadcasts.FEWEST)).as("%s", findings).isEqualTo(notes.get(LargeBroadcasts.SENT));
            assertThat(notes.get(LargeBroadcasts.ECHOED))
                    .as("%s", findings)
                    .isGreaterThan(LargeBroadcasts.ECHOES * LargeBroadcasts.ECHO);
        }
    }

    @Test
    @DisplayName(
            "M10 both transports: one client cannot be in a hundred thousand topics, and each subscription costs as much as the first")
    void manyTopics() throws Exception {
        for (Findings findings : fightBoth(new ManyTopics(), FLOOD.multipliedBy(2))) {
            assertSurvived(findings);
            Map<String, Long> notes = findings.notes();
            assertThat(notes.get(ManyTopics.TOPICS)).as("asked for").isEqualTo(100_000);
            assertThat(notes.get(ManyTopics.HEAP)).as("of all topics").isLessThan(MIB);
            assertThat(notes.get(ManyTopics.LATE_NANOS))
                    .as("nanoseconds of a late subscription")
                    .isLessThan(10 * notes.get(ManyTopics.EARLY_NANOS) + 10_000);
        }
    }

    @Test
    @DisplayName("M11 both transports: a client of the demo that sends 20,000 messages a second is closed with 1008")
    void messageFlood() throws Exception {
        for (Findings findings : fightBoth(new MessageFlood(), FLOOD.multipliedBy(6))) {
            assertSurvived(findings);
            assertThat(findings.told("close 1008 ")).as("closed, %s", findings).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "M11 both transports: of 1,500 connections a second from one address, where 20 are allowed, the demo refuses most with 503 and Retry-After, and"
                    + " serves other addresses")
    void connectFlood() throws Exception {
        for (Findings findings : fightBoth(new ConnectFlood(), FLOOD)) {
            assertSurvived(findings);
            assertThat(findings.told("HTTP 503 Retry-After"))
                    .as("refused, %s", findings)
                    .isGreaterThan(findings.connections() / 2);
        }
    }

    @Test
    @DisplayName("M12 both transports: nobody who reads at an ordinary pace is cut because somebody else's compressed"
            + " broadcasts are large")
    void broadcastBomb() throws Exception {
        for (Findings findings : fightBoth(new BroadcastBomb(), FLOOD.multipliedBy(3))) {
            assertSurvived(findings);
            assertThat(findings.notes()).as("%s", findings).containsEntry(BroadcastBomb.READERS_LOST, 0L);
        }
    }

    @Test
    @DisplayName(
            "M13 both transports: five thousand requests of 8,000 bytes that never end do not end a server with 48 MB")
    void halfOpenHeads() throws Exception {
        for (Findings findings : fightBoth(new HalfOpenHeads(), FLOOD)) {
            assertSurvived(findings);
        }
    }

    @Test
    @DisplayName(
            "M14 both transports: of twenty clients that do not read the echo of 15 MiB, the server ends the largest with"
                    + " 1013 or 1008")
    void unreadEchoes() throws Exception {
        for (Findings findings : fightBoth(new UnreadEchoes(), PATIENCE)) {
            assertSurvived(findings);
            assertThat(findings.told("close 1013 ") + findings.told("close 1008 "))
                    .as("ended, %s", findings)
                    .isPositive();
        }
    }

    @Test
    @DisplayName("M16 both transports: coming and going in a room of five hundred costs none of them the connection")
    void roomChurn() throws Exception {
        for (Findings findings : fightBoth(new RoomChurn(), FLOOD)) {
            assertSurvived(findings);
            assertThat(findings.notes()).as("%s", findings).containsEntry(RoomChurn.GUESTS_LOST, 0L);
            assertThat(findings.notes().get(RoomChurn.TOLD))
                    .as("bytes that guests were told, %s", findings)
                    .isPositive();
        }
    }

    @Test
    @DisplayName(
            "M17 both transports: sixty packets at the raw door, each of the largest size and never finished, end no process")
    void unfinishedRawPackets() throws Exception {
        for (Findings findings : fightBoth(new UnfinishedRawPackets(), FLOOD)) {
            assertSurvived(findings);
        }
    }

    @ParameterizedTest(
            name = "M20 both transports: {0}, many at once, end nothing, and leave nothing behind in a heap of 64 MB")
    @EnumSource(Storm.class)
    void storms(Storm storm) throws Exception {
        for (Findings findings : fightBoth(storm, FLOOD)) {
            assertSurvived(findings);
        }
    }

    // ---- what is common to them

    private Findings fight(String transport, Attack attack, Duration length) throws Exception {
        return Battle.fight(folder, transport, attack, QUIET, length);
    }

    /** On both transports at the same time, where nothing depends on how long it takes. */
    private List<Findings> fightBoth(Attack attack, Duration length) throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            List<Callable<Findings>> fights = RunningDemo.transports()
                    .map(transport -> (Callable<Findings>) () -> fight(transport, attack, length))
                    .toList();
            List<Findings> both = new ArrayList<>();
            for (Future<Findings> one : executor.invokeAll(fights)) {
                both.add(one.get());
            }
            assertThat(both).hasSize(2);
            return both;
        } finally {
            executor.shutdown();
        }
    }

    private static void assertServes(Findings findings) {
        assertThat(findings.alive()).as("alive, %s", findings).isTrue();
        assertThat(findings.newcomerServed()).as("serves, %s", findings).isTrue();
        assertThat(findings.bystandersLost()).as("others lost, %s", findings).isZero();
        assertThat(findings.err()).isEmpty();
    }

    private static void assertSurvived(Findings findings) {
        assertServes(findings);
        assertThat(findings.heapAfter() - findings.heapBefore())
                .as("heap that is not given back, %s", findings)
                .isLessThan(KEPT_HEAP);
    }

    private static void assertSomeEndedForMemory(Findings findings) {
        // with a reason behind the code
        assertThat(findings.told("close 1013 ")).as("ended, %s", findings).isPositive();
    }

    private static void assertEndedForLackOfMemory(Findings findings) {
        assertThat(findings.notes()).as("%s", findings).containsKey(FullHeap.ENDED_AFTER);
        assertThat(findings.notes().get(FullHeap.ENDED_AFTER)).isLessThan(OUT_OF_MEMORY_AT_MOST_MILLIS);
        assertThat(findings.status()).isPositive();
        assertThat(findings.err().strip().lines()).singleElement().asString().contains("out of memory");
    }
}
