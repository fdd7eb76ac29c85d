package io.hexsocket.core.contract;

/** A part of the contract: it is given a transport, and tests it. */
interface OnTransport {

    /** A new one for each test. */
    Workbench bench();
}
