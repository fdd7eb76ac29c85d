package io.hexsocket.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The routes")
class RoutesTest {

    private static final App APP = session -> (self, message) -> {};

    private static Routes routes(String... patterns) {
        Map<String, App> apps = new LinkedHashMap<>();
        for (String pattern : patterns) {
            apps.put(pattern, APP);
        }
        return new Routes(apps);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            emptyValue = "",
            value = {
                // pattern | path | parameters, or - if it does not match
                "/ | / | {}",
                "/ | /a | -",
                "/a | /a | {}",
                "/a | /A | -",
                "/a | /a/ | -",
                "/a | //a | -",
                "/a | /a/b | -",
                "/a | / | -",
                "/a/ | /a/ | {}",
                "/a/ | /a | -",
                "/a/b | /a/b | {}",
                "/{x} | /a | {x=a}",
                "/{x} | / | -",
                "/{x} | /a/b | -",
                "/{x} | /a/ | -",
                "/{x} | /{x} | {x={x}}",
                "/rooms/{room} | /rooms/7 | {room=7}",
                "/rooms/{room} | /rooms/ | -",
                "/rooms/{room} | /rooms | -",
                "/rooms/{room} | /rooms//7 | -",
                "/rooms/{room} | /rooms/a b | {room=a b}",
                "/rooms/{room} | /Rooms/7 | -",
                "/{a}/{b} | /1/2 | {a=1, b=2}",
                "/{a}/{b} | /1//2 | -",
                "/{a}/x/{b} | /1/x/2 | {a=1, b=2}",
                "/{a}/x/{b} | /1/y/2 | -",
                "/{A_1} | /\u00e9 | {A_1=\u00e9}"
            })
    @DisplayName("match a path segment by segment, with its case, and a name stands for a segment that is not empty")
    void routesMatchSegmentBySegment(String pattern, String path, String parameters) {
        Routes.Match match = routes(pattern).match(path);
        if (parameters == null) {
            assertThat(match).isNull();
        } else {
            assertThat(match).isNotNull();
            assertThat(new java.util.TreeMap<>(match.parameters())).hasToString(parameters);
            assertThat(match.route().pattern()).isEqualTo(pattern);
        }
    }

    @Test
    @DisplayName("prefer a literal path, then the pattern that was registered first")
    void literalPathIsPreferredToAPattern() {
        Routes routes = routes("/{x}/b", "/a/{y}", "/a/b", "/{x}/{y}");
        assertThat(routes.match("/a/b").route().pattern()).isEqualTo("/a/b");
        assertThat(routes.match("/c/b").route().pattern()).isEqualTo("/{x}/b");
        assertThat(routes.match("/a/c").route().pattern()).isEqualTo("/a/{y}");
        assertThat(routes.match("/c/d").route().pattern()).isEqualTo("/{x}/{y}");
        assertThat(routes("/a/{y}", "/{x}/b").match("/a/b").route().pattern()).isEqualTo("/a/{y}");
    }

    @Test
    @DisplayName("know each other by their place and pattern")
    void routesKnowTheirPlaceAndPattern() {
        Routes routes = routes("/c", "/{x}", "/a");
        assertThat(routes.all()).extracting(Route::index).containsExactly(0, 1, 2);
        assertThat(routes.all()).extracting(Route::pattern).containsExactly("/c", "/{x}", "/a");
        assertThat(routes.find("/{x}").index()).isEqualTo(1);
        assertThat(routes.find("/x")).isNull();
        assertThat(routes.find("/{y}")).isNull();
    }

    @Test
    @DisplayName("ask an app for its options once")
    void appIsAskedForItsOptionsOnce() {
        int[] asked = new int[1];
        App counting = new App() {
            @Override
            public Listener onOpen(Session session) {
                throw new AssertionError();
            }

            @Override
            public AppOptions options() {
                asked[0]++;
                return AppOptions.DEFAULT.maxMessageBytes(asked[0]);
            }
        };
        Routes routes = new Routes(Map.of("/a", counting));
        Route route = routes.match("/a").route();
        assertThat(route.options().maxMessageBytes()).isEqualTo(1);
        assertThat(route.options()).isSameAs(route.options());
        assertThat(route.app()).isSameAs(counting);
        assertThat(asked[0]).isEqualTo(1);
    }

    @Test
    @DisplayName("do not change when they are looked at")
    void routesCannotBeChangedFromOutside() {
        Routes routes = routes("/a");
        List<Route> all = routes.all();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> all.remove(0))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
