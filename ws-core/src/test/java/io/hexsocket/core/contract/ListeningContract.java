package io.hexsocket.core.contract;

import static io.hexsocket.core.contract.Bytes.assertSame;
import static io.hexsocket.core.contract.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.contract.TransportUnderTest.Running;
import io.hexsocket.core.contract.TransportUnderTest.Setup;
import io.hexsocket.core.contract.Workbench.Line;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The port: who comes in, on which loop, and how it all ends and begins again. */
interface ListeningContract extends OnTransport {

    @Test
    default void aThousandConnectionsAreServedAtOnce() {
        bench().start(2);
        List<Line> lines =
                Stream.generate(() -> bench().open(Reactions.ECHO)).limit(1000).toList();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < lines.size(); i++) {
                lines.get(i).client().send(random(100, i + round));
            }
            for (int i = 0; i < lines.size(); i++) {
                assertSame(lines.get(i).client().read(100), random(100, i + round));
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            if (i % 2 == 0) {
                lines.get(i).client().reset();
            } else {
                lines.get(i).client().close();
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            if (i % 2 == 0) {
                lines.get(i).probe().awaitClosed();
            } else {
                lines.get(i).probe().awaitEndOfInput();
            }
        }
    }

    @Test
    default void connectionsAreSpreadEvenlyOverTheLoopsAndStayThere() {
        bench().start(4);
        List<ScriptedLoop> loops = bench().core().loops(4);
        Stream.generate(bench()::open).limit(400).forEach(line -> {});
        // each call was checked to be on the loop of its connection
        for (ScriptedLoop loop : loops) {
            assertThat(loop.accepted).isBetween(90, 110);
        }
    }

    @Test
    @DisplayName("R4 clients that are gone before they are accepted")
    default void clientsThatAreGoneBeforeTheyAreAcceptedDoNoHarm() {
        bench().start(1);
        ScriptedLoop loop = bench().core().loops(1).get(0);
        for (int round = 0; round < 5; round++) {
            Runnable release = loop.hold();
            for (int i = 0; i < 50; i++) {
                bench().connect().reset();
            }
            release.run();
        }
        Line line = bench().open(Reactions.ECHO);
        line.client().send(new byte[] {1});
        assertThat(line.client().read(1)).containsExactly(1);
    }

    // ---- the end

    @Test
    default void portIsFreeWhenTheCoreIsToldOfTheEnd() {
        bench().start(2);
        int port = bench().running().port();
        List<ScriptedLoop> loops = bench().core().loops(2);
        List<Line> lines = Stream.generate(bench()::open).limit(4).toList();
        List<Boolean> free = new CopyOnWriteArrayList<>();
        loops.forEach(loop -> loop.onShutdown = () -> free.add(isFree(port)));
        Await.result(bench().running().shutdown());
        assertThat(free).containsExactly(true, true);
        assertThat(loops).allSatisfy(loop -> assertThat(loop.shutdowns).isEqualTo(1));
        lines.forEach(line -> assertThat(line.probe().isClosed()).isTrue());
    }

    private static boolean isFree(int port) {
        synchronized (ListeningContract.class) {
            try (ServerSocket another = new ServerSocket()) {
                another.setReuseAddress(true);
                another.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return true;
            } catch (IOException taken) {
                return false;
            }
        }
    }

    @Test
    default void shutdownWaitsForWhatIsStillToBeSent() {
        byte[] much = random(8 * 1024 * 1024, 1);
        Line line = bench().open(
                        new Reactions() {
                            @Override
                            public void onShutdown(ScriptedInbound probe) {
                                probe.write(new byte[] {1, 2, 3});
                                probe.close();
                            }
                        },
                        8 * 1024);
        line.probe().run(() -> line.probe().write(much));
        CompletableFuture<Void> ended = bench().running().shutdown();
        line.probe().loop.awaitTicks(2);
        assertThat(ended).isNotDone();

        assertSame(line.client().read(much.length), much);
        assertThat(line.client().readToEnd()).containsExactly(1, 2, 3);
        line.client().close();
        Await.result(ended);
        assertThat(line.probe().isClosed()).isTrue();
        assertThat(line.probe().cause).isNull();
    }

