package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskQueueTest {

    private final List<Throwable> fatal = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private long now;
    private final TaskQueue tasks = new TaskQueue(
            new Faults(fatal::add, (what, thrown) -> logged.add(what + ": " + thrown.getMessage())), () -> now);
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void whatTasksAddWaitsForTheNextTurn() {
        tasks.add(() -> {
            ran.add(1);
            tasks.add(() -> ran.add(3));
        });
        tasks.add(() -> ran.add(2));
        tasks.runTurn();
        assertThat(ran).containsExactly(1, 2);
        assertThat(tasks.isEmpty()).isFalse();
        tasks.runTurn();
        assertThat(ran).containsExactly(1, 2, 3);
        tasks.runTurn();
        assertThat(tasks.isEmpty()).isTrue();
    }

    @Test
    void m19TasksThatTakeLongerThanAMillisecondAreDoneInSeveralTurnsAndThoseTheyAddComeBehindAll() {
        for (int i = 0; i < 30; i++) {
            int number = i;
            tasks.add(() -> {
                ran.add(number);
                now += 100_000;
            });
        }
        tasks.add(() -> tasks.add(() -> ran.add(30)));
        tasks.runTurn();
        assertThat(ran).hasSize(10);
        for (int turn = 0; turn < 4; turn++) {
            tasks.runTurn();
        }
        assertThat(ran).isEqualTo(IntStream.range(0, 31).boxed().toList());
        assertThat(tasks.isEmpty()).isTrue();
    }

    @Test
    void taskThatThrowsIsReportedAndTheNextOneRuns() {
        tasks.add(() -> {
            throw new IllegalStateException("a bug, as this test wants it");
        });
        tasks.add(() -> {
            throw new OutOfMemoryError("as this test wants it");
        });
        tasks.add(() -> ran.add(1));
        tasks.runTurn();
        assertThat(ran).containsExactly(1);
        assertThat(logged).containsExactly("a task of an event loop failed: a bug, as this test wants it");
        assertThat(fatal).singleElement().isInstanceOf(OutOfMemoryError.class);
    }
}
