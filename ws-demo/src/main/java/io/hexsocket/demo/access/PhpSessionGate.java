package io.hexsocket.demo.access;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.OpeningRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in who has a session of PHP, read from the file that PHP keeps it in, without PHP's lock. Files are read on threads of its own.
 */
public final class PhpSessionGate implements Gate {

    private static final Logger log = LoggerFactory.getLogger("access");

    // session.sid_length is 22 to 256; without a dot or a slash it names no other file
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9,-]{22,256}");
    private static final int MAX_BYTES = 64 * 1024;
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    // PHP empties a file before it writes it anew
    private static final Duration PAUSE_BEFORE_SECOND_READING = Duration.ofMillis(50);

    private static final Answer SIGN_IN = new Refused(Admission.reject(401, "Sign in first."));
    private static final Answer FORBIDDEN = new Refused(Admission.reject(403, "Your session does not allow it."));
    private static final Answer LATER =
            new Refused(Admission.reject(503, "Sessions cannot be read now.").header("Retry-After", "10"));

    private final PhpSessionRules rules;
    private final ThreadPoolExecutor executor;

    /** A gate. */
    public PhpSessionGate(PhpSessionRules rules) {
        this.rules = rules;
        this.executor = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "PHP sessions");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Who a variable of the session names. */
    private record User(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    @Override
    public CompletionStage<Answer> check(OpeningRequest request) {
        String id = request.cookie(rules.cookie());
        if (id == null || !ID.matcher(id).matches()) {
            return CompletableFuture.completedFuture(SIGN_IN);
        }
        Path file = rules.directory().resolve("sess_" + id);
        Executor late = CompletableFuture.delayedExecutor(
                PAUSE_BEFORE_SECOND_READING.toMillis(), TimeUnit.MILLISECONDS, executor);
        try {
            return CompletableFuture.supplyAsync(() -> answer(file, false), executor)
                    .thenCompose(first -> first != null
                            ? CompletableFuture.completedFuture(first)
                            : CompletableFuture.supplyAsync(() -> answer(file, true), late))
                    .completeOnTimeout(LATER, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(LATER);
        }
    }

    /** What the file says; null if it is worth a second reading. */
    private @Nullable Answer answer(Path file, boolean isLast) {
        try {
            byte[] content = content(file);
            if (content == null) {
                return SIGN_IN;
            }
            if (content.length == 0 && !isLast) {
                return null;
            }
            return answer(variables(content));
        } catch (NoSuchFileException nobody) {
            return SIGN_IN;
        } catch (IOException | RuntimeException unreadable) {
            if (isLast) {
                // not its name, which is a secret of the client
                log.warn("a session file of PHP in {} cannot be read: {}", rules.directory(), reason(file, unreadable));
                return SIGN_IN;
            }
            return null;
        }
    }

    private static String reason(Path file, Exception unreadable) {
        String message = unreadable.getMessage();
        return message == null || message.contains(String.valueOf(file.getFileName()))
                ? unreadable.getClass().getSimpleName()
                : message;
    }

    private Answer answer(Map<String, Object> variables) {
        if (!isTrue(variables.get(rules.requires()))) {
            return FORBIDDEN;
        }
        if (rules.principal() == null) {
            return new Passed(admission -> admission);
        }
        Object name = variables.get(rules.principal());
        if (name instanceof Long || name instanceof String text && !text.isEmpty()) {
            Principal user = new User(name.toString());
            return new Passed(admission -> admission.principal(user));
        }
        return FORBIDDEN;
    }

    private static boolean isTrue(@Nullable Object value) {
        if (value == null || value == PhpValues.NULL || value.equals(false) || value.equals(0L)) {
            return false;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof Map<?, ?> array) {
            return !array.isEmpty();
        }
        return !value.equals("") && !value.equals("0");
    }

    private Map<String, Object> variables(byte[] content) {
        PhpValues values = new PhpValues(content);
        Map<String, Object> variables = new LinkedHashMap<>();
        switch (rules.format()) {
            case PHP -> {
                while (values.hasNext()) {
                    variables.put(values.nextName(), values.next());
                }
            }
            case PHP_SERIALIZE -> {
                if (values.hasNext() && values.next() instanceof Map<?, ?> array && !values.hasNext()) {
                    array.forEach((name, value) -> variables.put(name.toString(), value));
                } else if (content.length > 0) {
                    throw new IllegalArgumentException("is no array");
                }
            }
        }
        return variables;
    }

    /** The content of a file that is one, of the right owner, and young enough; null of another. */
    private byte @Nullable [] content(Path file) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> rights = attributes.permissions();
        boolean isItsOwners = !rights.contains(PosixFilePermission.GROUP_WRITE)
                && !rights.contains(PosixFilePermission.OTHERS_WRITE)
                && (rules.owner() == null || attributes.owner().getName().equals(rules.owner()));
        Instant oldest = rules.maxAge().isZero() ? Instant.MIN : Instant.now().minus(rules.maxAge());
        if (!attributes.isRegularFile()
                || !isItsOwners
                || attributes.size() > MAX_BYTES
                || attributes.lastModifiedTime().toInstant().isBefore(oldest)) {
            return null;
        }
        ByteBuffer content = ByteBuffer.allocate(MAX_BYTES + 1);
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (content.hasRemaining() && channel.read(content) >= 0) {
                // on to the end
            }
        }
        return content.hasRemaining() ? Arrays.copyOf(content.array(), content.position()) : null;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
