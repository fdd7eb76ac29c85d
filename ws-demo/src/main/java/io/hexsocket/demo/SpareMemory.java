package io.hexsocket.demo;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ObjectName;

/**
 * Gives memory back that the JIT has taken for a compilation, tens of MiB for a large one: the JVM frees it, but the C library keeps
 * it. To be asked every {@value #POLL_MILLIS} ms; acts when nothing has been compiled since it was last asked, and much before, and once more
 * when the JVM has emptied its own pool of such memory. Where the JVM or the C library cannot do that, nothing happens. Not thread-safe.
 */
final class SpareMemory {

    static final int POLL_MILLIS = 250;
    // Below this there is next to nothing to be had
    static final int WORTH_MILLIS = 100;
    // HotSpot empties its pool every five seconds
    static final int POLLS_TO_EMPTY_POOL = 6000 / POLL_MILLIS;

    private final LongSupplier compiledMillis;
    private final Runnable trim;
    private long trimmedMillis;
    private long seenMillis;
    private int pollsToGo;

    /**
     * One of a kind.
     *
     * @param compiledMillis for how long something has been compiled so far
     * @param trim gives back what there is
     */
    SpareMemory(LongSupplier compiledMillis, Runnable trim) {
        this.compiledMillis = compiledMillis;
        this.trim = trim;
        this.trimmedMillis = compiledMillis.getAsLong();
        this.seenMillis = trimmedMillis;
    }

    /** That of this process. */
    static SpareMemory ofThisProcess() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        boolean counts = compiler != null && compiler.isCompilationTimeMonitoringSupported();
        return new SpareMemory(counts ? compiler::getTotalCompilationTime : () -> 0, SpareMemory::trim);
    }

    /** Gives back what there is if the time is good. */
    void giveBack() {
        long millis = compiledMillis.getAsLong();
        if (millis != seenMillis) {
            seenMillis = millis;
        } else if (millis - trimmedMillis >= WORTH_MILLIS) {
            trimmedMillis = millis;
            pollsToGo = POLLS_TO_EMPTY_POOL;
            trim.run();
        } else if (pollsToGo > 0 && --pollsToGo == 0) {
            trim.run();
        }
    }

    /** Has the C library give back what it has kept; what came of it, in the JVM's words. */
    static String trim() {
        try {
            ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            return String.valueOf(
                    ManagementFactory.getPlatformMBeanServer().invoke(commands, "systemTrimNativeHeap", null, null));
        } catch (JMException | JMRuntimeException unknown) {
            return "this JVM does not give memory back: " + unknown.getMessage();
        }
    }
}
