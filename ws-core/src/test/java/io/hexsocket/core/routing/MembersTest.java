package io.hexsocket.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Members")
class MembersTest {

    private static final class One extends Member {
        private final int name;

        One(int name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return Integer.toString(name);
        }
    }

    private static List<One> listed(Members<One> members) {
        List<One> list = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            list.add(members.at(i));
        }
        return list;
    }

    @Test
    @DisplayName("are the set that they should be after any additions and removals")
    void membersAreASetAfterAnyAdditionsAndRemovals() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            Members<One> members = new Members<>();
            Set<One> model = new LinkedHashSet<>();
            List<One> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(new One(i));
            }
            int growing = 1 + random.nextInt(9);
            for (int step = 0; step < 2000; step++) {
                if (step % 300 == 0) {
                    growing = 1 + random.nextInt(9);
                }
                One one = all.get(random.nextInt(all.size()));
                if (random.nextInt(10) < growing) {
                    members.add(one);
                    model.add(one);
                } else {
                    members.remove(one);
                    model.remove(one);
                }
                assertThat(members.size()).isEqualTo(model.size());
                if (step % 50 == 0) {
                    assertThat(listed(members))
                            .as("seed %d, step %d", seed, step)
                            .containsExactlyInAnyOrderElementsOf(model);
                }
            }
            new ArrayList<>(model).forEach(members::remove);
            assertThat(members.size()).isZero();
        }
    }

    @Test
    @DisplayName("may leave while they are walked through from the last to the first, each seen once")
    void leaveOnTheWay() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Members<One> members = new Members<>();
            Set<One> expected = new LinkedHashSet<>();
            for (int i = 0; i < random.nextInt(40); i++) {
                One one = new One(i);
                members.add(one);
                expected.add(one);
            }
            List<One> seen = new ArrayList<>();
            for (int i = members.size() - 1; i >= 0; i--) {
                One one = members.at(i);
                seen.add(one);
                if (random.nextBoolean()) {
                    members.remove(one);
                }
            }
            assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    @DisplayName("are added once and removed once, however often that is asked for")
    void memberIsAddedAndRemovedOnce() {
        Members<One> members = new Members<>();
        One one = new One(1);
        One other = new One(2);
        members.remove(one);
        members.add(one);
        members.add(one);
        members.add(other);
        assertThat(members.size()).isEqualTo(2);
        members.remove(one);
        members.remove(one);
        assertThat(listed(members)).containsExactly(other);
        members.add(one);
        assertThat(listed(members)).containsExactly(other, one);
    }
}
