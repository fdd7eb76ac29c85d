package io.hexsocket.architecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Named lists of what a package may use of the JDK. A line is a package with every type in it, or a package and some of its types with
 * all their members, or a type and some of its members; a parameter list tells overloads apart. Types that reach outside, wait, or borrow
 * threads in some of their members stand there with their harmless members only.
 */
final class JdkLists {

    private static final Map<String, String> LISTS = Map.ofEntries(
            Map.entry("language", """
                    java.lang: AssertionError AutoCloseable CharSequence Character Comparable Enum Error Exception
                    java.lang: FunctionalInterface IllegalArgumentException IllegalStateException IncompatibleClassChangeError
                    java.lang: Iterable NullPointerException OutOfMemoryError Record Runnable RuntimeException String StringBuilder Void
                    java.lang.Boolean: TRUE FALSE booleanValue parseBoolean toString valueOf
                    java.lang.Class: getName getSimpleName desiredAssertionStatus
                    java.lang.Integer: compare intValue parseInt rotateLeft rotateRight sum toHexString toString valueOf
                    java.lang.Long: compare highestOneBit longValue parseLong reverseBytes sum toHexString toString valueOf
                    java.lang.Math: abs addExact ceilDiv floorDiv floorMod max min multiplyExact subtractExact toIntExact
                    java.lang.Object: <init> clone equals getClass hashCode toString
                    java.lang.System: arraycopy
                    java.lang.Throwable: <init> addSuppressed fillInStackTrace getCause getMessage initCause toString
                    java.util.function
                    """),
            Map.entry("bytes", """
                    java.nio: Buffer ByteBuffer ByteOrder CharBuffer
                    java.nio.charset: CharacterCodingException CharsetDecoder CharsetEncoder CoderResult CodingErrorAction
                    java.nio.charset: StandardCharsets
                    java.nio.charset.Charset: decode encode newDecoder newEncoder
                    """),
            Map.entry("collections", """
                    java.util: AbstractCollection AbstractList AbstractMap AbstractQueue AbstractSet ArrayDeque ArrayList Base64 BitSet
                    java.util: Comparator Deque EnumMap EnumSet HashMap HashSet HexFormat IdentityHashMap Iterator LinkedHashMap
                    java.util: LinkedHashSet List Map NavigableMap NavigableSet NoSuchElementException Objects Optional OptionalInt
                    java.util: PriorityQueue Queue Set SortedMap SortedSet StringJoiner TreeMap TreeSet
                    java.util.Arrays: asList copyOf copyOfRange equals fill hashCode mismatch sort stream
                    java.util.Collection: add addAll clear contains isEmpty iterator remove removeIf size stream toArray
                    java.util.Collections: emptyList emptyMap emptySet newSetFromMap unmodifiableList unmodifiableMap unmodifiableSet
                    java.util.Locale: ROOT
                    java.util.regex
                    java.util.stream: Collectors Stream
                    java.util.stream.IntStream: allMatch anyMatch filter forEach map mapToObj noneMatch range sum toArray
                    """),
            Map.entry("addresses", """
                    java.net: UnknownHostException
                    java.net.Inet6Address:
                    java.net.InetAddress: equals getAddress getByAddress getHostAddress hashCode isLoopbackAddress
                    java.net.InetSocketAddress: <init>(InetAddress,int) createUnresolved equals getAddress getPort hashCode
                    """),
            Map.entry("durations", "java.time: Duration"),
            Map.entry("instants", "java.time.Instant: compareTo isAfter isBefore"),
            Map.entry("identity", "java.security: Principal"),
            Map.entry("files", """
                    java.nio.file: AccessDeniedException NoSuchFileException
                    java.nio.file.Path: equals hashCode toString
                    """),
            Map.entry("failures", "java.io: EOFException IOException"),
            Map.entry("streams", """
                    java.io: IOException UncheckedIOException
                    java.io.InputStream:
                    """),
            Map.entry("words", """
                    java.lang.invoke: VarHandle
                    java.lang.invoke.MethodHandles: byteArrayViewVarHandle byteBufferViewVarHandle
                    """),
            Map.entry("ownFields", """
                    java.lang: ExceptionInInitializerError ReflectiveOperationException
                    java.lang.Integer: TYPE
                    java.lang.invoke: VarHandle
                    java.lang.invoke.MethodHandles: lookup
                    java.lang.invoke.MethodHandles$Lookup: findVarHandle
                    """),
            Map.entry("units", "java.util.concurrent.TimeUnit: MILLISECONDS NANOSECONDS SECONDS toMillis toNanos"),
            Map.entry("zlib", "java.util.zip: Deflater Inflater"),
            Map.entry("zlibErrors", "java.util.zip: DataFormatException"),
            Map.entry("atomics", """
                    java.util.concurrent.atomic: AtomicBoolean AtomicInteger AtomicLong AtomicReference
                    java.util.concurrent.atomic: AtomicIntegerFieldUpdater AtomicReferenceFieldUpdater
                    """),
            Map.entry("sharing", """
                    java.util.concurrent: CompletionException ConcurrentLinkedQueue ConcurrentMap CopyOnWriteArrayList Executor
                    java.util.concurrent: RejectedExecutionException
                    java.util.concurrent.CompletableFuture: <init> complete completeExceptionally completedFuture completedStage copy
                    java.util.concurrent.CompletableFuture: failedFuture whenComplete
                    java.util.concurrent.CompletionStage: exceptionally handle thenAccept thenApply thenCompose whenComplete
                    java.util.concurrent.ConcurrentHashMap: <init> newKeySet
                    """),
            Map.entry("digests", "java.security: GeneralSecurityException MessageDigest NoSuchAlgorithmException"),
            Map.entry("signatures", """
                    java.util.UUID: <init> toString
                    javax.crypto: Mac
                    javax.crypto.spec: SecretKeySpec
                    """),
            Map.entry("certificates", """
                    java.math: BigInteger
                    java.security.cert
                    java.util.Date: toInstant
                    javax.security.auth.x500: X500Principal
                    """),
            Map.entry("keys", """
                    java.io: ByteArrayInputStream
                    java.security: AlgorithmParameters Key KeyFactory Principal PrivateKey PublicKey Signature
                    java.security: UnrecoverableKeyException KeyStoreException
                    java.util.Collections: list
                    java.security.KeyStore: aliases getCertificateChain getInstance getKey isKeyEntry load setCertificateEntry
                    java.security.interfaces
                    java.security.spec
                    javax.crypto: Cipher EncryptedPrivateKeyInfo SecretKeyFactory
                    javax.crypto.spec
                    """),
            // A key manager's signatures name a socket that those of an engine are never given.
            Map.entry("engines", """
                    java.net.Socket:
                    javax.net.ssl: ExtendedSSLSession SNIHostName SSLEngine SSLEngineResult SSLException SSLParameters SSLSession
                    javax.net.ssl: SSLHandshakeException SNIServerName SSLPeerUnverifiedException SSLSessionContext TrustManager
                    javax.net.ssl: TrustManagerFactory X509ExtendedKeyManager
                    javax.net.ssl.SSLContext: createSSLEngine getInstance getServerSessionContext getSupportedSSLParameters init
                    """),
            // A host gives them to its configuration, which asks them nothing.
            Map.entry("hostsKeys", """
                    java.security.KeyStore:
                    javax.net.ssl.SSLContext:
                    """),
            Map.entry("threads", """
                    java.io
                    java.lang
                    java.lang.invoke
                    java.nio
                    java.nio.charset
                    java.nio.file
                    java.security
                    java.time
                    java.util
                    java.util.concurrent
                    java.util.concurrent.atomic
                    java.util.function
                    java.util.regex
                    java.util.stream
                    javax.net.ssl
                    """),
            Map.entry("sockets", """
                    java.net
                    java.nio.channels
                    java.nio.channels.spi
                    """),
            Map.entry("httpServer", "com.sun.net.httpserver"),
            Map.entry("jars", """
                    java.net: URI URL URLClassLoader
                    java.util.jar: JarFile
                    java.util.zip: ZipEntry ZipException ZipFile
                    """),
            Map.entry("security", "java.security.spec"),
            Map.entry("programs", """
                    java.lang.reflect
                    java.net.http
                    java.nio.file.attribute
                    java.security.cert
                    java.time.format
                    """));

