package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A loop's mailbox")
class MailboxTest {

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final Mailbox mailbox = new Mailbox(loop::add);
    private final List<Integer> ran = new ArrayList<>();

    private void post(int task) {
        mailbox.post(() -> ran.add(task));
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    @DisplayName("tells the loop once, however many tasks come before it looks")
    void loopsMailboxTellsLoopOnceHoweverManyTasksComeBeforeItLooks() {
        for (int i = 0; i < 10; i++) {
            post(i);
        }
        assertThat(loop).hasSize(1);
        assertThat(ran).isEmpty();
        loop.remove().run();
        assertThat(ran).isEqualTo(numbers(10));
        post(10);
        assertThat(loop).hasSize(1);
    }

    @Test
    @DisplayName("is drained whole, and in order, when the loop asks for it, which may find it empty later")
    void loopsMailboxIsDrainedWholeAndInOrderWhenLoopAsksForItWhichMayFindItEmptyLater() {
        for (int i = 0; i < 5000; i++) {
            post(i);
        }
        mailbox.drain();
        assertThat(ran).isEqualTo(numbers(5000));
        mailbox.drain();
        loop.remove().run();
        assertThat(ran).hasSize(5000);
        assertThat(loop).isEmpty();
    }

    @Test
    @DisplayName("takes a thousand tasks a turn, so that others have theirs")
    void loopsMailboxTakesThousandTasksTurnSoThatOthersHaveTheirs() {
        for (int i = 0; i < 2500; i++) {
            post(i);
        }
        List<Integer> sizes = new ArrayList<>();
        while (!loop.isEmpty()) {
            loop.remove().run();
            sizes.add(ran.size());
        }
        assertThat(sizes).containsExactly(1024, 2048, 2500);
        assertThat(ran).isEqualTo(numbers(2500));
    }

    @Test
    @DisplayName("may get tasks while it is drained")
    void loopsMailboxMayGetTasksWhileItIsDrained() {
        mailbox.post(() -> {
            ran.add(0);
            post(1);
        });
        loop.remove().run();
        mailbox.drain();
        assertThat(ran).containsExactly(0, 1);
    }

    @Test
    @DisplayName("does not let tasks that were posted behind a task overtake it, though it drains")
    void tasksDoNotOvertakeOneThatDrains() {
        mailbox.post(() -> {
            post(1);
            mailbox.drain();
            ran.add(0);
        });
        loop.remove().run();
        mailbox.drain();
        assertThat(ran).containsExactly(0, 1);
    }

    @Test
    @DisplayName("loses no task behind one that fails")
    void loopsMailboxLosesNoTaskBehindOneThatFails() {
        post(0);
        mailbox.post(() -> {
            throw new IllegalStateException("broken");
        });
        post(1);
        assertThatIllegalStateException().isThrownBy(loop.remove()::run);
        assertThat(ran).containsExactly(0);
        loop.remove().run();
        assertThat(ran).containsExactly(0, 1);
    }

    @Test
    @DisplayName("loses no task, and keeps the order of each thread, when many post and the loop opens in between")
    void loopsMailboxLosesNoTaskAndKeepsOrderOfEachThreadWhenManyPostAndLoopOpensInBetween() {
        int threads = 8;
        int each = 20_000;
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        Mailbox shared = new Mailbox(tasks::add);
        int[] next = new int[threads];
        List<String> wrong = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            int thread = t;
            new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            int number = i;
                            shared.post(() -> {
                                if (next[thread]++ != number) {
                                    wrong.add(thread + " " + number);
                                }
                            });
                        }
                        done.countDown();
                    })
                    .start();
        }
        int turns = 0;
        boolean over = false;
        while (!over) {
            over = done.getCount() == 0;
            if (turns++ % 3 == 0) {
                shared.drain();
            }
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(next).containsOnly(each);
    }

    @Test
    @DisplayName("is ran of all that was posted before, as far as the loop can know of it")
    void loopsMailboxIsRanOfAllThatWasPostedBeforeAsFarAsLoopCanKnowOfIt() throws Exception {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        Mailbox shared = new Mailbox(tasks::add);
        Queue<Integer> signals = new ConcurrentLinkedQueue<>();
        int count = 50_000;
        int[] latest = {-1};
        Thread thread = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                int number = i;
                shared.post(() -> latest[0] = number);
                signals.add(number);
            }
        });
        thread.start();
        for (int seen = 0; seen < count; ) {
            Integer signal = signals.poll();
            if (signal == null) {
                Thread.onSpinWait();
                continue;
            }
            seen++;
            shared.drain();
            assertThat(latest[0]).isGreaterThanOrEqualTo(signal);
            if (seen % 7 == 0) {
                Runnable task = tasks.poll();
                if (task != null) {
                    task.run();
                }
            }
        }
        thread.join();
    }
}
