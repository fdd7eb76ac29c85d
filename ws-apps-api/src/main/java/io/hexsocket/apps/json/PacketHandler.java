package io.hexsocket.apps.json;

import io.hexsocket.apps.Session;

/** What an app does with the packets of one opcode. One instance serves all sessions of its app, on several threads at once. */
@FunctionalInterface
public interface PacketHandler {

    /**
     * A packet has arrived, and has been acknowledged.
     *
     * @param packet valid during the call
     * @throws Exception anything: that session alone is closed with status 1011
     */
    void onPacket(Session session, Packet packet) throws Exception;
}
