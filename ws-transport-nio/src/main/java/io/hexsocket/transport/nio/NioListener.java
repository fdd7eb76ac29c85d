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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A socket that listens: one of our own, or one that the host has opened and others may accept from as well.
 *
 * @param channel not blocking
 * @param address where, with the real port
 * @param own whether it is closed when this server accepts no more
 */
record NioListener(ServerSocketChannel channel, ServerAddress address, boolean own) {

    private static final Path STANDARD_INPUT = Path.of("/proc/self/fdinfo/0");
    private static final Pattern FLAGS = Pattern.compile("(?m)^flags:\\s+([0-7]+)$");
    private static final int O_NONBLOCK = 04000;

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

    /**
     * Whether another process has made the socket blocking, which it shares with us: systemd does, each time when it starts a process of the
     * unit with {@code StandardInput=socket}, for a reload as well. To accept would then block. Known of the standard input on Linux only.
     */
    boolean isMadeBlocking() {
        try {
            if (own || channel != System.inheritedChannel()) {
                return false;
            }
            Matcher flags = FLAGS.matcher(Files.readString(STANDARD_INPUT));
            return flags.find() && (Long.parseLong(flags.group(1), 8) & O_NONBLOCK) == 0;
        } catch (IOException notLinux) {
            return false;
        }
    }

    /**
     * Makes it non-blocking again, which Java does only with a channel that no selector has.
     *
     * @param key its registration, which another one takes the place of
     */
    void unblock(SelectionKey key) throws IOException {
        Selector selector = key.selector();
        key.cancel();
        // the key goes with the next selection only
        selector.selectNow();
        channel.configureBlocking(true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT, key.attachment());
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
