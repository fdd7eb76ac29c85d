package io.hexsocket.core.contract;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What clients and a transport speak with each other below everything else. */
public enum Wire {
    /** Nothing but TCP. */
    PLAIN(() -> null),
    /** TLS, as {@link TestTls} sets it up. */
    TLS(TestTls::client);

    private final Supplier<@Nullable SSLContext> clients;
    private @Nullable SSLContext context;

    Wire(Supplier<@Nullable SSLContext> clients) {
        this.clients = clients;
    }

    /** What clients secure their sockets with, the same for all; null if they do not. */
    synchronized @Nullable SSLContext context() {
        if (context == null) {
            context = clients.get();
        }
        return context;
    }
}
