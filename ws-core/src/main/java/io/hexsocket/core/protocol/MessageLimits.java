package io.hexsocket.core.protocol;

/**
 * How much a message may be.
 *
 * @param bytes all fragments together
 * @param fragments frames of one message, unless they carry {@code bytesAFragment} bytes on average
 * @param bytesAFragment from this average on, fragments are not counted: many and tiny is an attack, many and large is a stream
 */
public record MessageLimits(int bytes, int fragments, int bytesAFragment) {}
