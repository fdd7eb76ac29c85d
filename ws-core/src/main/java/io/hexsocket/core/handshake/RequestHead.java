package io.hexsocket.core.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A GET, HEAD or POST request whose grammar, Host and framing have been checked: only POST may have content, which nobody
 * reads, and nothing else follows its head but what the client sends after an upgrade. Immutable.
 */
public final class RequestHead implements Opening {

    private final String method;
    private final boolean http10;
    private final String path;
    private final @Nullable String rawQuery;
    private final HeaderLines lines;
    private final boolean hasContent;

    RequestHead(
            String method,
            boolean http10,
            String path,
            @Nullable String rawQuery,
            HeaderLines lines,
            boolean hasContent) {
        this.hasContent = hasContent;
        this.method = method;
        this.http10 = http10;
        this.path = path;
        this.rawQuery = rawQuery;
        this.lines = lines;
    }

    /** GET, HEAD or POST: any other method has been refused. */
    public String method() {
        return method;
    }

    /** Whether it has content, or says so; only POST may. */
    public boolean hasContent() {
        return hasContent;
    }

    /** Whether it came by HTTP/1.0, by which nobody can upgrade. */
    boolean isHttp10() {
        return http10;
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
     * The first value of a header, or null. Bytes from 0x80 up are Latin-1 (RFC 9110 section 5.5 calls them opaque). Host
     * is what an absolute-form names, if the target was one.
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
