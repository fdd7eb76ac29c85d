package io.hexsocket.bench;

/** What messages go through on their way. */
public enum Wire {
    /** TCP alone. */
    PLAIN,
    /** TLS 1.3 with TLS_AES_128_GCM_SHA256, the JDK's. */
    TLS,
    /** permessage-deflate without context takeover on either side, zlib's level 1 where the server can be told so. */
    DEFLATE
}
