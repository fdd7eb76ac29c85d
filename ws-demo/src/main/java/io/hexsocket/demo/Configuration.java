package io.hexsocket.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was given by file, environment and command line, each where none behind it in this list says otherwise; and checked.
 *
 * @param given what is in force, but for the presets
 * @param sections what the file says of the jars' apps
 * @param keyPassword the password of private keys, or null
 * @param settings what all of it means
 */
record Configuration(
        Map<Setting, SettingValue> given,
        Map<String, SettingValue> sections,
        @Nullable String keyPassword,
        Settings settings) {

    private static final String MASK = "***";

    // the last @ of a URL: also a password may contain one
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?<=://)(?:([^:@/]*):)?.*@");
    private static final Pattern QUERY_OF_URL = Pattern.compile("(?<=://)([^?]*)\\?.*");

    /**
     * Reads the file that the command line names, and the environment.
     *
     * @param variables those of the environment
     * @param names asked for host names, and for nothing else
     * @throws UsageException for the first value that makes no sense, also if it is overruled
     */
    static Configuration read(CommandLine.Serve serve, Map<String, String> variables, SettingValues.Names names)
            throws UsageException {
        Map<Setting, SettingValue> file = Map.of();
        Map<String, SettingValue> sections = Map.of();
        if (serve.configFile() != null) {
            byte[] content = content(serve.configFile());
            file = ConfigFile.read(serve.configFile(), content);
            sections = ConfigFile.appSections(serve.configFile(), content);
        }
        Map<Setting, SettingValue> environment = Environment.read(variables);
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        given.putAll(file);
        given.putAll(environment);
        given.putAll(serve.given());
        checkOverruled(file, given, names);
        checkOverruled(environment, given, names);
        Settings settings = Settings.of(given, names).appSections(sections);
        String password = variables.get(Environment.KEY_PASSWORD);
        return password == null || password.isEmpty()
                ? new Configuration(given, sections, null, settings)
                : new Configuration(given, sections, password, settings.keyPassword(password));
    }

    /**
     * The same, but with what is read at a start only as it was then: what a running server can have of it.
     *
     * @throws UsageException if both do not go together
     */
    Configuration whileRunning(Configuration started, SettingValues.Names names) throws UsageException {
        Map<Setting, SettingValue> mixed = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            SettingValue value = (setting.isLive() ? given : started.given).get(setting);
            if (value != null) {
                mixed.put(setting, value);
            }
        }
        Settings all = Settings.of(mixed, names).appSections(started.sections);
        String password = started.keyPassword;
        return new Configuration(mixed, started.sections, password, password == null ? all : all.keyPassword(password));
    }

    /** The names of the settings whose values are others in another one. */
    List<String> differences(Configuration other) {
        List<String> names = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (!text(given.get(setting), setting.preset()).equals(text(other.given.get(setting), setting.preset()))) {
                names.add(setting.key());
            }
        }
        Set<String> keys = new TreeSet<>(sections.keySet());
        keys.addAll(other.sections.keySet());
        for (String key : keys) {
            if (!text(sections.get(key), "").equals(text(other.sections.get(key), ""))) {
                names.add(OwnApps.PREFIX + key);
            }
        }
        return names;
    }

    /**
     * A message about a file, with the setting in front that names the file, as somebody wrote it: {@code demo.conf:3: tls.keys: ...}. On one
     * line; unchanged if it is about no file of a setting, or says so already.
     */
    String attributed(String message) {
        SettingValue blamed = null;
        String file = "";
        for (Setting setting : Setting.FILES) {
            SettingValue value = given.get(setting);
            for (String item : value == null ? new String[0] : value.text().split(",")) {
                String name = Path.of(item.strip()).toString();
                if (name.length() > file.length() && names(message, name)) {
                    blamed = value;
                    file = name;
                }
            }
        }
        return Printable.line(
                blamed == null || message.startsWith(blamed.label()) ? message : blamed.label() + ": " + message);
    }

    /** Whether a text has the name of a file, and not as a part of another word. */
    private static boolean names(String text, String file) {
        return Pattern.compile("(?<![\\w./-])" + Pattern.quote(file) + "(?![\\w/-]|\\.\\w)")
                .matcher(text)
                .find();
    }

    /** What messages call a setting: where its value comes from, or its name for the default. */
    String label(Setting setting) {
        SettingValue value = given.get(setting);
        return value == null ? setting.key() : value.label();
    }

    private static String text(@Nullable SettingValue value, String preset) {
        return value == null ? preset : value.text();
    }

    /** What is overruled must make sense all the same: by itself, or with the rest of what is in force. */
    private static void checkOverruled(
            Map<Setting, SettingValue> source, Map<Setting, SettingValue> inForce, SettingValues.Names names)
            throws UsageException {
        Map<Setting, SettingValue> restored = new EnumMap<>(inForce);
        restored.putAll(source);
        if (restored.equals(inForce)) {
            return;
        }
        try {
            Settings.of(restored, names);
        } catch (UsageException together) {
            Settings.of(source, names);
        }
    }

    private static byte[] content(String name) throws UsageException {
        try (InputStream file = Files.newInputStream(Path.of(name))) {
            byte[] content = file.readNBytes(ConfigFile.MAX_BYTES + 1);
            if (content.length > ConfigFile.MAX_BYTES) {
                throw new UsageException(Printable.cut(name) + " is longer than 1 MiB; is it a configuration file?");
            }
            return content;
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException("cannot read the configuration file " + Printable.quoted(name) + " ("
                    + Printable.cut(e.toString()) + ")");
        }
    }

    /**
     * Every setting with its value and where that comes from, a line each. Shows no secret: of a URL neither password nor query, nothing
     * of what the apps of jars are told.
     */
    String print() {
        StringBuilder lines = new StringBuilder();
        for (Setting setting : Setting.values()) {
            SettingValue value = given.get(setting);
            String shown = value == null ? setting.preset() : masked(value.text());
            line(setting.key(), shown, value == null ? "default" : source(value, setting.key()), lines);
        }
        sections.forEach((key, value) -> {
            String full = OwnApps.PREFIX + key;
            line(full, MASK, source(value, full), lines);
        });
        if (keyPassword != null) {
            lines.append("# ").append(Environment.KEY_PASSWORD).append(" is set\n");
        }
        return lines.toString();
    }

    private static void line(String key, String value, String source, StringBuilder lines) {
        lines.append(Printable.line(key + " = " + value + "  # " + source)).append('\n');
    }

    private static String source(SettingValue value, String key) {
        String label = value.label();
        String keyInFile = ": " + key;
        return label.endsWith(keyInFile) ? label.substring(0, label.length() - keyInFile.length()) : label;
    }

    private static String masked(String text) {
        String withoutPassword = PASSWORD_IN_URL.matcher(text).replaceFirst(user -> {
            String name = user.group(1);
            return (name == null || name.isEmpty() ? "" : Matcher.quoteReplacement(name) + ":") + MASK + "@";
        });
        return QUERY_OF_URL.matcher(withoutPassword).replaceFirst("$1?" + MASK);
    }
}
