package com.example.chat;

import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(properties = {"hexsocket.address=ws://localhost:0", "hexsocket.transport=nio"})
class ChatOverNioTest extends ChatContract {}
