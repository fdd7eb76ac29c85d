package io.hexsocket.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LimitsTest {

    /** Each limit with the least value that makes sense. */
    private static final Map<String, Integer> LEAST = Map.ofEntries(
            Map.entry("headBytes", 128),
            Map.entry("requestLineBytes", 16),
            Map.entry("headers", 5),
            Map.entry("messageBytes", 125),
            Map.entry("fragments", 1),
            Map.entry("queuedBytes", 1024),
            Map.entry("pingsPerSecond", 1),
            Map.entry("pingBurst", 1),
            Map.entry("aliases", 0),
            Map.entry("topics", 0),
            Map.entry("messagesPerSecond", 0),
            Map.entry("bytesPerSecond", 0),
            Map.entry("connectionsPerSecondPerAddress", 0),
            Map.entry("connections", 1),
            Map.entry("connectionsPerAddress", 0),
            Map.entry("compressionContextBytes", 0));

    private static final Set<String> MAY_BE_ZERO = Set.of("idle", "ping", "lifetime");

    @Test
    void m1NoMessageIsLongerThanAnEighthOfTheHeap() {
        long eighth = Runtime.getRuntime().maxMemory() / 8;
        assertThat(ServerConfig.fittingMessage(125)).isEqualTo(125);
        assertThat(ServerConfig.fittingMessage(Integer.MAX_VALUE)).isEqualTo((int) Math.min(eighth, Integer.MAX_VALUE));
    }

    @Test
    void everyLimitHasASetterThatIsTestedHere() {
        assertThat(setters(Limits.class, int.class)).containsExactlyInAnyOrderElementsOf(LEAST.keySet());
    }

    @Test
    void o7EveryLimitRefusesWhatIsBelowItsLeastValueByName() throws Exception {
        for (Map.Entry<String, Integer> limit : LEAST.entrySet()) {
            String name = limit.getKey();
            Method set = Limits.class.getMethod(name, int.class);
            Object changed = set.invoke(Limits.DEFAULT, limit.getValue());
            assertThat(Limits.class.getMethod(name).invoke(changed)).as(name).isEqualTo(limit.getValue());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call(set, Limits.DEFAULT, limit.getValue() - 1))
                    .withMessageStartingWith(name + " is " + (limit.getValue() - 1));
        }
    }

    @Test
    void settingOneLimitLeavesAllOthersAsTheyWere() throws Exception {
        Limits changed = Limits.DEFAULT.messageBytes(1000);
        for (String name : LEAST.keySet()) {
            Method get = Limits.class.getMethod(name);
            Object expected = name.equals("messageBytes") ? 1000 : get.invoke(Limits.DEFAULT);
            assertThat(get.invoke(changed)).as(name).isEqualTo(expected);
        }
        assertThat(Limits.DEFAULT.messageBytes()).isEqualTo(5 * 1024 * 1024);
    }

    @Test
    void o7LimitForOneAddressIsNotAboveThatForAll() {
        Limits ten = Limits.DEFAULT.connections(10).connectionsPerAddress(10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ten.connectionsPerAddress(11))
                .withMessageContaining("connectionsPerAddress is 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ten.connections(9))
                .withMessageContaining("connectionsPerAddress is 10");
    }

    @Test
    void equalLimitsAreThoseWithEqualValues() {
        assertThat(Limits.DEFAULT.headers(7).headers(100))
                .isEqualTo(Limits.DEFAULT)
                .hasSameHashCodeAs(Limits.DEFAULT);
        assertThat(Limits.DEFAULT.headers(7)).isNotEqualTo(Limits.DEFAULT);
        assertThat(Limits.DEFAULT.headers(7).toString()).contains("headers=7", "aliases=4");
    }

    @Test
    void o7EveryTimeoutRefusesNegativeTimesAndThoseLongerThanADayByName() throws Exception {
        Set<String> names = setters(Timeouts.class, Duration.class);
        assertThat(names).hasSizeGreaterThanOrEqualTo(8).containsAll(MAY_BE_ZERO);
        for (String name : names) {
            Method set = Timeouts.class.getMethod(name, Duration.class);
            Object day = set.invoke(Timeouts.DEFAULT, Duration.ofDays(1));
            assertThat(Timeouts.class.getMethod(name).invoke(day)).as(name).isEqualTo(Duration.ofDays(1));
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> call(set, Timeouts.DEFAULT, Duration.ofDays(1).plusNanos(1)))
                    .withMessageStartingWith(name + " is ");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call(set, Timeouts.DEFAULT, Duration.ofNanos(-1)))
                    .withMessageStartingWith(name + " is ");
            if (MAY_BE_ZERO.contains(name)) {
                assertThat(set.invoke(Timeouts.DEFAULT, Duration.ZERO)).isNotNull();
            } else {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> call(set, Timeouts.DEFAULT, Duration.ZERO))
                        .withMessageStartingWith(name + " is zero");
            }
        }
    }

    @Test
    void settingOneTimeoutLeavesTheOthersAsTheyWere() {
        Timeouts changed = Timeouts.DEFAULT.ping(Duration.ofSeconds(7)).idle(Duration.ofSeconds(9));
        assertThat(changed.ping()).isEqualTo(Duration.ofSeconds(7));
        assertThat(changed.idle()).isEqualTo(Duration.ofSeconds(9));
        assertThat(changed.ping(Timeouts.DEFAULT.ping()).idle(Duration.ZERO))
                .isEqualTo(Timeouts.DEFAULT)
                .hasSameHashCodeAs(Timeouts.DEFAULT);
    }

    private static Set<String> setters(Class<?> type, Class<?> parameter) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.getReturnType() == type
                        && method.getParameterCount() == 1
                        && method.getParameterTypes()[0] == parameter
                        && java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void call(Method method, Object target, Object value) throws Throwable {
        try {
            method.invoke(target, value);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
