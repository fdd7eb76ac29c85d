package io.hexsocket.demo.admin;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import java.nio.file.Files;
import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** The TLS of the WebSocket port, as a context that only makes engines: with its rules, and with new certificates as they come. */
final class AdminTls {

    private AdminTls() {}

    /** Reads and checks certificate and key. */
    static ServerTls load(TlsConfig config) throws TlsMaterialException {
        return ServerTls.load(config, Files::readAllBytes, ServerListener.NONE, Instant.now());
    }

    static SSLContext context(ServerTls tls) {
        return new SSLContext(new Engines(tls), provider(), "TLS") {};
    }

    private static Provider provider() {
        return new Provider("Hexsocket", "1", "engines of the management port") {
            private static final long serialVersionUID = 1L;
        };
    }

    private static final class Engines extends SSLContextSpi {

        private final ServerTls tls;

        Engines(ServerTls tls) {
            this.tls = tls;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return tls.newEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return tls.newEngine();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("this context has its keys");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException("engines only");
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException("engines only");
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw new UnsupportedOperationException("engines only");
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw new UnsupportedOperationException("engines only");
        }
    }
}
