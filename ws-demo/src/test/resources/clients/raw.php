<?php
// A backend script of 2021, over raw TCP. It takes what one fread gives for one message of the server: what shares a
// read with an answer is lost to it, and shows here as an answer that is not the one expected.
//
// raw.php PORT ID-OF-A-BROWSER ALIAS-OF-A-BROWSER

[, $port, $browser, $alias] = $argv;
const READ = 256;

function tell(string $event, array $facts): void
{
    echo json_encode(['event' => $event] + $facts, JSON_THROW_ON_ERROR), "\n";
}

function packet(array $fields): string
{
    return json_encode($fields, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
}

$socket = stream_socket_client("tcp://127.0.0.1:$port");
stream_set_timeout($socket, 60);

fwrite($socket, "php process\nGET /php HTTP/1.1\n");
tell('greeted', ['read' => fread($socket, READ)]);

// somebody sends it a feedback now
tell('fed', ['read' => fread($socket, READ)]);

$sent = [
    packet(['opcode' => 'broadcast', 'message' => 'to every "browser" \\ in {braces}']),
    packet(['opcode' => 'feedback', 'uuid' => $browser, 'message' => 'by id']),
    packet(['opcode' => 'feedback', 'uuid' => $alias, 'message' => 'by alias: Grüße, 5 €, 🌍']),
    packet(['opcode' => 'feedback', 'uuid' => '', 'message' => 'to nobody']),
    packet(['opcode' => 'of an app to come']),
];
$answers = [];
foreach ($sent as $message) {
    fwrite($socket, $message);
    $answers[] = fread($socket, READ);
}
tell('answered', ['sent' => $sent, 'answers' => $answers]);

// chunks of 6144 characters: of four bytes each in the first one, and cut anywhere in the others
$long = packet(['opcode' => 'broadcast', 'message' => str_repeat('🌍', 6200) . str_repeat('5 € für 日本, ', 1500)]);
preg_match_all('/.{1,6144}/su', $long, $chunks);
$answers = [];
foreach (['bufferON', ...$chunks[0], 'bufferOFF'] as $message) {
    fwrite($socket, $message);
    $answers[] = fread($socket, READ);
}
tell('chunked', ['sent' => $long, 'chunks' => array_map('strlen', $chunks[0]), 'answers' => $answers]);

fwrite($socket, packet(['opcode' => 'quit']));
tell('quit', ['read' => fread($socket, READ), 'end' => feof($socket)]);
