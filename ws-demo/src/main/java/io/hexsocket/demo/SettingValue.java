package io.hexsocket.demo;

/**
 * The value of a setting as somebody wrote it.
 *
 * @param label what messages call it: {@code --workers} or {@code demo.conf:3: workers}
 * @param text the value
 */
record SettingValue(String label, String text) {

    /** A complaint: the label, the value, and what it should be. */
    UsageException wrong(String expectation) {
        return new UsageException(label + " is " + Printable.quoted(text) + ", must be " + expectation);
    }
}
