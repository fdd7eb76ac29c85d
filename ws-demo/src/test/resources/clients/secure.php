<?php
// A backend script over raw TCP within TLS. secure.php PORT FILE-OF-THE-AUTHORITY

[, $port, $authority] = $argv;

$context = stream_context_create(['ssl' => ['cafile' => $authority, 'peer_name' => 'localhost']]);
$socket = stream_socket_client("ssl://127.0.0.1:$port", $code, $why, 60, STREAM_CLIENT_CONNECT, $context);
stream_set_timeout($socket, 60);
fwrite($socket, "php process\nGET /php HTTP/1.1\n");
$ready = fread($socket, 256);
fwrite($socket, '{"opcode":"broadcast","message":"over TLS"}');
$next = fread($socket, 256);
fwrite($socket, '{"opcode":"quit"}');
$rest = fread($socket, 256);
echo json_encode(['event' => 'saw', 'ready' => $ready, 'next' => $next, 'rest' => $rest, 'end' => feof($socket)]), "\n";
