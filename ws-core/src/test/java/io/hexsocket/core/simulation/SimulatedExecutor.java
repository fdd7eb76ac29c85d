package io.hexsocket.core.simulation;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * An app's executor whose tasks wait for a thread for a random while, as those of a busy pool do, and then run outside of any event
 * loop. One that has {@linkplain #block blocked} runs nothing any more, as if its only thread hung.
 */
public final class SimulatedExecutor implements Executor {

    private final Simulation world;
    private final Random random;
    private final int mostMillis;
    private boolean blocked;

    /** An executor whose tasks wait so many milliseconds at most. */
    public SimulatedExecutor(Simulation world, int mostMillis) {
        this.world = world;
        this.random = world.newRandom();
        this.mostMillis = mostMillis;
    }

    @Override
    public void execute(Runnable task) {
        world.after(Duration.ofMillis(random.nextInt(mostMillis + 1)), () -> {
            if (!blocked) {
                task.run();
            }
        });
    }

    /** Runs nothing any more. */
    public void block() {
        blocked = true;
    }
}
