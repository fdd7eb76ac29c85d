package io.hexsocket.architecture;

import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipFile;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;

/** Classes that use more of the JDK than their package may. */
final class JdkOffenders {
    private JdkOffenders() {}

    @LivesIn("core.protocol")
    @Caught("java.net.InetAddress")
    static final class ProtocolResolvesName {
        Object resolve() throws Exception {
            return InetAddress.getByName("example.org");
        }
    }

    @LivesIn("core.connection")
    @Caught("java.net.InetAddress.getByName(String)")
    static final class ConnectionResolvesName {
        Object resolve() throws Exception {
            return InetAddress.getByName("example.org");
        }
    }

    @LivesIn("core.config")
    @Caught("java.net.InetAddress.getByName(String)")
    static final class ConfigurationResolvesName {
        Object resolve() throws Exception {
            return InetAddress.getByName("example.org");
        }
    }

    @LivesIn("core.connection")
    @Caught("java.net.InetSocketAddress.<init>(String,int)")
    static final class ConstructorResolvesName {
        Object resolve() {
            return new InetSocketAddress("example.org", 80);
        }
    }

    @LivesIn("core.session")
    @Caught("java.net.InetSocketAddress.getHostName()")
    static final class SessionResolvesAddress {
        String resolve(InetSocketAddress address) {
            return address.getHostName();
        }
    }

