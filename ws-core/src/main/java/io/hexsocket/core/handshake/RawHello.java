package io.hexsocket.core.handshake;

import org.jspecify.annotations.Nullable;

/**
 * The hello of a backend script that skips WebSocket: {@code php process\nGET <path> HTTP/1.1\n}, line feeds only. No
 * answer in HTTP follows.
 *
 * @param path percent-decoded once, by the same rules as in a request line
 * @param rawQuery what follows the question mark, as sent: room for a shared token; null if there is none
 */
public record RawHello(String path, @Nullable String rawQuery) implements Opening {}
