package io.hexsocket.core.proxy;

/**
 * A proxy does not speak the PROXY protocol as it should. The operator's fault or the proxy's, never a defect of ours, so it carries no
 * stack trace. Its text holds nothing that was sent.
 */
public final class ProxyViolation extends Exception {

    private static final long serialVersionUID = 1L;

    ProxyViolation(String why) {
        super(why, null, false, false);
    }
}
