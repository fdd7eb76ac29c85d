package io.hexsocket.core.routing.violations;

/** Something of this package, for others to know without leave. */
public interface Routing {}
