package io.hexsocket.demo;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was given for the settings, and the presets for the rest, by their kinds.
 *
 * @param given what somebody wrote
 * @param names asked for host names, and for nothing else
 */
record SettingValues(Map<Setting, SettingValue> given, Names names) {

    // that of Linux
    private static final int MAX_PATH = 4096;

    private static final Pattern NUMERIC_ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:\\.(?!$)|$)){4}");

    /** Finds the addresses of a host name. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    SettingValue of(Setting setting) {
        return given.getOrDefault(setting, new SettingValue(setting.key(), setting.preset()));
    }

    boolean isOn(Setting setting) throws UsageException {
        SettingValue state = of(setting);
        return switch (state.text()) {
            case "on" -> true;
            case "off" -> false;
            default -> throw state.wrong("on or off");
        };
    }

    @Nullable Path file(Setting setting) throws UsageException {
        SettingValue file = of(setting);
        return file.text().equals("none") ? null : path(file);
    }

    List<Path> files(Setting setting) throws UsageException {
        SettingValue list = of(setting);
        List<Path> files = new ArrayList<>();
        if (!list.text().equals("none")) {
            for (String name : items(list)) {
                files.add(path(new SettingValue(list.label(), name)));
            }
        }
        return files;
    }

    private static Path path(SettingValue file) throws UsageException {
        if (file.text().length() > MAX_PATH) {
            throw file.wrong("the name of a file, of up to " + MAX_PATH + " characters");
        }
        try {
            return Path.of(file.text());
        } catch (InvalidPathException e) {
            throw file.wrong("the name of a file");
        }
    }

    static List<String> items(SettingValue list) throws UsageException {
        List<String> items = new ArrayList<>();
        for (String item : list.text().split(",", -1)) {
            if (item.isBlank()) {
                throw list.wrong("a list without empty places");
            }
            items.add(item.strip());
        }
        return items;
    }

    List<InetAddress> addresses(SettingValue host) throws UsageException {
        String text = host.text();
        boolean numeric = NUMERIC_ADDRESS.matcher(text).matches();
        // Java takes "1.2" for 1.0.0.2
        if (numeric && text.indexOf(':') < 0 && !IPV4.matcher(text).matches()) {
            throw host.wrong("loopback, an IP address or a host name");
        }
        try {
            // a numeric address in brackets is never looked up
            return List.of(names.addresses(text.indexOf(':') < 0 ? text : "[" + text + "]"));
        } catch (UnknownHostException e) {
            throw host.wrong("loopback, an IP address or a host name; this one has no address");
        }
    }

    /** A record that refuses a value names it first; here the value gets the name that the operator knows. */
    UsageException relabelled(IllegalArgumentException refusal, String group) {
        String message = String.valueOf(refusal.getMessage());
        String[] words = message.split(" ", 2);
        Setting setting = Setting.of(group + words[0]);
        return new UsageException(setting == null ? message : of(setting).label() + " " + words[1]);
    }
}
