package com.example.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.chat.HexsocketProperties.Transport;
import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.TestTls;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.testkit.TestMaterial;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.SpringBootTest;

/** The certificate of a bundle of Spring's, and the one after it, without a restart. */
@SpringBootTest(properties = {"hexsocket.address=ws://localhost:0", "hexsocket.transport=nio"})
class SslBundleTest {

    private static final String MATERIAL = "classpath:io/hexsocket/core/testkit/tls/";

    @Autowired
    ChatApp chat;

    @Autowired
    SslBundles bundles;

    @Autowired
    SslBundleRegistry registry;

    @ParameterizedTest
    @EnumSource(Transport.class)
    void bundleIsServedAndSoIsTheOneThatTakesItsPlace(Transport transport) throws Exception {
        WebSockets webSockets =
                new WebSockets(new HexsocketProperties("wss://localhost:0", transport, "web"), chat, bundles);
        SslBundle first = bundles.getBundle("web");
        webSockets.start();
        try {
            assertThat(shownBy(webSockets)).isEqualTo(certificate("fullchain.pem"));
            registry.updateBundle("web", bundle("renewed-"));
            assertThat(shownBy(webSockets)).isEqualTo(certificate("renewed-fullchain.pem"));
        } finally {
            webSockets.stop();
            registry.updateBundle("web", first);
        }
    }

    private static SslBundle bundle(String prefix) {
        PemSslStoreDetails details = PemSslStoreDetails.forCertificate(MATERIAL + prefix + "fullchain.pem")
                .withPrivateKey(MATERIAL + prefix + "privkey.pem");
        return SslBundle.of(new PemSslStoreBundle(details, null));
    }

    /** The certificate that a client sees, which sends a message and gets it back. */
    private static Certificate shownBy(WebSockets webSockets) throws Exception {
        SSLSocket socket =
                (SSLSocket) TestTls.client().getSocketFactory().createSocket("localhost", webSockets.port());
        try (WsClient client = WsClient.open(RawClient.over(socket), "/chat")) {
            client.send("hello");
            assertThat(client.readMessage().text()).isEqualTo("hello");
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** The first one of a file. */
    private static Certificate certificate(String file) throws Exception {
        String pem = new String(TestMaterial.bytes(file));
        String end = "-----END CERTIFICATE-----";
        byte[] one = pem.substring(0, pem.indexOf(end) + end.length()).getBytes();
        return CertificateFactory.getInstance("X.509").generateCertificate(new java.io.ByteArrayInputStream(one));
    }
}
