package io.hexsocket.core.port.host;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A certificate that a server shows.
 *
 * @param source the file that it came from, or the key store and its alias there
 * @param names for which hosts it is, in lower case, {@code *.example.org} among them
 * @param certificate itself
 * @param notAfter when it, or one of those who signed it, is over
 */
public record ServedCertificate(String source, List<String> names, X509Certificate certificate, Instant notAfter) {

    /** A line about it. */
    public String summary(Instant now) {
        return "certificate " + certificate.getSerialNumber().toString(16) + " for "
                + (names.isEmpty() ? "no name" : String.join(", ", names)) + " from " + source + ", " + daysLeft(now)
                + " days left";
    }

    /** How many whole days are left; negative when it is over. */
    public long daysLeft(Instant now) {
        return Math.floorDiv(
                Duration.between(now, notAfter).toSeconds(), Duration.ofDays(1).toSeconds());
    }
}
