package com.example.chat;

import java.time.LocalTime;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

// doc> spring scheduled
@Component
class Clock {

    private final WebSockets webSockets;

    Clock(WebSockets webSockets) {
        this.webSockets = webSockets;
    }

    @Scheduled(fixedRate = 1000)
    void tick() {
        if (webSockets.isRunning()) {
            webSockets.hub().topic("chat").send("it is " + LocalTime.now());
        }
    }
}
// <doc
