package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.SessionInfo;
import io.hexsocket.core.hub.ListMessages.SessionsOf;
import io.hexsocket.core.hub.ListMessages.TopicsOf;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions for lists, and answers, between nodes. */
class ListMessagesTest {

    private static final SessionsOf SESSIONS_OF =
            new SessionsOf(Channel.topic("t\u00e4"), new Place("b", 7), "b", 1000, 300, "search");
    private static final TopicsOf TOPICS_OF = new TopicsOf("after", "", 1000, "");

    private static SessionInfo session(long number) throws Exception {
        byte[] ip = number % 2 == 0 ? new byte[] {10, 0, 0, 1} : new byte[16];
        return new SessionInfo(
                "b",
                number,
                "id" + number,
                number % 3 == 0 ? null : "ident",
                "/path",
                new InetSocketAddress(InetAddress.getByAddress(ip), 65_535),
                number % 2 == 0,
                number % 5 == 0,
                number % 7 == 0 ? null : "J\u00f6rg \uD83D\uDC1D",
                null,
                1L << 40,
                number % 2 == 0 ? null : Instant.MAX);
    }

    private static FoundSessions sessions(int count, boolean hasMore) throws Exception {
        List<SessionInfo> sessions = new ArrayList<>();
        for (long number : LongStream.rangeClosed(8, 7 + count).toArray()) {
            sessions.add(session(number));
        }
        return new FoundSessions(sessions, hasMore, hasMore ? 7 + count : 0);
    }

    private static FoundTopics topics(boolean hasMore) {
        return new FoundTopics(new TreeMap<>(Map.of("b", 1, "c", 2, "\u00e4", 3)), hasMore, hasMore ? "\u00e4" : "");
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertThat(ListMessages.asSessionsOf(ListMessages.sessionsOf(SESSIONS_OF)))
                .isEqualTo(SESSIONS_OF);
        assertThat(ListMessages.asTopicsOf(ListMessages.topicsOf(TOPICS_OF))).isEqualTo(TOPICS_OF);
        for (boolean hasMore : new boolean[] {true, false}) {
            for (int count : new int[] {0, 1, 30}) {
                FoundSessions found = sessions(count, hasMore);
                assertThat(ListMessages.asSessions(ListMessages.sessions(found), "b", SESSIONS_OF))
                        .isEqualTo(found);
            }
            assertThat(ListMessages.asTopics(ListMessages.topics(topics(hasMore)), "a", new TopicsOf("a", "", 3, "")))
                    .isEqualTo(topics(hasMore));
        }
    }

    @Test
    void answerThatBreaksTheRulesOfItsQuestionIsNotRead() throws Exception {
        Envelope two = ListMessages.sessions(sessions(2, false));
        SessionsOf later = new SessionsOf(Channel.EVERYONE, new Place("b", 8), "b", 10, 10, "");
        SessionsOf fewer = new SessionsOf(Channel.EVERYONE, new Place("b", 7), "b", 1, 1, "");
        SessionsOf ofOthers = new SessionsOf(Channel.EVERYONE, new Place("c", 0), "c", 10, 10, "");
        assertThat(ListMessages.asSessions(two, "b", later))
                .as("not behind the place")
                .isNull();
        assertThat(ListMessages.asSessions(two, "b", fewer))
                .as("more than asked for")
                .isNull();
        assertThat(ListMessages.asSessions(two, "b", ofOthers))
                .as("before the place")
                .isNull();
        assertThat(ListMessages.asSessions(
                        ListMessages.sessions(new FoundSessions(List.of(session(9), session(8)), false, 0)),
                        "b",
                        SESSIONS_OF))
                .as("out of order")
                .isNull();
        assertThat(ListMessages.asSessions(
                        ListMessages.sessions(new FoundSessions(List.of(session(9)), true, 8)), "b", SESSIONS_OF))
                .as("goes on before its last one")
                .isNull();
        assertThat(ListMessages.asSessions(ListMessages.topics(topics(false)), "b", SESSIONS_OF))
                .as("another kind")
                .isNull();
        Envelope named = ListMessages.topics(topics(false));
        assertThat(ListMessages.asTopics(named, "a", new TopicsOf("b", "", 3, "")))
                .isNull();
        assertThat(ListMessages.asTopics(named, "a", new TopicsOf("", "", 2, "")))
                .isNull();
        assertThat(ListMessages.asTopics(named, "a", new TopicsOf("", "b", 3, "")))
                .isNull();
        FoundTopics negative = new FoundTopics(new TreeMap<>(Map.of("x", -1)), false, "");
        assertThat(ListMessages.asTopics(ListMessages.topics(negative), "a", new TopicsOf("", "", 3, "")))
                .isNull();
    }

