package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.Workbench.Line;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code EventLoop}: tasks, timers and ticks. */
interface EventLoopContract extends OnTransport {

    @Test
    default void tasksOfEachThreadRunOnTheLoopInTheirOrder() {
        int threads = 8;
        int tasks = 5000;
        bench().start(2);
        List<ScriptedLoop> loops = bench().core().loops(2);
        Queue<int[]> ran = new ConcurrentLinkedQueue<>();
        AtomicInteger astray = new AtomicInteger();
        List<CompletableFuture<Void>> callers = IntStream.range(0, threads)
                .mapToObj(caller -> Aside.run(() -> {
                    ScriptedLoop loop = loops.get(caller % 2);
                    for (int i = 0; i < tasks; i++) {
                        int number = i;
                        loop.loop.execute(() -> {
                            if (Thread.currentThread() != loop.thread || !loop.loop.isInLoop()) {
                                astray.incrementAndGet();
                            }
                            ran.add(new int[] {caller, number});
                        });
                    }
                }))
                .toList();
        callers.forEach(Await::result);
        loops.forEach(ScriptedLoop::settle);

        assertThat(astray).hasValue(0);
        assertThat(ran).hasSize(threads * tasks);
        int[] next = new int[threads];
        for (int[] task : ran) {
            assertThat(task[1]).isEqualTo(next[task[0]]++);
        }
    }

    @Test
    default void taskFromTheLoopItselfRunsLaterAndInOrder() {
        bench().start(1);
        ScriptedLoop loop = bench().core().loops(1).get(0);
        List<Integer> ran = new ArrayList<>();
        loop.run(() -> {
            for (int i = 0; i < 10; i++) {
                int number = i;
                loop.loop.execute(() -> {
                    ran.add(number);
                    loop.loop.execute(() -> ran.add(number + 10));
                    assertThat(ran).doesNotContain(number + 10);
                });
            }
            assertThat(ran).as("not inside the call").isEmpty();
        });
        loop.settle();
        assertThat(ran).isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    default void onlyTheLoopIsInTheLoop() {
        bench().start(2);
        List<ScriptedLoop> loops = bench().core().loops(2);
        assertThat(loops.get(0).loop.isInLoop()).isFalse();
        assertThat(loops.get(0).call(() -> loops.get(0).loop.isInLoop())).isTrue();
        assertThat(loops.get(0).call(() -> loops.get(1).loop.isInLoop())).isFalse();
    }

    @Test
    default void tasksThatBegetTasksLeaveTheLoopToTheOthers() {
        Line line = bench().open(Reactions.ECHO);
        ScriptedLoop loop = line.probe().loop;
        boolean[] ended = {false};
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            if (!ended[0]) {
                loop.loop.execute(again[0]);
            }
        };
        loop.run(again[0]);
        for (int i = 0; i < 50; i++) {
            line.client().send(new byte[] {(byte) i});
            assertThat(line.client().read(1)).containsExactly(i);
        }
        loop.awaitTicks(2);
        loop.run(() -> ended[0] = true);
    }

