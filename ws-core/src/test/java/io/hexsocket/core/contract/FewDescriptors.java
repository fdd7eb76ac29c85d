package io.hexsocket.core.contract;

import io.hexsocket.core.contract.TransportUnderTest.Running;
import io.hexsocket.core.contract.TransportUnderTest.Setup;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A process with so few descriptors that a transport in it runs out of them. It greets every connection with one byte, and tells when
 * there is no descriptor left, and how busy it was for two seconds after that.
 */
final class FewDescriptors {

    static final byte GREETING = 'g';

    private static final int DESCRIPTORS = 64;
    private static final int TICKS_OF_REST = 8;

    /**
     * What went on while there was no descriptor.
     *
     * @param accepted how many connections there were
     * @param nanos how long it was watched
     * @param busyNanos how long the process's threads were on processors meanwhile
     * @param logLines how many lines were logged since it started
     */
    record Rest(int accepted, long nanos, long busyNanos, int logLines) {}

    private FewDescriptors() {}

    // ---- in the test

    static Child start(TransportUnderTest type) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + " && exec \"$@\"",
                        "sh",
                        java,
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                        "-cp",
                        classPath,
                        FewDescriptors.class.getName(),
                        type.getClass().getName())
                .start();
        return new Child(process);
    }

    static final class Child implements AutoCloseable {

        private final Process process;
        private final BufferedReader said;
        private final Queue<String> log = new ConcurrentLinkedQueue<>();
        private final int port;

        Child(Process process) throws IOException {
            this.process = process;
            this.said = process.inputReader();
            Aside.run(() -> process.errorReader().lines().forEach(log::add));
            this.port = Integer.parseInt(word("listening")[1]);
        }

        int port() {
            return port;
        }

        void awaitExhausted() throws IOException {
            word("exhausted");
        }

        Rest awaitRest() throws IOException {
            String[] words = word("rested");
            return new Rest(Integer.parseInt(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]), log.size());
        }

        String log() {
            return String.join("\n", log);
        }

        private String[] word(String first) throws IOException {
            String line = said.readLine();
            if (line == null || !line.startsWith(first)) {
                throw new AssertionError("the child said \"" + line + "\", not \"" + first + "\"; its log:\n" + log());
            }
            return line.split(" ");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    // ---- in the process

    /** Runs a transport until it is killed. */
    public static void main(String[] arguments) throws Exception {
        Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        TransportUnderTest type = (TransportUnderTest) constructor.newInstance();
        PrintStream out = System.out;
        Running running = type.run(new Greeter(out), new Setup(0, 1, Workbench.DRAIN));
        // a class that is needed first when there is no descriptor left cannot be loaded from its file
        try (RawClient client = RawClient.connect(type.wire(), running.port())) {
            client.read(1);
        }
        out.println("listening " + running.port());
        Thread.currentThread().join();
    }

    private static final class Greeter implements Acceptor {

        private final PrintStream out;

        Greeter(PrintStream out) {
            this.out = out;
        }

        @Override
        public LoopInbound attach(EventLoop loop) {
            return new GreeterLoop(loop, out);
        }
    }

    private static final class GreeterLoop implements LoopInbound {

        private final EventLoop loop;
        private final PrintStream out;
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private int connections;
        private int exhaustedFor;
        private long since;
        private long busySince;

        GreeterLoop(EventLoop loop, PrintStream out) {
            this.loop = loop;
            this.out = out;
            // whatever classes this needs are loaded while there are descriptors
            busyNanos();
            isExhausted();
        }

        @Override
        public Inbound onAccept(Outbound outbound) {
            connections++;
            loop.execute(() -> outbound.write(ByteBuffer.wrap(new byte[] {GREETING})));
            return new Greeted(outbound);
        }

        @Override
        public void onTick(long nowNanos) {
            if (exhaustedFor > TICKS_OF_REST || !isExhausted()) {
                return;
            }
            if (exhaustedFor++ == 0) {
                since = System.nanoTime();
                busySince = busyNanos();
                out.println("exhausted");
            } else if (exhaustedFor > TICKS_OF_REST) {
                long nanos = System.nanoTime() - since;
                out.println("rested " + connections + " " + nanos + " " + (busyNanos() - busySince));
            }
        }

        /** How long all threads have been on processors, but for those of the compiler and the collector. */
        private long busyNanos() {
            long all = 0;
            for (long id : threads.getAllThreadIds()) {
                all += Math.max(0, threads.getThreadCpuTime(id));
            }
            return all;
        }

        private static boolean isExhausted() {
            try (FileInputStream one = new FileInputStream("/dev/null")) {
                return one.read() >= 0;
            } catch (IOException none) {
                return true;
            }
        }

        @Override
        public void onShutdown() {}

        @Override
        public void onDrain(long windowNanos) {}

        @Override
        public void onTimeUp() {}

        @Override
        public int connections() {
            return connections;
        }

        private final class Greeted implements Inbound {

            private final Outbound outbound;

            Greeted(Outbound outbound) {
                this.outbound = outbound;
            }

            @Override
            public void onForwarded() {
                throw new AssertionError("there is no proxy");
            }

            @Override
            public void onBytes(ByteBuffer bytes) {
                bytes.position(bytes.limit());
            }

            @Override
            public void onDrained() {}

            @Override
            public void onEndOfInput() {
                outbound.close();
            }

            @Override
            public void onClosed(@Nullable Throwable cause) {
                connections--;
            }
        }
    }
}
