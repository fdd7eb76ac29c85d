package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineTest {

    @Test
    void noWordsServeWithThePresets() throws UsageException {
        assertThat(parse()).isEqualTo(new CommandLine.Serve(Map.of(), null));
    }

    @Test
    void optionsHaveTheirValueBehindAnEqualsSignOrASpace() throws UsageException {
        assertThat(parse("--address=ws://h:1", "--workers", "2", "--log-file", "a=b", "--config=c"))
                .isEqualTo(new CommandLine.Serve(
                        Map.of(
                                Setting.ADDRESS, new SettingValue("--address", "ws://h:1"),
                                Setting.WORKERS, new SettingValue("--workers", "2"),
                                Setting.LOG_FILE, new SettingValue("--log-file", "a=b")),
                        "c"));
    }

    @Test
    void valueMayBeANegativeNumber() throws UsageException {
        assertThat(parse("--trusted-proxies", "127.0.0.1,::1", "--proxy-protocol"))
                .isEqualTo(new CommandLine.Serve(
                        Map.of(
                                Setting.TRUSTED_PROXIES, new SettingValue("--trusted-proxies", "127.0.0.1,::1"),
                                Setting.PROXY_PROTOCOL, new SettingValue("--proxy-protocol", "on")),
                        null));
        assertThat(parse("--workers", "-1"))
                .isEqualTo(new CommandLine.Serve(Map.of(Setting.WORKERS, new SettingValue("--workers", "-1")), null));
    }

    @ParameterizedTest
    @EnumSource
    void everySettingIsAnOptionByItsKey(Setting setting) throws UsageException {
        String option = "--" + setting.key();
        assertThat(parse(option, "x"))
                .isEqualTo(new CommandLine.Serve(Map.of(setting, new SettingValue(option, "x")), null));
    }

    @Test
    void configurationIsCheckedOrPrintedAsItWouldServe() throws UsageException {
        CommandLine.Serve serve =
                new CommandLine.Serve(Map.of(Setting.WORKERS, new SettingValue("--workers", "2")), "c");
        assertThat(parse("check-config", "--workers=2", "--config=c")).isEqualTo(new CommandLine.CheckConfig(serve));
        assertThat(parse("print-config", "--workers=2", "--config=c")).isEqualTo(new CommandLine.PrintConfig(serve));
    }

    @Test
    void unitIsForAFileOfSettings() throws UsageException {
        assertThat(parse("unit")).isEqualTo(new CommandLine.Unit("/etc/hexsocket.conf"));
        assertThat(parse("unit", "--config=c")).isEqualTo(new CommandLine.Unit("c"));
    }

    @Test
    void listIsGivenInPartsByItsKeyToo() throws UsageException {
        assertThat(parse("--tls.certificates=a", "--tls.certificates", "b"))
                .isEqualTo(new CommandLine.Serve(
                        Map.of(Setting.CERTIFICATES, new SettingValue("--tls.certificates", "a,b")), null));
    }

    @Test
    void helpNamesEveryOption() throws UsageException {
        assertThat(printed("--help"))
                .contains("--address", "--transport", "--workers", "--log-file", "--config", "--print-config")
                .contains("--version", "--help", "send", "check-config", "print-config", "unit")
                .isEqualTo(printed("-h"));
        assertThat(printed("send", "--help"))
                .contains("--uuid", "--ident", "--as", "--address", "--path", "--patience", "feedback", "broadcast");
    }

    @Test
    void helpFitsATerminal() throws UsageException {
        assertThat((printed("--help") + printed("send", "--help")).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void configurationIsPrinted() throws UsageException {
        assertThat(printed("--print-config")).isEqualTo(ConfigFile.template());
    }

    @Test
    void feedbackGoesToOneClient() throws UsageException {
        assertThat(parse("send", "feedback", "--uuid", "1-2.3", "one", "two"))
                .isEqualTo(new CommandLine.Send(
                        URI.create("ws://localhost:8091/php"),
                        "",
                        Duration.ofSeconds(5),
                        BackendPacket.toUuid("1-2.3"),
                        List.of("one", "two"),
                        null,
                        null));
        assertThat(parse("send", "feedback", "--ident=4711", "one"))
                .asInstanceOf(type(CommandLine.Send.class))
                .extracting(CommandLine.Send::message)
                .isEqualTo(BackendPacket.toIdent("4711"));
    }

    @Test
    void broadcastGoesToAllFromWhereItIsTold() throws UsageException {
        assertThat(parse(
                        "send",
                        "--address=wss://example.org",
                        "--path=/web?x=1",
                        "--as=billing",
                        "--patience=250ms",
                        "broadcast",
                        "--",
                        "--text"))
                .isEqualTo(new CommandLine.Send(
                        URI.create("wss://example.org:443/web?x=1"),
                        "billing",
                        Duration.ofMillis(250),
                        BackendPacket.broadcast(),
                        List.of("--text"),
                        null,
                        null));
    }

    static Stream<Arguments> wrongWordIsNamed() {
        return Stream.of(
                arguments(List.of("--prot=1"), "unknown option --prot; --help shows what there is"),
                arguments(List.of("-p"), "unknown option -p; --help shows what there is"),
                arguments(List.of("--help=yes"), "unknown option --help; --help shows what there is"),
                arguments(List.of("--\u001b[2J"), "unknown option --\\u001b[2J; --help shows what there is"),
                arguments(
                        List.of("check-config", "print-config"),
                        "what is \"print-config\"? --help shows what there is"),
                arguments(List.of("start"), "what is \"start\"? --help shows what there is"),
                arguments(List.of("--workers"), "--workers needs a value, as in --workers VALUE"),
                arguments(List.of("--workers="), "--workers needs a value, as in --workers VALUE"),
                arguments(List.of("--workers", "--config"), "--workers needs a value, as in --workers VALUE"),
                arguments(List.of("--workers", " "), "--workers needs a value, as in --workers VALUE"),
                arguments(List.of("--workers=1", "--workers=1"), "--workers is given twice"),
                arguments(
                        List.of("--logFile=a", "--log-file=a"),
                        "--log-file and --logFile are the same setting; leave one of them out"),
                arguments(
                        List.of("--proxyProtocol", "off", "--proxy-protocol"),
                        "--proxy-protocol and --proxyProtocol are the same setting; leave one of them out"),
                arguments(List.of("--limits.aliases=1", "--limits.aliases=1"), "--limits.aliases is given twice"),
                arguments(List.of("send"), "send needs to know what: feedback or broadcast"),
                arguments(List.of("send", "echo", "x"), "cannot send \"echo\", only feedback or broadcast"),
                arguments(List.of("send", "broadcast"), "send broadcast needs a text"),
                arguments(
                        List.of("send", "broadcast", "--uuid=1", "x"),
                        "send broadcast goes to everybody; leave --uuid and --ident out"),
                arguments(
                        List.of("send", "feedback", "x"),
                        "send feedback needs one receiver: --uuid ID or --ident NAME"),
                arguments(
                        List.of("send", "feedback", "--uuid=1", "--ident=2", "x"),
                        "send feedback needs one receiver: --uuid ID or --ident NAME"),
                arguments(
                        List.of("send", "--workers=1", "broadcast", "x"),
                        "unknown option --workers; --help shows what there is"),
                arguments(
                        List.of("send", "--path=php", "broadcast", "x"),
                        "--path is \"php\", must be a path such as /php"),
                arguments(
                        List.of("send", "--path=/a b", "broadcast", "x"),
                        "--path is \"/a b\", must be a path such as /php"),
                arguments(
                        List.of("send", "--address=ws://h:70000", "broadcast", "x"),
                        "--address \"ws://h:70000\" has port 70000, must be between 0 and 65535"),
                arguments(
                        List.of("send", "--as=a\nb", "broadcast", "x"),
                        "--as is \"a\\nb\", must be a name of ASCII letters, digits and signs"),
                arguments(
                        List.of("send", "--patience=5", "broadcast", "x"),
                        "--patience is \"5\", must be a time such as 250ms, 5s, 2min or 1h"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongWordIsNamed(List<String> words, String complaint) {
        assertThatThrownBy(() -> CommandLine.parse(words))
                .isInstanceOf(UsageException.class)
                .hasMessage(complaint);
    }

    private static CommandLine.Command parse(String... words) throws UsageException {
        return CommandLine.parse(List.of(words));
    }

    private static String printed(String... words) throws UsageException {
        return ((CommandLine.Print) parse(words)).text();
    }
}
