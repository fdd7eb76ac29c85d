package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenFilesTest {

    @ParameterizedTest
    @CsvSource({"1024, 984", "64, 24", "20, 1", "1048576, 1048536", "unlimited, 2147483647", "9999999999, 2147483647"})
    void o8ConnectionsFitIntoTheOpenFiles(String soft, int connections) {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             96000                96000                processes
                Max open files            %-21s1048576              files
                """.formatted(soft);
        assertThat(OpenFiles.connections(limits)).isEqualTo(connections);
    }

    @ParameterizedTest
    @CsvSource({"''", "Max open files"})
    void limitThatNobodyTellsIsNone(String limits) {
        assertThat(OpenFiles.connections(limits)).isEqualTo(Integer.MAX_VALUE);
    }
}
