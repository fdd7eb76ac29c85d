package io.hexsocket.core.routing;

import java.util.Arrays;

/**
 * A set in which each member knows its place, so that it leaves in constant time and costs one reference. Walk it from
 * {@code size() - 1} down to 0: then the member at hand may leave on the way. Not safe for threads.
 *
 * @param <M> the kind of member
 */
public final class Members<M extends Member> {

    private static final int FEWEST = 4;

    private Member[] array = new Member[FEWEST];
    private int size;

    /** Is empty. */
    public Members() {}

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The member at a place. */
    @SuppressWarnings("unchecked")
    public M at(int place) {
        return (M) array[place];
    }

    /** Adds a member, unless it is in. */
    public void add(M member) {
        Member entry = member;
        if (entry.place >= 0) {
            return;
        }
        if (size == array.length) {
            array = Arrays.copyOf(array, size * 2);
        }
        entry.place = size;
        array[size++] = entry;
    }

    /** Removes a member, if it is in. The last one takes its place. */
    @SuppressWarnings("NullAway") // free places are null and never looked at
    public void remove(M member) {
        Member entry = member;
        if (entry.place < 0) {
            return;
        }
        Member last = array[--size];
        array[size] = null;
        if (last != entry) {
            array[entry.place] = last;
            last.place = entry.place;
        }
        entry.place = -1;
        if (size >= FEWEST && size <= array.length / 4) {
            array = Arrays.copyOf(array, array.length / 2);
        }
    }
}
