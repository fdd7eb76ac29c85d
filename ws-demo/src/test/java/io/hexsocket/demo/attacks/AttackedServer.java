package io.hexsocket.demo.attacks;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.demo.Main;
import io.hexsocket.demo.RunningDemo;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The program in a process of its own, with a thread beside it that does what the standard input says: {@code heap} prints what is
 * alive in the heap, {@code fill} takes all of the heap and keeps it, as a host or an app with a leak does.
 */
public final class AttackedServer {

    /** Subscribes its client to as many new topics as a message says. */
    static final String TOPICS = "/topics";
    /** Echoes, on an executor that has not enough threads. */
    static final String LAGGING = "/lagging";

    /** What it says when its heap is full. */
    static final String FULL = "the heap is full";

    private static final byte[] FULL_LINE = (FULL + "\n").getBytes(StandardCharsets.US_ASCII);
    private static final long REFILL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int LONGEST = 16 * 1024 * 1024;

    @SuppressWarnings("unused")
    private static Object @Nullable [] ballast;

    private AttackedServer() {}

    /** Takes {@code demo} and the words of the program, or {@code apps} and the name of a transport. */
    public static void main(String[] arguments) throws Exception {
        Thread control = new Thread(AttackedServer::obey, "control");
        control.setDaemon(true);
        control.start();
        if (arguments[0].equals("demo")) {
            Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        RunningDemo server = RunningDemo.start(arguments[1], apps());
        System.out.println("server initialised on " + server.uri("ws") + ",\nregistered app");
    }

    private static ServerConfig apps() {
        App echo = session -> Session::send;
        ExecutorService one = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "lagging");
            thread.setDaemon(true);
            return thread;
        });
        App lagging = session -> (sender, message) -> {
            TimeUnit.MILLISECONDS.sleep(100);
            sender.send(message);
        };
        return ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(2)
                .app("/echo", echo.with(AppOptions.DEFAULT.compression(Compression.ON)))
                .app(TOPICS, session -> new Topics())
                .app(LAGGING, lagging.with(AppOptions.DEFAULT.executor(one).maxMessageBytes(LONGEST)))
                .build();
    }

    /** A member of more and more topics. Answers how many nanoseconds it took for each. */
    private static final class Topics implements io.hexsocket.apps.Listener {

        private int topics;

        @Override
        public void onMessage(Session session, io.hexsocket.apps.Message message) {
            int more = Integer.parseInt(message.text());
            long start = System.nanoTime();
            for (int i = 0; i < more; i++) {
                session.subscribe("topic of whoever wants as many as there may be " + topics++);
            }
            session.send(Long.toString((System.nanoTime() - start) / more));
        }
    }

    private static void obey() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            int answers = 0;
            for (String word = in.readLine(); word != null; word = in.readLine()) {
                switch (word) {
                    case "heap" -> System.out.println("heap " + answers++ + " " + heapBytes() + " bytes");
                    case "fill" -> fill();
                    default -> throw new IllegalArgumentException(word);
                }
            }
        } catch (IOException gone) {
            // whoever had something to say is gone
        }
    }

    private static long heapBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void fill() throws IOException {
        // printing takes memory, and this does not
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        for (int length = 256 * 1024; length >= 2; length /= 2) {
            fillWith(length);
        }
        out.write(FULL_LINE);
        while (true) {
            // what others let go of
            fillWith(2);
            LockSupport.parkNanos(REFILL_NANOS);
        }
    }

    private static void fillWith(int length) {
        try {
            while (true) {
                Object[] next = new Object[length];
                next[0] = ballast;
                ballast = next;
            }
        } catch (OutOfMemoryError full) {
            // something smaller may still find room
        }
    }
}
