package io.hexsocket.core.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The opening handshake of a browser. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class HandshakeBenchmark {

    private static final String REQUEST = String.join(
            "\r\n",
            "GET /echo HTTP/1.1",
            "Host: localhost:8091",
            "Connection: Upgrade",
            "Pragma: no-cache",
            "Cache-Control: no-cache",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
                    + " Safari/537.36",
            "Upgrade: websocket",
            "Origin: http://localhost:8091",
            "Sec-WebSocket-Version: 13",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Accept-Language: en-US,en;q=0.9",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
            "",
            "");

    private final ByteBuffer request = ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII));

    /** Reading the head. */
    @Benchmark
    public Opening parse() throws HttpRefusal {
        return Objects.requireNonNull(new HeadParser(HeadLimits.DEFAULT).parse(request.position(0)));
    }

    /** Reading, checking, and the bytes of the answer. */
    @Benchmark
    public byte[] parseAndAnswer() throws HttpRefusal {
        RequestHead head = (RequestHead) parse();
        UpgradeRequest upgrade = Objects.requireNonNull(OpeningHandshake.check(head));
        return HandshakeResponse.switchingProtocols(upgrade.accept(), null, null);
    }
}