    @Test
    void questionForMoreThanAPageMayHaveIsNotRead() {
        for (int count : new int[] {-1, 1001, Integer.MAX_VALUE}) {
            SessionsOf sessions = new SessionsOf(Channel.EVERYONE, Place.START, "", count, 0, "");
            assertThat(ListMessages.asSessionsOf(ListMessages.sessionsOf(sessions)))
                    .isNull();
            TopicsOf topics = new TopicsOf("", "", count, "");
            assertThat(ListMessages.asTopicsOf(ListMessages.topicsOf(topics))).isNull();
        }
    }

    @Test
    void questionForNoChannelIsNotRead() {
        Envelope question = ListMessages.sessionsOf(SESSIONS_OF);
        byte[] payload = question.payload().clone();
        payload[2] = '?'; // the first character of the channel's key, behind its length
        assertThat(ListMessages.asSessionsOf(new Envelope(question.kind(), payload)))
                .isNull();
    }

    @Test
    void answerIsCutBeforeItIsLongerThanAnEngineShouldCarry() throws Exception {
        List<SessionInfo> many = new ArrayList<>();
        for (long number = 8; number < 108; number++) {
            SessionInfo one = session(number);
            many.add(new SessionInfo(
                    "b",
                    number,
                    "id",
                    null,
                    "x".repeat(10_000),
                    one.remoteAddress(),
                    false,
                    false,
                    null,
                    null,
                    0,
                    null));
        }
        Envelope cut = ListMessages.sessions(new FoundSessions(many, false, 0));
        assertThat(cut.payload().length).isBetween(500 * 1024, ListMessages.MAX_ANSWER_BYTES + 100);
        FoundSessions read = ListMessages.asSessions(cut, "b", SESSIONS_OF);
        assertThat(read.sessions()).isEqualTo(many.subList(0, 52));
        assertThat(read.hasMore()).isTrue();
        assertThat(read.upTo()).isEqualTo(8 + 51);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void bytesOfAnySortAreReadOrNotAndNothingIsThrown(long seed) throws Exception {
        Random random = new Random(seed);
        List<Envelope> seeds = List.of(
                ListMessages.sessionsOf(SESSIONS_OF),
                ListMessages.topicsOf(TOPICS_OF),
                ListMessages.sessions(sessions(5, true)),
                ListMessages.topics(topics(true)));
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            Envelope origin = seeds.get(random.nextInt(seeds.size()));
            byte[] bytes = damaged(origin.payload(), random);
            Envelope damaged = new Envelope(random.nextInt(20) == 0 ? random.nextInt(256) : origin.kind(), bytes);
            List<Object> results = Arrays.asList(
                    ListMessages.asSessionsOf(damaged),
                    ListMessages.asTopicsOf(damaged),
                    ListMessages.asSessions(damaged, "b", SESSIONS_OF),
                    ListMessages.asTopics(damaged, "b", TOPICS_OF),
                    ClusterMessages.asSizeOf(damaged),
                    ClusterMessages.asSize(damaged));
            if (results.stream().allMatch(result -> result == null)) {
                refused++;
            } else {
                read++;
            }
        }
        assertThat(refused).isGreaterThan(4_000);
        assertThat(read).as("damage that is none").isGreaterThan(100);
    }

    private static byte[] damaged(byte[] payload, Random random) {
        byte[] bytes =
                Arrays.copyOf(payload, random.nextInt(4) == 0 ? random.nextInt(payload.length + 20) : payload.length);
        for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (bytes[at] ^ 1 << random.nextInt(8));
        }
        return bytes;
    }

    @Test
    void textThatIsNoUtf8IsNotRead() {
        Envelope good = ListMessages.topicsOf(new TopicsOf("abc", "", 1, ""));
        byte[] bytes = good.payload().clone();
        bytes[2] = (byte) 0xC3;
        assertThat(ListMessages.asTopicsOf(new Envelope(good.kind(), bytes))).isNull();
    }
}
