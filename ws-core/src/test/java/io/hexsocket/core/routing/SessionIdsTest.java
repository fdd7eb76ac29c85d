package io.hexsocket.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ids of a server of several nodes; {@link DirectoryTest} has those of one that is alone. */
class SessionIdsTest {

    private static final byte[] OLD = secret("old");
    private static final byte[] NEW = secret("new");
    private static final String LONGEST = "node-of-a-name-of-32-characters_";

    private static byte[] secret(String name) {
        return name.repeat(11).getBytes(StandardCharsets.US_ASCII);
    }

    private static SessionIds ids(String node, byte[]... secrets) {
        return new SessionIds(new Random(node.hashCode())::nextBytes, node, List.of(secrets));
    }

    @Test
    void idNamesItsNodeInHexadecimalDigitsAndIsShortEnoughForTheGreeting() {
        String id = ids(LONGEST, NEW).mint();
        assertThat(id)
                .hasSize(175)
                .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.[0-9a-f]{64}\\.[0-9a-f]{8}\\.[0-9a-f]{64}");
        assertThat(ids("a", NEW).nodeOf(id)).isEqualTo(LONGEST);
        assertThat(ids(LONGEST, NEW).nodeOf(id)).isEqualTo(LONGEST);
        assertThat(SessionIds.hasForm(id)).isTrue();
    }

    @Test
    void everyCharacterOfAnIdCounts() {
        SessionIds ids = ids("a", NEW, OLD);
        String id = ids.mint();
        for (int i = 0; i < id.length(); i++) {
            String forged = id.substring(0, i) + (id.charAt(i) == '0' ? '1' : '0') + id.substring(i + 1);
            assertThat(ids.nodeOf(forged)).as("at %d", i).isNull();
            assertThat(ids.nodeOf(id.substring(0, i))).as("until %d", i).isNull();
        }
        assertThat(ids.nodeOf(id + "0")).isNull();
    }

    @Test
    void secretsAreExchangedWithoutLosingAnIdOrTrustingOneForEver() {
        SessionIds before = ids("a", OLD);
        SessionIds first = ids("b", OLD, NEW);
        SessionIds second = ids("c", NEW, OLD);
        SessionIds after = ids("d", NEW);
        assertThat(first.nodeOf(before.mint())).isEqualTo("a");
        assertThat(before.nodeOf(first.mint())).isEqualTo("b");
        assertThat(second.nodeOf(first.mint())).isEqualTo("b");
        assertThat(first.nodeOf(second.mint())).isEqualTo("c");
        assertThat(after.nodeOf(second.mint())).isEqualTo("c");
        assertThat(after.nodeOf(first.mint()))
                .as("signed with a secret that is over")
                .isNull();
    }

    @Test
    void serverThatIsAloneTrustsNoIdOfANodeAndNoNodeOneOfIts() {
        SessionIds alone = new SessionIds(new Random(1)::nextBytes);
        SessionIds node = ids("a", NEW);
        assertThat(alone.nodeOf(node.mint())).isNull();
        assertThat(node.nodeOf(alone.mint())).isNull();
        assertThat(alone.nodeOf(alone.mint())).isEmpty();
    }
}
