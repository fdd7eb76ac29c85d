module com.example.echo {
    requires io.hexsocket.transport.nio;
}
