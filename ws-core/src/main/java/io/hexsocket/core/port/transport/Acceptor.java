package io.hexsocket.core.port.transport;

/** The core as a transport sees it: the way in for event loops. */
public interface Acceptor {

    /** Takes an event loop into service, once for each, before its first connection. On that loop. */
    LoopInbound attach(EventLoop loop);
}
