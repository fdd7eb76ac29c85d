package io.hexsocket.apps.json.violations;

/** Something of this package, for others to know without leave. */
public interface Json {}
