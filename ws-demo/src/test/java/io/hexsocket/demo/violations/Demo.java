package io.hexsocket.demo.violations;

/** Something of this package, for others to know without leave. */
public interface Demo {}