    @LivesIn("core.protocol")
    @Caught("java.util.concurrent.TimeUnit")
    static final class ProtocolSleeps {
        void sleep() throws Exception {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    @LivesIn("core.protocol")
    @Caught("java.util.concurrent.locks.LockSupport")
    static final class ProtocolParks {
        void park() {
            LockSupport.park();
        }
    }

    @LivesIn("core.protocol")
    @Caught("java.util.concurrent.CountDownLatch")
    static final class ProtocolWaitsOnLatch {
        void await(CountDownLatch latch) throws Exception {
            latch.await();
        }
    }

    @LivesIn("core.session")
    @Caught("java.util.concurrent.ArrayBlockingQueue")
    static final class SessionHasBlockingQueue {
        Object queue() {
            return new ArrayBlockingQueue<String>(1);
        }
    }

    @LivesIn("core.session")
    @Caught("java.lang.Object.wait()")
    static final class SessionWaitsForNotification {
        void await() throws Exception {
            wait();
        }
    }

    @LivesIn("core.routing")
    @Caught("java.util.Collection.parallelStream()")
    static final class RoutingUsesCommonPool {
        long count(List<String> names) {
            return names.parallelStream().count();
        }
    }

    @LivesIn("core.routing")
    @Caught("java.util.stream.BaseStream")
    static final class RoutingMakesStreamParallel {
        Object parallel(Stream<String> names) {
            return names.parallel();
        }
    }

    @LivesIn("core.routing")
    @Caught("java.util.concurrent.ConcurrentHashMap.forEach(long,BiConsumer)")
    static final class RoutingWalksMapInCommonPool {
        void walk(ConcurrentHashMap<String, String> names) {
            names.forEach(1, (name, value) -> {});
        }
    }

    @LivesIn("core.session")
    @Caught("java.util.concurrent.CompletableFuture.thenRunAsync(Runnable)")
    static final class SessionContinuesInCommonPool {
        Object later(CompletableFuture<String> future, Runnable task) {
            return future.thenRunAsync(task);
        }
    }

    @LivesIn("core.session")
    @Caught("java.util.concurrent.CompletionStage.thenAcceptAsync(Consumer)")
    static final class SessionContinuesStageInCommonPool {
        Object later(CompletionStage<String> stage) {
            return stage.thenAcceptAsync(value -> {});
        }
    }

    @LivesIn("core.hub")
    @Caught("java.util.concurrent.CompletableFuture.runAsync(Runnable)")
    static final class HubRunsInCommonPool {
        Object later(Runnable task) {
            return CompletableFuture.runAsync(task);
        }
    }

    @LivesIn("core.hub")
    @Caught("java.util.concurrent.CompletableFuture.join()")
    static final class HubWaitsForFuture {
        Object await(CompletableFuture<String> future) {
            return future.join();
        }
    }

    @LivesIn("core.deflate")
    @Caught("java.util.zip.ZipFile")
    static final class DeflateOpensZipFile {
        Object open() throws Exception {
            return new ZipFile("x.zip");
        }
    }

    @LivesIn("core.tls")
    @Caught("java.nio.file.Path.toRealPath(LinkOption[])")
    static final class TlsFollowsLinks {
        Object follow(Path path) throws Exception {
            return path.toRealPath();
        }
    }

    @LivesIn("core.config")
    @Caught("java.nio.file.Path.toAbsolutePath()")
    static final class ConfigurationAsksForWorkingDirectory {
        Object absolute(Path path) {
            return path.toAbsolutePath();
        }
    }

    @LivesIn("core.tls")
    @Caught("java.nio.file.Files")
    static final class TlsReadsFile {
        byte[] read(Path path) throws Exception {
            return Files.readAllBytes(path);
        }
    }

    @LivesIn("core.tls")
    @Caught("java.io.FileInputStream")
    static final class TlsReadsStream {
        FileInputStream stream;
    }

    @LivesIn("core.tls")
    @Caught("javax.net.ssl.SSLContext.getDefault()")
    static final class TlsUsesContextOfTheJvm {
        Object context() throws Exception {
            return SSLContext.getDefault();
        }
    }

    @LivesIn("core.tls")
    @Caught("javax.net.ssl.SSLSocket")
    static final class TlsTakesSecureSockets {
        void take(SSLSocket socket) {}
    }

    @LivesIn("core.tls")
    @Caught("java.net.ServerSocket")
    static final class TlsListens {
        ServerSocket socket;
    }

    @LivesIn("core.tls")
    @Caught("java.security.SecureRandom")
    static final class TlsMakesUpRandomness {
        Object random() {
            return new SecureRandom();
        }
    }

    @LivesIn("core.session")
    @Caught("javax.net.ssl.SSLEngine")
    static final class SessionSpeaksTls {
        SSLEngine engine;
    }

    @LivesIn("core.session")
    @Caught("java.net.Socket")
    static final class SessionOpensSocket {
        Object open() {
            return new Socket();
        }
    }

    @LivesIn("core.session")
    @Caught("java.nio.channels.SocketChannel")
    static final class SessionTakesChannels {
        void take(SocketChannel[] channels) {}
    }

    @LivesIn("core.session")
    @Caught("java.net.URL")
    static final class SessionHasUrl {
        URL url;
    }

    @LivesIn("core.protocol")
    @Caught("java.lang.System.getProperty(String)")
    static final class ProtocolReadsProperty {
        String read() {
            return System.getProperty("os.name");
        }
    }

    @LivesIn("core.protocol")
    @Caught("java.lang.Integer.getInteger(String)")
    static final class ProtocolReadsPropertyAsNumber {
        Integer read() {
            return Integer.getInteger("limit");
        }
    }

    @LivesIn("apps")
    @Caught("java.lang.System.getenv(String)")
    static final class AppsReadEnvironment {
        String read() {
            return System.getenv("HOME");
        }
    }

    @LivesIn("core.session")
    @Caught("java.lang.System.nanoTime()")
    static final class SessionReadsClock {
        long now() {
            return System.nanoTime();
        }
    }

    @LivesIn("core.session")
    @Caught("java.lang.System.nanoTime()")
    static final class SessionRefersToClock {
        LongSupplier now = System::nanoTime;
    }

    @LivesIn("core.tls")
    @Caught("java.time.Instant.now()")
    static final class TlsReadsClock {
        Instant now() {
            return Instant.now();
        }
    }

    @LivesIn("core.tls")
    @Caught("java.time.Clock")
    static final class TlsHasClock {
        List<Clock> clocks;
    }

    @LivesIn("core.protocol")
    @Caught("java.lang.Math.random()")
    static final class ProtocolThrowsDice {
        double dice() {
            return Math.random();
        }
    }

    @LivesIn("core.routing")
    @Caught("java.util.UUID.randomUUID()")
    static final class RoutingMakesUpIds {
        UUID id() {
            return UUID.randomUUID();
        }
    }

    @LivesIn("core.routing")
    @Caught("java.util.Collections.shuffle(List)")
    static final class RoutingShuffles {
        void shuffle(List<String> names) {
            Collections.shuffle(names);
        }
    }

    @LivesIn("core.handshake")
    @Caught("java.util.Random")
    static final class HandshakeMakesUpNumbers {
        int number() {
            return new Random().nextInt();
        }
    }

    @LivesIn("core.handshake")
    @Caught("java.util.concurrent.ThreadLocalRandom")
    static final class HandshakeMakesUpNumbersOfTheThread {
        int number() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    @LivesIn("core.session")
    @Caught("java.lang.Thread")
    static final class SessionAsksForItsThread {
        boolean isInside(Object thread) {
            return Thread.currentThread() == thread;
        }
    }

    @LivesIn("core.session")
    @Caught("java.util.concurrent.Executors")
    static final class SessionStartsThreads {
        Object threads() {
            return Executors.newCachedThreadPool();
        }
    }

    @LivesIn("core.session")
    @Caught("java.util.logging.Logger")
    static final class SessionLogs {
        Object logger() {
            return Logger.getLogger("core");
        }
    }

    @LivesIn("core.session")
    @Caught("java.lang.Throwable.printStackTrace()")
    static final class SessionPrints {
        void print(Throwable failure) {
            failure.printStackTrace();
        }
    }

    @LivesIn("core.raw")
    @Caught("java.lang.Class.getResourceAsStream(String)")
    static final class RawReadsResource {
        Object read() {
            return getClass().getResourceAsStream("x");
        }
    }

    @LivesIn("transport.nio")
    @Caught("java.util.zip.Deflater")
    static final class NioDeflates {
        Object deflater() {
            return new Deflater();
        }
    }

    @LivesIn("demo.apps")
    @Caught("java.lang.System.exit(int)")
    static final class AppOfTheDemoEndsProgram {
        void end() {
            System.exit(1);
        }
    }
}
