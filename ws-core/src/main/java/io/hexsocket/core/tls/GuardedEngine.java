package io.hexsocket.core.tls;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The platform's engine, with a bound on what a client can have it do for nothing: a handshake without end, a second one, records
 * without data. A client that goes beyond gets a fatal alert, and whoever drives the engine an {@link SSLException} out of
 * {@code unwrap}. One thread at a time, as long as the handshake lasts.
 */
final class GuardedEngine extends SSLEngine {

    // A chain of certificates may be some KiB long; the JDK takes messages of 32 KiB
    private static final int HANDSHAKE_BYTES = 64 * 1024;
    // BoringSSL ends a connection after as many records in a row without a byte for the application
    private static final int EMPTY_RECORDS = 32;

    private final SSLEngine engine;
    private boolean shaken;
    /** Of the handshake, how many bytes; then, how many records in a row without a byte. */
    private int fruitless;

    /** Takes the engine of the server's side of a new connection. */
    GuardedEngine(SSLEngine engine) {
        this.engine = engine;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        SSLEngineResult result = engine.unwrap(source, targets, offset, length);
        if (!shaken) {
            fruitless += result.bytesConsumed();
            if (fruitless > HANDSHAKE_BYTES) {
                throw refused("the handshake has more than " + HANDSHAKE_BYTES / 1024 + " KiB");
            }
            look(result);
        } else if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            // RFC 5746 is one answer to what can go wrong; that it is not needed is another
            throw refused("the client wants to renegotiate");
        } else if (result.bytesProduced() > 0) {
            fruitless = 0;
        } else if (result.bytesConsumed() > 0 && ++fruitless > EMPTY_RECORDS) {
            throw refused("more than " + EMPTY_RECORDS + " records in a row without a byte of data");
        }
        return result;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        SSLEngineResult result = engine.wrap(sources, offset, length, target);
        if (!shaken) {
            look(result);
        }
        return result;
    }

    /** Looks whether the handshake is over. */
    private void look(SSLEngineResult result) {
        HandshakeStatus status = result.getHandshakeStatus();
        if (status == HandshakeStatus.FINISHED
                // which is also what an engine says that has not begun, or has given up
                || status == HandshakeStatus.NOT_HANDSHAKING
                        && !engine.getSession().getProtocol().equals("NONE")) {
            shaken = true;
            fruitless = 0;
        }
    }

    private SSLException refused(String why) {
        try {
            engine.closeInbound();
        } catch (SSLException told) {
            // an end that is out of order is what an engine sends a fatal alert for, and there is no other way to have
            // it sent
            return new SSLException(why, told);
        }
        return new SSLException(why);
    }

    // ---- the engine's own

    @Override
    public Runnable getDelegatedTask() {
        return engine.getDelegatedTask();
    }

    @Override
    public void closeInbound() throws SSLException {
        engine.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        return engine.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        engine.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return engine.isOutboundDone();
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return engine.getHandshakeStatus();
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    public String getApplicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return engine.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(
            @Nullable BiFunction<SSLEngine, List<String>, String> selector) {
        engine.setHandshakeApplicationProtocolSelector(selector);
    }

    @Override
    public @Nullable BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return engine.getHandshakeApplicationProtocolSelector();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setUseClientMode(boolean client) {
        engine.setUseClientMode(client);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public void setEnableSessionCreation(boolean enabled) {
        engine.setEnableSessionCreation(enabled);
    }
}
