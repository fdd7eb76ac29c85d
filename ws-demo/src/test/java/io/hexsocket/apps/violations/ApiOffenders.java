package io.hexsocket.apps.violations;

import com.fasterxml.jackson.databind.JsonNode;
import io.hexsocket.apps.json.violations.Json;
import io.hexsocket.core.session.violations.Session;
import org.slf4j.Logger;

/** What an API would look like that asks its readers for more than a JDK. */
public final class ApiOffenders {
    private ApiOffenders() {}

    public static final class AgainstPurity {
        static final class TakesJson {
            void take(JsonNode[] packets) {}
        }

        static final class KnowsJsonLayer {
            Json json;
        }

        static final class KnowsCore {
            Session session;
        }
    }

    public static final class AgainstLogging {
        static final class Logs {
            Logger logger;
        }
    }
}
