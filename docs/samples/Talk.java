import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Sends a text to a WebSocket server and prints the answer: {@code java Talk.java ws://localhost:8091/echo hello}. */
public final class Talk {

    public static void main(String[] args) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(args[0]), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        answer.complete(text.toString());
                        return null;
                    }

                    @Override
                    public void onError(WebSocket from, Throwable failed) {
                        answer.completeExceptionally(failed);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        socket.sendText(args[1], true);
        System.out.println(answer.get(10, TimeUnit.SECONDS));
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        System.exit(0);
    }
}
