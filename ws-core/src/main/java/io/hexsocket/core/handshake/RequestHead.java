package io.hexsocket.core.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A GET request by HTTP/1.1 whose grammar, Host and framing have been checked: nothing follows its head but what the
 * client sends after an upgrade. Immutable.
 */
public final class RequestHead implements Opening {

    private final String path;
    private final @Nullable String rawQuery;
    private final HeaderLines lines;

    RequestHead(String path, @Nullable String rawQuery, HeaderLines lines) {
        this.path = path;
        this.rawQuery = rawQuery;
        this.lines = lines;
    }

    /** Always GET: any other method has been refused. */
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String rawQuery() {
        return rawQuery;
    }

    /**
     * The first value of a header, or null. Bytes from 0x80 up are Latin-1 (RFC 9110 section 5.5 calls them opaque).
     */
    public @Nullable String header(String name) {
        return lines.first(name);
    }

    /** The values of all lines of a header, in the order of arrival. */
    public List<String> headers(String name) {
        return lines.all(name);
    }

    HeaderLines lines() {
        return lines;
    }
}
