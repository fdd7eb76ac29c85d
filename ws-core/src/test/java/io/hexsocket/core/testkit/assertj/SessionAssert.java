package io.hexsocket.core.testkit.assertj;

import io.hexsocket.apps.Session;
import java.security.Principal;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link Session}.
 *
 * @since 0.2
 */
public final class SessionAssert extends AbstractAssert<SessionAssert, Session> {

    SessionAssert(Session actual) {
        super(actual, SessionAssert.class);
    }

    /** It takes messages. */
    public SessionAssert isOpen() {
        isNotNull();
        if (!actual.isOpen()) {
            failWithMessage("the session is to be open, but it is closing or closed");
        }
        return this;
    }

    /** It takes no more messages. */
    public SessionAssert isClosed() {
        isNotNull();
        if (actual.isOpen()) {
            failWithMessage("the session is to be closed, but it is open");
        }
        return this;
    }

    /** It is somebody's of this name. */
    public SessionAssert hasPrincipal(String name) {
        isNotNull();
        Principal principal = actual.principal();
        if (principal == null || !principal.getName().equals(name)) {
            failWithMessage("the session is to be of %s, but it is of %s", name, principal);
        }
        return this;
    }

    /** It has this attribute. */
    public SessionAssert hasAttribute(String name, Object value) {
        isNotNull();
        Object found = actual.attributes().get(name);
        if (!Objects.equals(found, value)) {
            failWithMessage("the session's attribute %s is to be %s, but it is %s", name, value, found);
        }
        return this;
    }
}
