package io.hexsocket.core.transport;

import io.hexsocket.core.proxy.ProxyHeader;
import io.hexsocket.core.proxy.ProxyHeaderParser;
import io.hexsocket.core.proxy.ProxyViolation;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Takes the header of the PROXY protocol off a connection that must begin with one, and leaves. */
final class ProxyLayer implements Receiver {

    private final ProxyHeaderParser parser = new ProxyHeaderParser();
    private final Wire wire;
    private final LayerHost link;
    private final Receiver above;

    ProxyLayer(Wire wire, LayerHost link, Receiver above) {
        this.wire = wire;
        this.link = link;
        this.above = above;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (!link.isGoing()) {
            return;
        }
        ProxyHeader header;
        try {
            header = parser.parse(bytes);
        } catch (ProxyViolation broken) {
            link.closeSoon(broken);
            return;
        }
        if (header == null) {
            return;
        }
        wire.attach(above);
        InetSocketAddress client = header.client();
        if (client != null) {
            link.onForwarded(client, header.secure());
        }
        if (bytes.hasRemaining()) {
            above.onBytes(bytes);
        }
    }

    @Override
    public boolean wantsBytes() {
        return above.wantsBytes();
    }

    @Override
    public int readLimit() {
        return above.readLimit();
    }

    @Override
    public void onWritable() {
        above.onWritable();
    }

    @Override
    public void onEndOfStream() {
        above.onEndOfStream();
    }

    @Override
    public void onLost(Throwable cause) {
        above.onLost(cause);
    }
}