    private final Set<String> packages = new HashSet<>();
    private final Set<String> types = new HashSet<>();
    private final Map<String, Set<String>> members = new HashMap<>();

    private JdkLists() {}

    static JdkLists named(List<String> names) {
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            if (!LISTS.containsKey(name)) {
                throw new IllegalArgumentException("no list of the JDK is called " + name);
            }
            texts.add(LISTS.get(name));
        }
        return of(texts.toArray(String[]::new));
    }

    static JdkLists of(String... texts) {
        JdkLists lists = new JdkLists();
        for (String text : texts) {
            text.lines().forEach(lists::add);
        }
        return lists;
    }

    private void add(String line) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            packages.add(line);
            return;
        }
        String owner = line.substring(0, colon);
        List<String> names = Arrays.stream(line.substring(colon + 1).split(" "))
                .filter(name -> !name.isEmpty())
                .toList();
        if (Character.isUpperCase(owner.charAt(owner.lastIndexOf('.') + 1))) {
            members.computeIfAbsent(owner, type -> new HashSet<>()).addAll(names);
        } else {
            names.forEach(name -> types.add(owner + "." + name));
        }
    }

    JdkLists and(JdkLists others) {
        JdkLists all = new JdkLists();
        for (JdkLists lists : List.of(this, others)) {
            all.packages.addAll(lists.packages);
            all.types.addAll(lists.types);
            lists.members.forEach((type, names) ->
                    all.members.computeIfAbsent(type, t -> new HashSet<>()).addAll(names));
        }
        return all;
    }

    boolean allowType(String name) {
        return allowEveryMemberOf(name) || members.containsKey(name);
    }

    /** @param parameters the simple names of the types of its parameters, {@code (InetAddress,int)}; empty for a field */
    boolean allowMember(String type, String name, String parameters) {
        Set<String> some = members.getOrDefault(type, Set.of());
        return allowEveryMemberOf(type) || some.contains(name) || some.contains(name + parameters);
    }

    private boolean allowEveryMemberOf(String type) {
        return packages.contains(type.substring(0, type.lastIndexOf('.'))) || types.contains(House.outermost(type));
    }
}
