package io.hexsocket.core.port.transport;

/** Where unguessable bytes come from; {@code new SecureRandom()::nextBytes} is one. Any thread. */
@FunctionalInterface
public interface Entropy {

    /** Fills the array with random bytes of cryptographic quality. */
    void fill(byte[] bytes);
}
