package io.hexsocket.core.conformance;

/**
 * What a run of a case has come to.
 *
 * @param remark why it is not OK; empty if it is
 */
public record Result(Case of, Verdict verdict, String remark, long millis) {

    /** Fails unless everything is as the RFC recommends, where it does. */
    void assertStrict() {
        if (verdict == Verdict.FAILED || verdict == Verdict.NON_STRICT) {
            throw new AssertionError(toString());
        }
    }

    @Override
    public String toString() {
        return of + " (" + of.rfc() + "): " + verdict + (remark.isEmpty() ? "" : ", " + remark);
    }
}
