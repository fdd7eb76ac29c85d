package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.demo.RunningDemo;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A stranger publishes into the channels of a cluster: the nodes live, serve their sessions, and their log does not fill. */
@Timeout(180)
class ForeignFramesTest {

    private static final int FRAMES = 20_000;
    private static final int TYPES = 12;
    private static final int CLOSE = 3;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private final Random random = new Random(21);

    @Test
    void randomAndMutatedFramesNeitherEndANodeNorFillItsLog() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        Logger root = (Logger) LoggerFactory.getLogger("ROOT");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.setContext(root.getLoggerContext());
        log.start();
        try (RedisServer redis = RedisServer.start();
                RunningDemo a = RunningDemo.node(redis, secret);
                RunningDemo b = RunningDemo.node(redis, secret);
                JdkClient client = new JdkClient(b.uri("ws") + "/web", "Ident", "cron");
                Socket stranger = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            String id = client.id();
            assertThat(send(a, id, "before")).isEqualTo("delivered");
            root.addAppender(log);
            List<String> channels = redis.ask("PUBSUB CHANNELS")
                    .lines()
                    .filter(line -> line.startsWith("hexsocket:"))
                    .toList();
            assertThat(channels).hasSizeGreaterThanOrEqualTo(5);
            assertThat(publishFrames(stranger, channels)).isEqualTo(FRAMES);

            assertThat(send(a, id, "after")).isEqualTo("delivered");
            String text = client.next();
            while (!text.equals("after")) {
                // what the stranger has sent to everyone
                text = client.next();
            }
        } finally {
            root.detachAppender(log);
        }
        List<ILoggingEvent> lines = log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
        assertThat(lines)
                .anySatisfy(line -> assertThat(line.getFormattedMessage()).contains("is no frame of this version"))
                .allSatisfy(line -> assertThat(line.getThrowableProxy()).isNull());
        assertThat(lines).as("lines of two nodes").hasSizeLessThan(600);
        assertThat(lines.stream().filter(line -> line.getLoggerName().contains("cluster.redis")))
                .as("lines of two engines")
                .hasSizeLessThan(100);
    }

    private static String send(RunningDemo from, String id, String text) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + from.adminPort() + "/api/send"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"" + id + "\",\"text\":\"" + text + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString(UTF_8));
        return new JsonMapper().readTree(answer.body()).path("result").asText();
    }

    /** How many of them somebody has got. */
    private int publishFrames(Socket stranger, List<String> channels) throws IOException {
        OutputStream out = stranger.getOutputStream();
        int heard = 0;
        for (int i = 0; i < FRAMES; i++) {
            String channel = channels.get(random.nextInt(channels.size()));
            byte[] frame = frame();
            out.write(
                    ("*3\r\n$7\r\nPUBLISH\r\n$" + channel.length() + "\r\n" + channel + "\r\n$" + frame.length + "\r\n")
                            .getBytes(UTF_8));
            out.write(frame);
            out.write("\r\n".getBytes(UTF_8));
            if (i % 100 == 99) {
                heard += heardOf(stranger.getInputStream(), 100);
            }
        }
        return heard;
    }

    private static int heardOf(InputStream answers, int count) throws IOException {
        int heard = 0;
        for (int i = 0; i < count; i++) {
            assertThat(answers.read()).isEqualTo(':');
            heard += answers.read() == '0' ? 0 : 1;
            while (answers.read() != '\n') {
                // the rest of the line
            }
        }
        return heard;
    }

    /** One in four is random; the others are as a node writes them, and then a few of their bits are not. */
    private byte[] frame() throws IOException {
        if (random.nextInt(4) == 0) {
            return bytes(60);
        }
        // to close is an order that would be obeyed
        int kind = random.nextBoolean() ? random.nextInt(256) : random.nextInt(32);
        String origin = random.nextBoolean() ? "stranger" : "s" + random.nextInt(1_000_000);
        List<String> texts = List.of(
                "", "=", "=" + "x".repeat(1100), "ALIAS:b", "IDENT:" + "\u20AC".repeat(400), "a:b", "hexsocket:all");
        byte[] text = texts.get(random.nextInt(texts.size())).getBytes(UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(1);
        out.writeByte(random.nextInt(TYPES));
        out.writeByte(kind == CLOSE ? 1 : kind);
        out.writeByte(origin.length());
        out.writeShort(text.length);
        out.writeLong(random.nextInt(99));
        out.writeLong(random.nextInt(99));
        out.write(origin.getBytes(US_ASCII));
        out.write(text);
        out.write(bytes(40));
        byte[] frame = bytes.toByteArray();
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(frame.length);
            frame[at == 2 ? 3 : at] ^= (byte) (1 << random.nextInt(8));
        }
        return frame;
    }

    private byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }
}
