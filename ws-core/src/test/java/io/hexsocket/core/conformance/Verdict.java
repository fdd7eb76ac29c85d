package io.hexsocket.core.conformance;

/** What a server has made of a case. */
public enum Verdict {
    /** What the RFC demands, and where it says SHOULD, that too. */
    OK("OK"),
    /** What the RFC allows, but not what it recommends: it has a MAY or a SHOULD there. */
    NON_STRICT("NON-STRICT"),
    /** The RFC leaves it open, or the server has declined what the case is about, as it may. */
    INFORMATIONAL("INFORMATIONAL"),
    /** What the RFC forbids. */
    FAILED("FAILED");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
