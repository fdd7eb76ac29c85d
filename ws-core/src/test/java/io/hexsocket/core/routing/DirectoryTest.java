package io.hexsocket.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The directory")
class DirectoryTest {

    private final Random random = new Random(1);
    private final SessionIds ids = new SessionIds(random::nextBytes);
    private final Directory<String> directory = new Directory<>(ids);

    @Nested
    @DisplayName("gives ids")
    class Ids {

        @Test
        @DisplayName(
                "that are a UUID version 4, a dot and a signature, in lower-case hexadecimal digits, and never the same")
        void form() {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                String id = directory.enter("s" + i);
                assertThat(id)
                        .hasSize(101)
                        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\.[0-9a-f]{64}");
                UUID uuid = UUID.fromString(id.substring(0, 36));
                assertThat(uuid.version()).isEqualTo(4);
                assertThat(uuid.variant()).isEqualTo(2);
                assertThat(seen.add(id)).isTrue();
                assertThat(directory.find(Target.id(id))).isEqualTo("s" + i);
            }
            seen.forEach(directory::leave);
            assertThat(directory.size()).isZero();
        }

        @Test
        @DisplayName("whose every character counts")
        void everyCharacter() {
            String id = directory.enter("s");
            for (int i = 0; i < id.length(); i++) {
                char other = id.charAt(i) == '0' ? '1' : '0';
                String forged = id.substring(0, i) + other + id.substring(i + 1);
                assertThat(ids.nodeOf(forged)).as("at %d", i).isNull();
                assertThat(directory.find(Target.id(forged))).isNull();
            }
            assertThat(ids.nodeOf(id)).isEmpty();
        }

        @Test
        @DisplayName(
                "which nobody with another secret can make, and which are known as our own when their owner is gone")
        void secrets() {
            SessionIds others = new SessionIds(random::nextBytes);
            String foreign = others.mint();
            assertThat(others.nodeOf(foreign)).isEmpty();
            assertThat(ids.nodeOf(foreign)).isNull();
            String id = directory.enter("s");
            directory.leave(id);
            assertThat(ids.nodeOf(id)).isEmpty();
            assertThat(directory.find(Target.id(id))).isNull();
        }
    }

    @Test
    @DisplayName("gives an alias to the first who asks, until that one gives it back")
    void aliasBelongsToTheFirstUntilGivenBack() {
        assertThat(directory.enterAlias("a", "one")).isTrue();
        assertThat(directory.enterAlias("a", "one")).isTrue();
        assertThat(directory.enterAlias("a", "two")).isFalse();
        directory.leaveAlias("a", "two");
        assertThat(directory.find(Target.alias("a"))).isEqualTo("one");
        directory.leaveAlias("a", "one");
        assertThat(directory.find(Target.alias("a"))).isNull();
        assertThat(directory.enterAlias("a", "two")).isTrue();
        assertThat(directory.find(Target.alias("a"))).isEqualTo("two");
        assertThat(directory.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("finds the newest of those who share an ident")
    void newestOfThoseWhoShareAnIdentIsFound() {
        directory.enterIdent("i", "one");
        directory.enterIdent("i", "two");
        directory.enterIdent("i", "three");
        assertThat(directory.find(Target.ident("i"))).isEqualTo("three");
        directory.leaveIdent("i", "two");
        assertThat(directory.find(Target.ident("i"))).isEqualTo("three");
        directory.leaveIdent("i", "three");
        assertThat(directory.find(Target.ident("i"))).isEqualTo("one");
        directory.leaveIdent("i", "one");
        directory.leaveIdent("i", "one");
        assertThat(directory.find(Target.ident("i"))).isNull();
        assertThat(directory.size()).isZero();
    }

    @Test
    @DisplayName("keeps ids, aliases and idents apart, and finds nobody by an empty name")
    void idsAliasesAndIdentsAreKeptApart() {
        directory.enterAlias("n", "alias");
        directory.enterIdent("n", "ident");
        directory.enterAlias("", "empty");
        directory.enterIdent("", "empty");
        assertThat(directory.find(Target.id("n"))).isNull();
        assertThat(directory.find(Target.alias("n"))).isEqualTo("alias");
        assertThat(directory.find(Target.ident("n"))).isEqualTo("ident");
        for (Target.Kind kind : Target.Kind.values()) {
            assertThat(directory.find(new Target(kind, ""))).isNull();
        }
    }

    @Test
    @DisplayName("is right when many threads come and go under the same names")
    void directoryIsRightUnderManyThreads() throws Exception {
        int threads = 8;
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(threads);
        AtomicInteger owners = new AtomicInteger();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < threads; t++) {
            String me = "thread " + t;
            new Thread(() -> {
                        try {
                            start.await();
                            for (int i = 0; i < 2000; i++) {
                                directory.enterIdent("i", me);
                                if (directory.find(Target.ident("i")) == null) {
                                    wrong.add("nobody has the ident that " + me + " has");
                                }
                                if (directory.enterAlias("a", me)) {
                                    if (owners.incrementAndGet() != 1) {
                                        wrong.add("two owners of an alias");
                                    }
                                    owners.decrementAndGet();
                                    directory.leaveAlias("a", me);
                                }
                                directory.leaveIdent("i", me);
                            }
                        } catch (InterruptedException impossible) {
                            throw new AssertionError(impossible);
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        start.countDown();
        done.await();
        assertThat(wrong).isEmpty();
        assertThat(directory.size()).isZero();
    }
}
