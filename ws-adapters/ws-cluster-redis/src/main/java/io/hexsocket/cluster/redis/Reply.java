package io.hexsocket.cluster.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command that calls back once, on the engine's thread: with what Redis has answered, or with why it has not. */
final class Reply<T> extends Command<String, Frame, T> {

    private final Consumer<? super T> answered;
    private final Consumer<? super Throwable> failed;
    private @Nullable RedisLink link;

    private Reply(
            CommandType type,
            CommandOutput<String, Frame, T> output,
            CommandArgs<String, Frame> args,
            Consumer<? super T> answered,
            Consumer<? super Throwable> failed) {
        super(type, output, args);
        this.answered = answered;
        this.failed = failed;
    }

    /** Answers how many have got it. */
    static Reply<Long> publish(
            String channel, Frame frame, Consumer<? super Long> answered, Consumer<? super Throwable> failed) {
        return new Reply<>(
                CommandType.PUBLISH,
                new IntegerOutput<>(FrameCodec.CODEC),
                new CommandArgs<>(FrameCodec.CODEC).addKey(channel).addValue(frame),
                answered,
                failed);
    }

    /** Runs a script that answers with a number. */
    static Reply<Long> number(
            CommandArgs<String, Frame> script, Consumer<? super Long> answered, Consumer<? super Throwable> failed) {
        return new Reply<>(CommandType.EVAL, new IntegerOutput<>(FrameCodec.CODEC), script, answered, failed);
    }

    /** Runs a script that answers with a text. */
    static Reply<String> text(
            CommandArgs<String, Frame> script, Consumer<? super String> answered, Consumer<? super Throwable> failed) {
        return new Reply<>(CommandType.EVAL, new StatusOutput<>(FrameCodec.CODEC), script, answered, failed);
    }

    /** Asks what sort of server it is: {@code standalone}, {@code cluster} or {@code sentinel}; empty if it does not say. */
    static Reply<String> hello(Consumer<? super String> answered, Consumer<? super Throwable> failed) {
        return new Reply<>(CommandType.HELLO, new ModeOutput(), new CommandArgs<>(FrameCodec.CODEC), answered, failed);
    }

    /** The value that follows {@code mode} in the answer to HELLO. */
    private static final class ModeOutput extends CommandOutput<String, Frame, String> {
        private boolean isNext;

        ModeOutput() {
            super(FrameCodec.CODEC, "");
        }

        @Override
        public void set(ByteBuffer bytes) {
            String word =
                    bytes == null ? "" : StandardCharsets.US_ASCII.decode(bytes).toString();
            if (isNext) {
                output = word;
            }
            isNext = word.equals("mode");
        }

        @Override
        public void set(long number) {
            isNext = false;
        }
    }

    void sentOver(RedisLink sender) {
        link = sender;
    }

    @Override
    public void complete() {
        if (isDone()) {
            return;
        }
        super.complete();
        over();
        CommandOutput<String, Frame, T> output = getOutput();
        if (output.hasError()) {
            failed.accept(new RedisCommandExecutionException(output.getError()));
        } else {
            answered.accept(Objects.requireNonNull(output.get()));
        }
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        if (isDone() || !super.completeExceptionally(cause)) {
            return false;
        }
        over();
        failed.accept(cause);
        return true;
    }

    @Override
    public void cancel() {
        completeExceptionally(new CancellationException("the connection is closed"));
    }

    private void over() {
        if (link != null) {
            link.isOver(this);
        }
    }
}
