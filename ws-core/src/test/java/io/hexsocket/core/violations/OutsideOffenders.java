package io.hexsocket.core.violations;

import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.net.ssl.SSLEngine;

/** What a core with I/O would look like. */
public final class OutsideOffenders {
    private OutsideOffenders() {}

    static final class OpensSocket {
        Object open() {
            return new Socket();
        }
    }

    static final class TakesChannels {
        void take(SocketChannel[] channels) {}
    }

    static final class HasUrl {
        URL url;
    }

    static final class HasFile {
        File file;
    }

    static final class ReadsFile {
        byte[] read(Path path) throws IOException {
            return Files.readAllBytes(path);
        }
    }

    static final class WritesStream {
        Object stream() {
            return new ByteArrayOutputStream();
        }
    }

    static final class Prints {
        void print() {
            System.out.println();
        }
    }

    static final class Logs {
        Object logger() {
            return Logger.getLogger("core");
        }
    }

    static final class KnowsItsThread {
        boolean inside(Object thread) {
            return Thread.currentThread() == thread;
        }
    }

    static final class StartsThreads {
        Executor threads() {
            return Executors.newCachedThreadPool();
        }
    }

    static final class HasClock {
        Supplier<Clock> clock;
    }

    static final class Throws {
        int dice() {
            return new Random().nextInt(6);
        }
    }

    static final class ThrowsPerThread {
        int dice() {
            return ThreadLocalRandom.current().nextInt(6);
        }
    }

    static final class ThrowsSecurely {
        int dice() {
            return new SecureRandom().nextInt(6);
        }
    }

    static final class SpeaksTls {
        SSLEngine engine;
    }

    static final class UsesLibrary {
        ArchRule rule;
    }
}
