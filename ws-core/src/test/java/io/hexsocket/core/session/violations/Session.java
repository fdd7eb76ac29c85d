package io.hexsocket.core.session.violations;

/** Something of this package, for others to know without leave. */
public interface Session {}