    @Test
    default void whatTasksAddWaitsUntilTheSocketsHaveHadTheirTurn() {
        int[] generation = {0};
        int[] whenRead = {-1};
        Line line = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                whenRead[0] = generation[0];
            }
        });
        ScriptedLoop loop = line.probe().loop;
        Runnable[] next = new Runnable[1];
        next[0] = () -> {
            if (++generation[0] < 500) {
                loop.loop.execute(next[0]);
            }
        };
        Runnable release = loop.hold();
        line.client().send(new byte[] {1});
        loop.loop.execute(next[0]);
        release.run();
        line.probe().awaitReceived(1);
        assertThat(line.probe().call(() -> whenRead[0])).isBetween(0, 10);
    }

    @Test
    default void loopRestsWhenItHasDoneMoreTasksThanFitIntoATurn() {
        ScriptedLoop loop = bench().open().probe().loop;
        AtomicInteger done = new AtomicInteger();
        Runnable release = loop.hold();
        for (int i = 0; i < 5000; i++) {
            loop.loop.execute(done::incrementAndGet);
        }
        release.run();
        Await.until("all tasks", () -> done.get() == 5000);
        long thread = loop.call(() -> Thread.currentThread().getId());
        loop.awaitTicks(2);

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getThreadCpuTime(thread);
        loop.awaitTicks(4);
        assertThat(Duration.ofNanos(threads.getThreadCpuTime(thread) - before))
                .as("work of a loop that has nothing to do")
                .isLessThan(Duration.ofMillis(50));
    }

    @Test
    default void tasksWakeALoopThatHasNothingToDo() {
        bench().start(1);
        ScriptedLoop loop = bench().core().loops(1).get(0);
        int before = loop.ticks().size();
        // far more than there could be if each waited for a tick
        for (int i = 0; i < 2000; i++) {
            loop.run(() -> {});
        }
        assertThat(loop.ticks().size() - before).isLessThan(1000);
    }

    @Test
    default void timersComeWhenTheirTimeHasPassedAndInItsOrder() {
        bench().start(1);
        ScriptedLoop loop = bench().core().loops(1).get(0);
        long[] delays = {300, 0, 20, 100, 20, 5, 0, 200};
        List<Integer> ran = new ArrayList<>();
        Queue<String> early = new ConcurrentLinkedQueue<>();
        loop.run(() -> {
            long now = System.nanoTime();
            for (int i = 0; i < delays.length; i++) {
                int number = i;
                long nanos = TimeUnit.MILLISECONDS.toNanos(delays[i]);
                loop.loop.executeLater(
                        () -> {
                            loop.checkThread("a timer");
                            ran.add(number);
                            // half a millisecond is what a coarser clock may be wrong by
                            if (System.nanoTime() - now < nanos - 500_000) {
                                early.add(number + " after " + (System.nanoTime() - now) + " ns");
                            }
                        },
                        nanos);
            }
            assertThat(ran).as("not inside the call").isEmpty();
        });
        Await.until("all timers", () -> loop.call(ran::size) == delays.length);
        assertThat(early).isEmpty();
        assertThat(ran.indexOf(5)).isBetween(2, 2);
        assertThat(ran.subList(3, 8)).containsExactly(2, 4, 3, 7, 0);
    }

    @Test
    default void ticksComeFourTimesASecondWhateverElseThereIsToDo() {
        Line line = bench().open(Reactions.ECHO);
        ScriptedLoop loop = line.probe().loop;
        boolean[] ended = {false};
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            if (!ended[0]) {
                loop.loop.execute(again[0]);
            }
        };
        loop.run(again[0]);
        CompletableFuture<byte[]> echoed = line.client().readAside(64 * 1024 * 1024);
        CompletableFuture<Void> sending = line.client().sendAside(new byte[64 * 1024 * 1024]);
        int from = loop.ticks().size();
        loop.awaitTicks(9);
        List<Long> ticks = loop.ticks().subList(from, from + 9);
        Await.result(sending);
        Await.result(echoed);
        loop.run(() -> ended[0] = true);

        for (int i = 1; i < ticks.size(); i++) {
            assertThat(ticks.get(i)).isGreaterThan(ticks.get(i - 1));
        }
        // 2 s, if nothing else uses the machine
        assertThat(ticks.get(8) - ticks.get(0)).isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    default void firstTickComesAtOnce() {
        bench().start(4);
        bench().core()
                .loops(4)
                .forEach(loop -> Await.until("a tick", () -> !loop.ticks().isEmpty()));
    }

    @Test
    default void tasksAfterTheEndAreIgnored() {
        Line line = bench().open();
        ScriptedLoop loop = line.probe().loop;
        Await.result(bench().running().shutdown());
        boolean[] ran = {false};
        for (int i = 0; i < 10; i++) {
            loop.loop.execute(() -> ran[0] = true);
        }
        assertThat(ran[0]).isFalse();
        assertThat(loop.loop.isInLoop()).isFalse();
    }

    @Test
    default void callsFromOneConnectionToAnotherOnTheSameLoopAreFine() {
        Line to = bench().open();
        Line from = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                to.probe().write(bytes.duplicate());
                probe.write(bytes);
            }

            @Override
            public void onEndOfInput(ScriptedInbound probe) {
                to.probe().close();
                probe.close();
            }
        });
        for (int i = 0; i < 50; i++) {
            from.client().send(new byte[] {(byte) i});
            assertThat(from.client().read(1)).containsExactly(i);
            assertThat(to.client().read(1)).containsExactly(i);
        }
        from.client().endOutput();
        assertThat(from.client().readToEnd()).isEmpty();
        assertThat(to.client().readToEnd()).isEmpty();
    }
}
