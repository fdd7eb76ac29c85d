package io.hexsocket.core.contract;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test has opened: closed after it, the last one first. */
final class Opened implements AfterEachCallback {

    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    /** Has one closed with the others. */
    <T extends AutoCloseable> T add(T one) {
        all.push(one);
        return one;
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        while (!all.isEmpty()) {
            all.pop().close();
        }
    }
}
