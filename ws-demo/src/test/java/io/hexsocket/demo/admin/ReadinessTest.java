package io.hexsocket.demo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadinessTest {

    @Test
    void serverIsReadyOnlyWhenTheLastObjectionIsWithdrawn() {
        Readiness readiness = new Readiness();
        assertThat(readiness.isReady()).isTrue();
        readiness.object("the cluster is down");
        readiness.object("draining");
        readiness.object("draining");
        assertThat(readiness.objections()).containsExactly("draining", "the cluster is down");
        readiness.withdraw("the cluster is down");
        assertThat(readiness.isReady()).isFalse();
        readiness.withdraw("draining");
        assertThat(readiness.isReady()).isTrue();
        assertThat(readiness.objections()).isEmpty();
    }
}
