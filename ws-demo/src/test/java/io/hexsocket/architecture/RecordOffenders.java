package io.hexsocket.architecture;

/** Settings that are records. */
final class RecordOffenders {
    private RecordOffenders() {}

    @LivesIn("core.config")
    @Caught("core.config.Setting")
    public record Setting(int loops) {}

    @LivesIn("apps")
    record Hidden(int loops) {}
}
