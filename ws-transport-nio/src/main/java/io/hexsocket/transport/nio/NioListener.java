package io.hexsocket.transport.nio;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.transport.LinkLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A socket that listens: one of our own, or one that the host has opened and others may accept from as well.
 *
 * @param channel not blocking
 * @param address where, with the real port
 * @param own whether it is closed when this server accepts no more
 */
record NioListener(ServerSocketChannel channel, ServerAddress address, boolean own) {

    /**
     * Listens.
     *
     * @param address where; of a given socket only whether TLS is spoken there
     * @throws IOException if it cannot listen at the address; the message names the address and the reason
     */
    static NioListener open(ServerAddress address, @Nullable ServerSocketChannel given) throws IOException {
        if (given == null) {
            ServerSocketChannel channel = listen(address);
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            return new NioListener(channel, address.port(port), true);
        }
        if (!(given.getLocalAddress() instanceof InetSocketAddress local)) {
            throw new IOException("cannot listen at the given socket: it is not bound to a TCP port");
        }
        given.configureBlocking(false);
        return new NioListener(
                given,
                new ServerAddress(address.secure(), local.getAddress().getHostAddress(), local.getPort()),
                false);
    }

    /** Lets no more connections in here: closes the socket if it is our own, else leaves it to the others. */
    void leave(Selector selector) throws IOException {
        if (own) {
            channel.close();
            return;
        }
        SelectionKey key = channel.keyFor(selector);
        if (key != null) {
            key.cancel();
        }
    }

    private static ServerSocketChannel listen(ServerAddress address) throws IOException {
        InetAddress host;
        try {
            host = InetAddress.getByName(address.host());
        } catch (UnknownHostException unknown) {
            throw new IOException("cannot listen at " + address + ": the host name is not known", unknown);
        }
        // an IPv4 wildcard must not listen on IPv6, nor fail where IPv6 is switched off
        ServerSocketChannel channel = host instanceof Inet4Address
                ? ServerSocketChannel.open(StandardProtocolFamily.INET)
                : ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(host, address.port()), LinkLoop.BACKLOG);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException refused) {
            channel.close();
            String why = String.valueOf(refused.getMessage());
            BindException named =
                    new BindException("cannot listen at " + address + ": " + why.toLowerCase(Locale.ROOT));
            named.initCause(refused);
            throw named;
        }
    }
}
