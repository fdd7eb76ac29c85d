package io.hexsocket.core.handshake;

import org.jspecify.annotations.Nullable;

/** What a client opened its connection with. */
public sealed interface Opening permits RequestHead, RawHello {

    /** The path, percent-decoded once, without dot segments; it begins with a slash. */
    String path();

    /** The query as sent, without the question mark, or null. */
    @Nullable String rawQuery();
}
