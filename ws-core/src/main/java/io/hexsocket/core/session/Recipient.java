package io.hexsocket.core.session;

import io.hexsocket.apps.Session;
import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Route;
import org.jspecify.annotations.Nullable;

/** A session, as the hub knows it. On its event loop, unless it says otherwise. */
public abstract class Recipient extends Member {

    /** Null as long as the session has asked for no name and no topic. */
    private volatile @Nullable Registration registration;

    /** The number of the last broadcast that it has got, or was not to get, while several are under way. */
    private long served;

    Recipient() {}

    /** What apps have of it. Any thread. */
    public abstract Session session();

    /** The number of its connection. Any thread. */
    public abstract long number();

    /** The app that it belongs to. Any thread. */
    public abstract Route route();

    /** The ident that it was admitted with, or null. Any thread. */
    public abstract @Nullable String ident();

    /** Takes a message that goes to many, or leaves it if it takes none any more. */
    public abstract void receive(SharedMessage message);

    abstract SessionHub hub();

    /** Takes a broadcast for done; false if it has been before. */
    public final boolean serve(long broadcast) {
        if (served >= broadcast) {
            return false;
        }
        served = broadcast;
        return true;
    }

    /** Whether a broadcast, and so each before it, was taken for done. */
    public final boolean hasServed(long broadcast) {
        return served >= broadcast;
    }

    /** Its names and topics, made when first asked for. Any thread. */
    public final Registration registration() {
        Registration known = registration;
        if (known == null) {
            synchronized (this) {
                known = registration;
                if (known == null) {
                    known = hub().register(this);
                    registration = known;
                }
            }
        }
        return known;
    }

    /** Its names and topics, if it has ever asked for any. */
    public final @Nullable Registration registrationIfAny() {
        return registration;
    }
}
