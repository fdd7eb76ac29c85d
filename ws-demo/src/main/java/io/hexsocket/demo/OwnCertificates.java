package io.hexsocket.demo;

import io.hexsocket.core.port.host.ServedCertificate;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the certificates of this very server, whoever signed them and for whatever name, and no others: for the connections that the
 * program makes to itself. Any thread.
 */
final class OwnCertificates extends X509ExtendedTrustManager {

    private final Supplier<List<ServedCertificate>> own;

    private OwnCertificates(Supplier<List<ServedCertificate>> own) {
        this.own = own;
    }

    /** What a client needs. */
    static SSLContext trusting(Supplier<List<ServedCertificate>> own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new OwnCertificates(own)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authentication) throws CertificateException {
        if (own.get().stream().noneMatch(one -> one.certificate().equals(chain[0]))) {
            throw new CertificateException("not a certificate of this server");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authentication, @Nullable Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authentication);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authentication, @Nullable SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authentication);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authentication) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authentication, @Nullable Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authentication);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authentication, @Nullable SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authentication);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
