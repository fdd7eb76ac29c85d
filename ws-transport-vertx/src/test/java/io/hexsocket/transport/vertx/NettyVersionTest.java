package io.hexsocket.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Netty that is too old is named at the start, with the mend. */
class NettyVersionTest {

    @TempDir
    private Path folder;

    /** A class path with a Netty that says of itself what a test wants. */
    private static final class Doctored extends ClassLoader {

        private final URL versions;
        private final boolean isNew;

        Doctored(URL versions, boolean isNew) {
            super(NettyVersionTest.class.getClassLoader());
            this.versions = versions;
            this.isNew = isNew;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!isNew && name.equals("io.netty.channel.IoHandlerFactory")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            boolean asked = name.equals("META-INF/io.netty.versions.properties");
            return asked ? Collections.enumeration(Collections.singleton(versions)) : super.getResources(name);
        }
    }

    private ClassLoader saying(String text, boolean isNew) throws IOException {
        Path file = Files.writeString(folder.resolve("versions.properties"), text);
        return new Doctored(file.toUri().toURL(), isNew);
    }

    @Test
    void nettyOfThisBuildIsNewEnough() {
        assertThatCode(() -> NettyVersion.check(NettyVersionTest.class.getClassLoader()))
                .doesNotThrowAnyException();
    }

    @Test
    void nettyThatSpringBoot3BringsIsNamedWithTheMend() throws Exception {
        ClassLoader old = saying("netty-transport.version=4.1.128.Final\nnetty-transport.shortCommitHash=abc\n", false);
        assertThatThrownBy(() -> NettyVersion.check(old))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "Vert.x 5 needs Netty 4.2, but netty-transport 4.1.128.Final is on the class path;")
                .hasMessageContaining("netty.version")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("\n"));
    }

    @Test
    void oneOldPartAmongNewOnesIsFound() throws Exception {
        ClassLoader mixed = saying("netty-common.version=4.2.20.Final\nnetty-handler.version=4.1.128.Final\n", true);
        assertThatThrownBy(() -> NettyVersion.check(mixed)).hasMessageContaining("netty-handler 4.1.128.Final");
    }

    @Test
    void oldNettyThatDoesNotSayItsVersionIsFoundByWhatItLacks() throws Exception {
        ClassLoader silent = saying("", false);
        assertThatThrownBy(() -> NettyVersion.check(silent)).hasMessageContaining("an older one is on the class path");
    }
}
