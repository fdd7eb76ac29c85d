package io.hexsocket.core.session;

import io.hexsocket.core.connection.AppTraffic;
import io.hexsocket.core.routing.Route;

/**
 * A registered app on one event loop: what its sessions there have in common, so that each has one reference to all of it.
 *
 * @param route the app and its paths
 * @param hub finds the sessions
 * @param traffic counts what they receive and send
 */
record LoopApp(Route route, SessionHub hub, AppTraffic traffic) {}
