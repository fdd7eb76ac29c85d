package io.hexsocket.transport.nio;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** A selector without a system behind it: what is ready is what a {@link FakeChannel} says. It never waits. */
final class FakeSelector extends AbstractSelector {

    /** Opens selectors that say nothing, and nothing else. */
    static final class Provider extends SelectorProvider {

        int opened;

        @Override
        public AbstractSelector openSelector() {
            opened++;
            return new FakeSelector(this);
        }

        @Override
        public DatagramChannel openDatagramChannel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Pipe openPipe() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketChannel openSocketChannel() {
            throw new UnsupportedOperationException();
        }
    }

    private final Set<SelectionKey> keys = new LinkedHashSet<>();

    /** How often somebody has changed what a key listens for. */
    int changes;

    /** How many keys were ready in all turns. */
    int told;

    /** What happens where another one would wait. */
    Runnable whileWaiting = () -> {};

    FakeSelector(Provider provider) {
        super(provider);
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        FakeKey key = new FakeKey(this, (FakeChannel) channel);
        key.interest = operations;
        key.attach(attachment);
        keys.add(key);
        return key;
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) {
        forgetCancelled();
        int selected = 0;
        for (SelectionKey key : Set.copyOf(keys)) {
            if (((FakeKey) key).look()) {
                selected++;
                told++;
                action.accept(key);
            }
        }
        return selected;
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) {
        whileWaiting.run();
        return selectNow(action);
    }

    private void forgetCancelled() {
        synchronized (cancelledKeys()) {
            for (SelectionKey key : Set.copyOf(cancelledKeys())) {
                keys.remove(key);
                deregister((AbstractSelectionKey) key);
            }
            cancelledKeys().clear();
        }
    }

    @Override
    public Set<SelectionKey> keys() {
        return keys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select(long timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Selector wakeup() {
        return this;
    }

    @Override
    protected void implCloseSelector() throws IOException {
        keys.clear();
    }

    private static final class FakeKey extends AbstractSelectionKey {

        private final FakeSelector selector;
        private final FakeChannel channel;
        private int interest;
        private int ready;

        FakeKey(FakeSelector selector, FakeChannel channel) {
            this.selector = selector;
            this.channel = channel;
        }

        boolean look() {
            ready = isValid() ? channel.readiness() & interest : 0;
            return ready != 0;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return selector;
        }

        @Override
        public int interestOps() {
            return interest;
        }

        @Override
        public SelectionKey interestOps(int operations) {
            interest = operations;
            selector.changes++;
            return this;
        }

        @Override
        public int readyOps() {
            return ready;
        }
    }
}
