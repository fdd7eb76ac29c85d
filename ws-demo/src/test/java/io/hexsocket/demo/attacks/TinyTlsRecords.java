package io.hexsocket.demo.attacks;

import io.hexsocket.core.contract.TestTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;

/** A record of TLS for each byte of a frame: the server decrypts thirty bytes for one. */
final class TinyTlsRecords implements Attack {

    private static final int CONNECTIONS = 2;

    @Override
    public String id() {
        return "T14";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx128m");
    }

    @Override
    public boolean tls() {
        return true;
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        AtomicLong records = new AtomicLong();
        List<SSLSocket> sockets = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                SSLSocket socket = (SSLSocket) TestTls.client()
                        .getSocketFactory()
                        .createSocket(
                                InetAddress.getLoopbackAddress(),
                                battle.server().port());
                sockets.add(socket);
                socket.getOutputStream().write(Frames.upgrade("/echo", false));
                Thread sender = new Thread(() -> flood(socket, records), "records");
                sender.setDaemon(true);
                sender.start();
                Thread reader = new Thread(() -> drain(socket), "drain");
                reader.setDaemon(true);
                reader.start();
            }
            battle.go(length);
        } finally {
            for (SSLSocket socket : sockets) {
                socket.close();
            }
        }
        battle.note("records", records.get());
    }

    private static void flood(SSLSocket socket, AtomicLong records) {
        byte[] frame = Frames.frame(Frames.FIN | Frames.TEXT, "x".getBytes(StandardCharsets.US_ASCII));
        try {
            OutputStream out = socket.getOutputStream();
            while (true) {
                for (byte one : frame) {
                    out.write(one);
                    records.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // the attack is over
        }
    }

    private static void drain(SSLSocket socket) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = socket.getInputStream();
            while (in.read(buffer) >= 0) {
                // what comes does not matter
            }
        } catch (IOException closed) {
            // the attack is over
        }
    }
}
