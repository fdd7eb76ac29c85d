package io.hexsocket.demo;

/** A host that has nothing to say, and takes a fatal error for the failure of a test. */
final class QuietHost implements Demo.Host {

    @Override
    public void drain(String by) {}

    @Override
    public long droppedLogLines() {
        return 0;
    }

    @Override
    public long lostLogLines() {
        return 0;
    }

    @Override
    public void onFatal(Error error) {
        throw new AssertionError(error);
    }
}
