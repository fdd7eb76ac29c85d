package io.hexsocket.demo;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Timeouts;

/** The settings of what is taken and how long is waited. */
record LimitSettings(SettingValues values) {

    Limits limits() throws UsageException {
        int headBytes = Quantity.bytes(values.of(Setting.HEAD_BYTES));
        int requestLineBytes = Quantity.bytes(values.of(Setting.REQUEST_LINE_BYTES));
        int headers = Quantity.number(values.of(Setting.HEADERS));
        int messageBytes = Quantity.bytes(values.of(Setting.MESSAGE_BYTES));
        int fragments = Quantity.number(values.of(Setting.FRAGMENTS));
        int queuedBytes = Quantity.bytes(values.of(Setting.QUEUED_BYTES));
        int pingsPerSecond = Quantity.number(values.of(Setting.PINGS_PER_SECOND));
        int pingBurst = Quantity.number(values.of(Setting.PING_BURST));
        int aliases = Quantity.number(values.of(Setting.ALIASES));
        int topics = Quantity.number(values.of(Setting.TOPICS));
        int messagesPerSecond = Quantity.number(values.of(Setting.MESSAGES_PER_SECOND));
        int bytesPerSecond = Quantity.bytes(values.of(Setting.BYTES_PER_SECOND));
        int connections = Quantity.number(values.of(Setting.CONNECTIONS));
        int connectionsPerAddress = Quantity.number(values.of(Setting.CONNECTIONS_PER_ADDRESS));
        int connectionsPerSecond = Quantity.number(values.of(Setting.CONNECTIONS_PER_SECOND_PER_ADDRESS));
        int contextBytes = Quantity.bytes(values.of(Setting.COMPRESSION_CONTEXT_BYTES));
        long memoryBytes = Quantity.manyBytes(values.of(Setting.MEMORY_BYTES));
        try {
            return Limits.DEFAULT
                    .headBytes(headBytes)
                    .requestLineBytes(requestLineBytes)
                    .headers(headers)
                    .messageBytes(messageBytes)
                    .fragments(fragments)
                    .queuedBytes(queuedBytes)
                    .pingsPerSecond(pingsPerSecond)
                    .pingBurst(pingBurst)
                    .aliases(aliases)
                    .topics(topics)
                    .messagesPerSecond(messagesPerSecond)
                    .bytesPerSecond(bytesPerSecond)
                    .connections(connections)
                    .connectionsPerAddress(connectionsPerAddress)
                    .connectionsPerSecondPerAddress(connectionsPerSecond)
                    .compressionContextBytes(contextBytes)
                    .memoryBytes(memoryBytes);
        } catch (IllegalArgumentException e) {
            throw values.relabelled(e, "limits.");
        }
    }

    Timeouts timeouts() throws UsageException {
        var head = Quantity.time(values.of(Setting.HEAD));
        var admission = Quantity.time(values.of(Setting.ADMISSION));
        var lifetime = Quantity.time(values.of(Setting.LIFETIME));
        var idle = Quantity.time(values.of(Setting.IDLE));
        var ping = Quantity.time(values.of(Setting.PING));
        var close = Quantity.time(values.of(Setting.CLOSE));
        var writeStall = Quantity.time(values.of(Setting.WRITE_STALL));
        var slowFrame = Quantity.time(values.of(Setting.SLOW_FRAME));
        var slowMessage = Quantity.time(values.of(Setting.SLOW_MESSAGE));
        var drain = Quantity.time(values.of(Setting.DRAIN));
        var tlsHandshake = Quantity.time(values.of(Setting.TLS_HANDSHAKE));
        try {
            return Timeouts.DEFAULT
                    .head(head)
                    .admission(admission)
                    .lifetime(lifetime)
                    .idle(idle)
                    .ping(ping)
                    .close(close)
                    .writeStall(writeStall)
                    .slowFrame(slowFrame)
                    .slowMessage(slowMessage)
                    .drain(drain)
                    .tlsHandshake(tlsHandshake);
        } catch (IllegalArgumentException e) {
            throw values.relabelled(e, "timeouts.");
        }
    }
}