    @Test
    default void connectionsThatDoNotEndAreCutWhenTheDrainDeadlineHasPassed() {
        bench().start(new Setup(0, 2, Duration.ofMillis(500)));
        Reactions stays = new Reactions() {
            @Override
            public void onShutdown(ScriptedInbound probe) {
                // it has all the time in the world
            }
        };
        List<Line> lines =
                Stream.generate(() -> bench().open(stays, 8 * 1024)).limit(6).toList();
        lines.get(0).probe().run(() -> {
            lines.get(0).probe().write(new byte[8 * 1024 * 1024]);
            lines.get(0).probe().write(bench().core().share(Bytes.direct(new byte[100_000])));
            lines.get(0).probe().close();
        });
        lines.get(1).probe().run(lines.get(1).probe()::pauseReads);
        Await.result(bench().running().shutdown());
        lines.forEach(line -> {
            assertThat(line.probe().isClosed()).isTrue();
            line.client().awaitEnd();
        });
    }

    @Test
    default void secondShutdownChangesNothing() {
        Line line = bench().open();
        CompletableFuture<Void> first = bench().running().shutdown();
        CompletableFuture<Void> second = bench().running().shutdown();
        Await.result(first);
        Await.result(second);
        Await.result(bench().running().shutdown());
        assertThat(line.probe().loop.shutdowns).isEqualTo(1);
    }

    @Test
    @DisplayName("O2 stop and restart on the same port, fifty times")
    default void stopAndRestartOnTheSamePort() throws IOException {
        int port = 0;
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ScriptedCore core = new ScriptedCore();
            core.reactions = () -> Reactions.ECHO;
            try (Running running = bench().type().run(core, new Setup(port, 2, Workbench.DRAIN))) {
                port = running.port();
                for (int j = 0; j < 3; j++) {
                    RawClient client = RawClient.connect(bench().type().wire(), port);
                    clients.add(client);
                    client.send(new byte[] {(byte) i, (byte) j});
                    assertThat(client.read(2)).containsExactly(i, j);
                }
                clients.get(clients.size() - 1).close();
            }
            core.verify();
        }
        clients.forEach(RawClient::close);
    }

    @Test
    @DisplayName("O6 port in use")
    default void portInUseIsAnErrorThatNamesIt() {
        Running first = bench().start(1);
        assertThatThrownBy(() -> bench().type().run(new ScriptedCore(), new Setup(first.port(), 2, Workbench.DRAIN)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(":" + first.port());
        Line line = bench().open(Reactions.ECHO);
        line.client().send(new byte[] {1});
        assertThat(line.client().read(1)).containsExactly(1);
    }

    // ---- resources

    @Test
    @DisplayName("R1 descriptors used up")
    default void acceptingPausesWhenDescriptorsAreUsedUpAndGoesOnByItself() throws Exception {
        try (FewDescriptors.Child child = FewDescriptors.start(bench().type())) {
            List<RawClient> clients = IntStream.range(0, 120)
                    .mapToObj(i -> RawClient.connect(bench().type().wire(), child.port()))
                    .toList();
            child.awaitExhausted();
            FewDescriptors.Rest rest = child.awaitRest();
            assertThat(rest.accepted()).isBetween(5, 110);
            assertThat(rest.busyNanos())
                    .as("time on processors in %d ns without a descriptor", rest.nanos())
                    .isLessThan(rest.nanos() / 2);
            assertThat(rest.logLines()).as(child.log()).isBetween(0, 20);

            // those that were accepted make room for the others, each of which has a turn at last
            for (RawClient client : clients) {
                assertThat(client.read(1)).as(child.log()).containsExactly(FewDescriptors.GREETING);
                client.close();
            }
        }
    }
}
