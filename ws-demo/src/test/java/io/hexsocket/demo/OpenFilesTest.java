package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenFilesTest {

    @ParameterizedTest
    @CsvSource({
        "1024, 10, 2, 968",
        "1024, 50, 2, 928",
        "1024, 10, 64, 782",
        "64, 10, 2, 8",
        "20, 10, 2, 1",
        "1048576, 10, 2, 1048520",
        "unlimited, 10, 2, 2147483647",
        "9999999999, 10, 2, 2147483647"
    })
    void o8ConnectionsFitIntoTheOpenFiles(String soft, int open, int eventLoops, int connections) {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             96000                96000                processes
                Max open files            %-21s1048576              files
                """.formatted(soft);
        assertThat(OpenFiles.connections(limits, open, eventLoops)).isEqualTo(connections);
    }

    @Test
    void o8WhatIsTooManyIsLoweredAndSaid() throws Exception {
        Settings settings =
                Settings.of(Map.of(Setting.CONNECTIONS, new SettingValue("limits.connections", "5000")), host -> null);
        assertThat(OpenFiles.fitted(settings, 1000).limits().connections()).isEqualTo(1000);
        assertThat(OpenFiles.lowering(settings, 1000)).startsWith("limits.connections lowered from 5000 to 1000: ");
        assertThat(OpenFiles.fitted(settings, 5000)).isSameAs(settings);
        assertThat(OpenFiles.lowering(settings, 5000)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"''", "Max open files"})
    void limitThatNobodyTellsIsNone(String limits) {
        assertThat(OpenFiles.connections(limits, 10, 2)).isEqualTo(Integer.MAX_VALUE);
    }
}
