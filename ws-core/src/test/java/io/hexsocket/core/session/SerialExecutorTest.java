package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("A session's serial executor")
class SerialExecutorTest {

    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<Integer> run = new ArrayList<>();
    private boolean ended;

    private final SerialExecutor serial = serial(task -> {
        if (ended) {
            throw new RejectedExecutionException("ended");
        }
        pool.add(task);
    });

    private SerialExecutor serial(Executor executor) {
        return new SerialExecutor(executor, loop::add, new SerialExecutor.Gate() {
            @Override
            public void onHighWater() {
                told.add("behind");
            }

            @Override
            public void onLowWater() {
                told.add("caught up");
            }

            @Override
            public void onRejected(Throwable cause) {
                told.add("refused: " + cause.getMessage());
            }
        });
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            serial.add(() -> run.add(number), 0);
        }
    }

    private static void runAll(Queue<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    @DisplayName("is one task of the executor at a time, for 64 callbacks at most")
    void serialExecutorIsOneTaskOfExecutorAtTimeFor64CallbacksAtMost() {
        add(150);
        assertThat(pool).hasSize(1);
        List<Integer> sizes = new ArrayList<>();
        while (!pool.isEmpty()) {
            pool.remove().run();
            assertThat(pool.size()).isLessThanOrEqualTo(1);
            sizes.add(run.size());
        }
        assertThat(sizes).containsExactly(64, 128, 150);
        assertThat(serial.isBusy()).isFalse();
        add(1);
        assertThat(pool).hasSize(1);
        assertThat(serial.isBusy()).isTrue();
    }

    @Test
    @DisplayName("is behind with more than 32 callbacks, and has caught up with 8")
    void serialExecutorIsBehindWithMoreThan32CallbacksAndHasCaughtUpWith8() {
        add(32);
        assertThat(told).isEmpty();
        add(1);
        assertThat(told).containsExactly("behind");
        assertThat(serial.isHigh()).isTrue();
        add(10);
        int[] leftWhenCaughtUp = new int[1];
        serial.add(
                () -> {
                    leftWhenCaughtUp[0] = -1;
                },
                0);
        runAll(pool);
        assertThat(told).containsExactly("behind", "caught up");
        assertThat(serial.isHigh()).isFalse();
    }

    @Test
    @DisplayName("tells that it has caught up when 8 are left, not before and not only at the end")
    void serialExecutorTellsThatItHasCaughtUpWhen8AreLeftNotBeforeAndNotOnlyAtEnd() {
        List<Integer> doneWhenTold = new ArrayList<>();
        SerialExecutor counting = new SerialExecutor(pool::add, loop::add, new SerialExecutor.Gate() {
            @Override
            public void onHighWater() {}

            @Override
            public void onLowWater() {
                doneWhenTold.add(run.size());
            }

            @Override
            public void onRejected(Throwable cause) {}
        });
        for (int i = 0; i < 40; i++) {
            int number = i;
            counting.add(() -> run.add(number), 0);
        }
        runAll(pool);
        assertThat(doneWhenTold).containsExactly(32);
    }

    @Test
    @DisplayName("is behind with more than 256 KiB, and has caught up with half of that")
    void serialExecutorIsBehindWithMoreThan256KiBAndHasCaughtUpWithHalfOfThat() {
        serial.add(() -> run.add(1), 256 * 1024);
        assertThat(told).isEmpty();
        serial.add(() -> run.add(2), 1);
        assertThat(told).containsExactly("behind");
        serial.add(() -> assertThat(told).containsExactly("behind", "caught up"), 128 * 1024);
        runAll(pool);
        assertThat(told).containsExactly("behind", "caught up");
        assertThat(run).containsExactly(1, 2);
    }

    @Test
    @DisplayName("runs on the loop what an executor refuses, after it has told so")
    void serialExecutorRunsOnLoopWhatExecutorRefusesAfterItHasToldSo() {
        add(1);
        ended = true;
        runAll(pool);
        add(3);
        assertThat(run).containsExactly(0);
        runAll(loop);
        assertThat(told).containsExactly("refused: ended");
        assertThat(run).containsExactly(0, 0, 1, 2);
        add(1);
        runAll(loop);
        assertThat(told).hasSize(1);
        assertThat(run).hasSize(5);
    }

    @Test
    @DisplayName("runs on the loop what is left when an executor refuses between two turns")
    void serialExecutorRunsOnLoopWhatIsLeftWhenExecutorRefusesBetweenTwoTurns() {
        add(100);
        ended = true;
        runAll(pool);
        assertThat(run).hasSize(64);
        runAll(loop);
        assertThat(told).contains("refused: ended");
        assertThat(run).hasSize(100);
    }

    @Test
    @DisplayName("holds messages back from the next one on, lets everything else pass, and lets them come in order")
    void serialExecutorHoldsMessagesBackFromNextOneOnLetsEverythingElsePassAndLetsThemComeInOrder() {
        Runnable[] holds = {serial::hold};
        serial.addMessage(() -> run.add(1), 0);
        serial.addMessage(
                () -> {
                    run.add(2);
                    holds[0].run();
                },
                0);
        serial.addMessage(() -> run.add(3), 0);
        serial.add(() -> run.add(100), 0);
        serial.addMessage(() -> run.add(4), 0);
        runAll(pool);
        assertThat(run).containsExactly(1, 2, 100);
        assertThat(serial.isBusy()).isTrue();
        serial.release();
        serial.addMessage(() -> run.add(5), 0);
        runAll(pool);
        assertThat(run).containsExactly(1, 2, 100, 3, 4, 5);
        assertThat(serial.isBusy()).isFalse();
    }

    @Test
    @DisplayName("holds back again what follows a message that holds while it was let go")
    void serialExecutorHoldsBackAgainWhatFollowsMessageThatHoldsWhileItWasLetGo() {
        serial.hold();
        for (int i = 0; i < 4; i++) {
            int number = i;
            serial.addMessage(
                    () -> {
                        run.add(number);
                        serial.hold();
                    },
                    0);
        }
        runAll(pool);
        for (int i = 0; i < 4; i++) {
            assertThat(run).hasSize(i);
            serial.release();
            runAll(pool);
        }
        assertThat(run).containsExactly(0, 1, 2, 3);
        assertThat(serial.isBusy()).isFalse();
    }

    @Test
    @DisplayName("forgets what it holds back, and holds nothing back after that")
    void serialExecutorForgetsWhatItHoldsBackAndHoldsNothingBackAfterThat() {
        serial.hold();
        serial.addMessage(() -> run.add(1), 0);
        runAll(pool);
        serial.forgetHeldBack();
        serial.addMessage(() -> run.add(2), 0);
        runAll(pool);
        assertThat(run).containsExactly(2);
        serial.release();
        runAll(pool);
        assertThat(run).containsExactly(2);
        assertThat(serial.isBusy()).isFalse();
    }

    @Test
    @Tag("exhaustive")
    @DisplayName("never lags by more than it may, and is never left paused, with real threads on both sides")
    void serialExecutorNeverLagsByMoreThanItMayAndIsNeverLeftPausedWithRealThreadsOnBothSides() {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            int count = 200_000;
            Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
            AtomicInteger running = new AtomicInteger();
            AtomicInteger done = new AtomicInteger();
            List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
            boolean[] paused = new boolean[1];
            SerialExecutor[] fast = new SerialExecutor[1];
            fast[0] = new SerialExecutor(threads, tasks::add, new SerialExecutor.Gate() {
                @Override
                public void onHighWater() {
                    paused[0] = true;
                }

                @Override
                public void onLowWater() {
                    tasks.add(() -> {
                        if (!fast[0].isHigh()) {
                            paused[0] = false;
                        }
                    });
                }

                @Override
                public void onRejected(Throwable cause) {
                    wrong.add("refused");
                }
            });
            int added = 0;
            while (done.get() < count) {
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                if (paused[0] || added == count) {
                    Thread.onSpinWait();
                    continue;
                }
                int number = added++;
                fast[0].add(
                        () -> {
                            if (running.incrementAndGet() != 1) {
                                wrong.add("two at once");
                            }
                            if (done.getAndIncrement() != number) {
                                wrong.add("out of order");
                            }
                            running.decrementAndGet();
                        },
                        0);
                if (added - done.get() > 34) {
                    wrong.add("lags by " + (added - done.get()));
                }
            }
            assertThat(wrong).isEmpty();
        } finally {
            threads.shutdown();
        }
    }
}
