<?php
// A backend script of 2026, over WebSocket with "Client-Type: php". It takes what one fread gives for one frame, and
// the first one for the head of the 101: what shares a read with those is lost to it.
//
// TCP has no such borders, so the server leaves 5 ms between what it says by itself and what it said before, and
// answers at once. A script that is kept from reading for longer than that finds two frames in one read, and nobody is
// to blame. Whoever looks at the clock can tell: a read that ends within 4 ms of the cause of the first frame cannot
// have got a second one. Such a read is called prompt here, and has to be pure.
//
// websocket.php PORT open HOW-MANY-PROMPT-ONES
// websocket.php PORT lockstep ID-OF-A-BROWSER HOW-MANY
// websocket.php PORT crossfire OWN-NAME HOW-MANY HOW-MANY-FROM-OTHERS

[, $port, $mode] = $argv;
const MOMENT = 4_000_000;
const NEXT = '{"opcode":"next"}';

function tell(string $event, array $facts): void
{
    echo json_encode(['event' => $event] + $facts, JSON_THROW_ON_ERROR), "\n";
}

function packet(array $fields): string
{
    return json_encode($fields, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_NUMERIC_CHECK);
}

/** @return array{resource, string, bool} the socket, what one read gave for the head, whether that read was prompt */
function open(string $port, string $name): array
{
    $socket = stream_socket_client("tcp://127.0.0.1:$port");
    stream_set_timeout($socket, 60);
    $head = [
        'GET /php HTTP/1.1',
        'Host: 127.0.0.1',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: ' . base64_encode(random_bytes(16)),
        'Origin: http://127.0.0.1',
        'Sec-WebSocket-Version: 13',
        'Client-Type: php',
        "Ident: $name",
        "allowRemote: ''",
    ];
    $asked = hrtime(true);
    fwrite($socket, implode("\r\n", $head) . "\r\n\r\n");
    $read = fread($socket, 1024);
    return [$socket, $read, hrtime(true) - $asked < MOMENT];
}

/** Opens a socket and waits until the greeting is read, however it comes. */
function greeted(string $port, string $name)
{
    [$socket, $read] = open($port, $name);
    $rest = explode("\r\n\r\n", $read, 2)[1];
    while (count(frames($rest)) === 0) {
        $rest .= fread($socket, 1024);
    }
    return $socket;
}

/** A masked frame, as clients send them. */
function frame(int $opcode, string $payload): string
{
    $length = strlen($payload);
    $head = match (true) {
        $length < 126 => pack('CC', 0x80 | $opcode, 0x80 | $length),
        $length < 65536 => pack('CCn', 0x80 | $opcode, 0x80 | 126, $length),
        default => pack('CCJ', 0x80 | $opcode, 0x80 | 127, $length),
    };
    $mask = random_bytes(4);
    return $head . $mask . ($payload ^ str_pad('', $length, $mask));
}

/** Takes the complete text frames off a buffer. */
function frames(string &$buffer): array
{
    $texts = [];
    while (strlen($buffer) >= 2) {
        if (ord($buffer[0]) !== 0x81) {
            throw new Exception('not a text frame: ' . bin2hex($buffer));
        }
        $length = ord($buffer[1]);
        $from = 2;
        if ($length === 126) {
            if (strlen($buffer) < 4) {
                break;
            }
            $length = unpack('n', $buffer, 2)[1];
            $from = 4;
        } elseif ($length > 126) {
            throw new Exception('no such frame is expected here: ' . bin2hex($buffer));
        }
        if (strlen($buffer) < $from + $length) {
            break;
        }
        $texts[] = substr($buffer, $from, $length);
        $buffer = substr($buffer, $from + $length);
    }
    return $texts;
}

function leave($socket): string
{
    fwrite($socket, frame(8, ''));
    $end = stream_get_contents($socket);
    fclose($socket);
    return bin2hex($end);
}

if ($mode === 'open') {
    $openings = [];
    for ($prompt = 0; $prompt < (int) $argv[3] && count($openings) < 500; $prompt += $isPrompt ? 1 : 0) {
        [$socket, $head, $isPrompt] = open($port, '');
        [$head, $greeting] = explode("\r\n\r\n", $head, 2);
        $pure = $greeting === '';
        if ($pure) {
            $greeting = fread($socket, 1024);
        }
        $openings[] = [
            'prompt' => $isPrompt,
            'pure' => $pure,
            'head' => $head,
            'greetings' => frames($greeting),
            'rest' => $greeting,
            'end' => leave($socket),
        ];
    }
    tell('opened', ['openings' => $openings]);
}

if ($mode === 'lockstep') {
    $socket = greeted($port, '');
    $answers = [];
    for ($i = 0; $i < (int) $argv[4]; $i++) {
        fwrite($socket, frame(1, packet(['opcode' => 'feedback', 'ident' => '', 'uuid' => $argv[3], 'message' => "loop $i"])));
        $read = fread($socket, 8192);
        $texts = frames($read);
        // one whole frame, and not a byte more
        $answers[] = $read === '' && count($texts) === 1 ? $texts[0] : "$read and " . implode(' and ', $texts);
    }
    tell('answered', ['answers' => array_count_values($answers), 'end' => leave($socket)]);
}

if ($mode === 'crossfire') {
    [, , , $name, $own, $others] = $argv;
    $socket = greeted($port, $name);
    tell('ready', []);
    $buffer = '';
    $answered = 0;
    $prompt = 0;
    $wrong = [];
    $heard = [];
    $previous = 0;
    for ($i = 0; $i < 3 * (int) $own; $i++) {
        // every third comes back, after its answer
        $to = $i % 3 === 0 ? $name : 'nobody';
        $written = hrtime(true);
        fwrite($socket, frame(1, packet(['opcode' => 'feedback', 'ident' => $to, 'uuid' => '', 'message' => "own $i"])));
        while ($answered <= $i) {
            $buffer .= fread($socket, 8192);
            // the answer to the message before was not on its way before that was written, nor anything for 5 ms after
            $isPrompt = hrtime(true) - $previous < MOMENT;
            $texts = frames($buffer);
            if (feof($socket)) {
                throw new Exception("closed: $buffer");
            }
            if ($isPrompt && ($texts !== [NEXT] || $buffer !== '')) {
                $wrong[] = "answer $i shares its read: " . implode(' and ', $texts);
            }
            $prompt += $isPrompt ? 1 : 0;
            foreach ($texts as $text) {
                if ($text === NEXT) {
                    $answered++;
                    continue;
                }
                $message = json_decode($text)->message;
                if (str_starts_with($message, 'own ') && (int) substr($message, 4) >= $answered) {
                    $wrong[] = "$message overtakes its answer";
                }
                $heard[] = $message;
            }
        }
        $previous = $written;
    }
    while (count($heard) < (int) $own + (int) $others && !feof($socket)) {
        $buffer .= fread($socket, 8192);
        foreach (frames($buffer) as $text) {
            $heard[] = json_decode($text)->message;
        }
    }
    tell('heard', ['answered' => $answered, 'prompt' => $prompt, 'wrong' => $wrong, 'heard' => $heard, 'end' => leave($socket)]);
}
