package io.hexsocket.core.port.host;

/**
 * What clients make a server hold, against its budget; some kilobytes for each event loop, or a quarter of a second, late.
 *
 * @param limit the budget, in bytes
 * @param used what is held now, in bytes
 * @param peak the most that was ever held, in bytes
 * @param ended how many connections were ended to make room
 * @param paused how often reading was paused because a connection held much while the budget was nearly spent
 */
public record MemoryUse(long limit, long used, long peak, long ended, long paused) {}
