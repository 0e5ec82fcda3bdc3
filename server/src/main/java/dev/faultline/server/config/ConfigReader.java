package dev.faultline.server.config;

import dev.faultline.fault.NearestName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the configuration: flag before environment before file before default. Never stops at the first problem.
///
/// Longer than most because the whole order of precedence is one idea and is read here, in [#read], from top to bottom.
public final class ConfigReader {
  /// What a flag of `faultline serve` is called as a key.
  public static final Map<String, String> FLAGS = Map.of(
      "host", "server.host",
      "port", "server.port",
      "grpc-port", "server.grpc_port",
      "admin-port", "server.admin_port",
      "ports-file", "server.ports_file",
      "metrics-compat", "metrics.compat",
      "data", "data.dir");

  private static final String FILE_FLAG = "config";
  private static final String FILE_NAME = "faultline.yaml";
  private static final String VARIABLE_PREFIX = "FAULTLINE_";
  private static final int SHOWN_CHARS_MAX = 60;

  private final Path workingDir;
  private final Map<String, String> environment;

  public ConfigReader(Path workingDir, Map<String, String> environment) {
    this.workingDir = workingDir;
    this.environment = Map.copyOf(environment);
  }

  /// `flags` are named as on the command line without dashes (`port`, `data`, `config`), or by the path of any key.
  ///
  /// @throws ConfigException naming every problem at once
  public ReadConfig read(Map<String, String> flags) throws ConfigException {
    var found = new Findings();
    file(flags).ifPresent(file -> readFile(file, found));
    readEnvironment(found);
    readFlags(flags, found);
    return found.finish(workingDir);
  }

  ReadConfig readFlagsOnly(Map<String, String> flags) throws ConfigException {
    var found = new Findings();
    readFlags(flags, found);
    return found.finish(workingDir);
  }

  private Optional<Path> file(Map<String, String> flags) {
    String named = flags.getOrDefault(FILE_FLAG, environment.getOrDefault(VARIABLE_PREFIX + "CONFIG", ""));
    if (!named.isEmpty()) {
      return Optional.of(workingDir.resolve(named));
    }
    Path here = workingDir.resolve(FILE_NAME);
    return Files.isRegularFile(here) ? Optional.of(here) : home().map(home -> home.resolve("faultline/config.yaml")).filter(Files::isRegularFile);
  }

  private Optional<Path> home() {
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (xdg.isEmpty() && home.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(xdg.isEmpty() ? Path.of(home, ".config") : Path.of(xdg));
  }

  private static void readFile(Path file, Findings found) {
    String source = String.valueOf(file.getFileName());
    ConfigFile.Content content = ConfigFile.read(file);
    found.problems.addAll(content.problems());
    found.rollouts.addAll(content.rollouts());
    content.values().forEach((path, value) -> found.take(path, value, "file " + source));
  }

  private void readEnvironment(Findings found) {
    for (ConfigKey<?> key : Keys.ALL) {
      String value = environment.get(key.variable());
      if (value != null && value.startsWith("tcp://")) {
        found.notes.add("ignored " + key.variable() + "=" + value + ": Kubernetes sets it for a service of that name, it is not meant for Faultline");
      } else if (value != null) {
        found.take(key.path(), value, "environment " + key.variable());
      }
    }
    noteNearMisses(found);
  }

  /// A variable of ours that nobody reads may belong to a launcher or to Kubernetes, so it is worth a note and not a problem.
  private void noteNearMisses(Findings found) {
    List<String> known = Keys.ALL.stream().map(key -> key.variable().substring(VARIABLE_PREFIX.length())).toList();
    for (String name : environment.keySet().stream().sorted().toList()) {
      String own = name.startsWith(VARIABLE_PREFIX) ? name.substring(VARIABLE_PREFIX.length()) : "CONFIG";
      if (!known.contains(own) && !own.equals("CONFIG")) {
        NearestName.of(own, known).ifPresent(near -> found.notes.add("environment variable " + name + " is not read; did you mean " + VARIABLE_PREFIX + near + "?"));
      }
    }
  }

  private static void readFlags(Map<String, String> flags, Findings found) {
    for (Map.Entry<String, String> flag : new LinkedHashMap<>(flags).entrySet()) {
      if (!flag.getKey().equals(FILE_FLAG)) {
        found.take(FLAGS.getOrDefault(flag.getKey(), flag.getKey()), flag.getValue(), "flag --" + flag.getKey());
      }
    }
  }

  private record Found(String value, String source) {}

  /// What has been read so far; later sources win.
  private static final class Findings {
    private final Map<String, Found> values = new HashMap<>();
    private final List<DeclaredRollout> rollouts = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    void take(String path, String value, String source) {
      Optional<ConfigKey<?>> key = Keys.ALL.stream().filter(each -> each.path().equals(path)).findFirst();
      if (key.isEmpty()) {
        problems.add(path + " (" + source + "): there is no such key" + hint(path));
      } else if (key.get().kind().parse(text(value)).isEmpty()) {
        problems.add(path + " (" + source + "): is " + shown(key.get(), value) + " (expected: " + key.get().kind().expected() + ")");
      } else {
        values.put(path, new Found(text(value), source));
      }
    }

    /// Line ends part the items of a list.
    private static String text(String value) {
      return value.contains("\n") ? value : value.strip();
    }

    ReadConfig finish(Path workingDir) throws ConfigException {
      var texts = new HashMap<ConfigKey<?>, String>();
      var settings = new ArrayList<Setting>();
      for (ConfigKey<?> key : Keys.ALL) {
        Found found = values.getOrDefault(key.path(), new Found(key.fallback(), "default"));
        texts.put(key, found.value());
        settings.add(new Setting(key.path(), key.isSecret() && !found.value().isEmpty() ? "***" : found.value(), found.source()));
      }
      ServerConfig config = problems.isEmpty() ? ServerConfig.of(new Values(texts), rollouts, workingDir) : ServerConfig.of(new Values(Map.of()), List.of(), workingDir);
      if (problems.isEmpty()) {
        refuseOpenAdmin(config);
      }
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      return new ReadConfig(config, settings, notes);
    }

    private void refuseOpenAdmin(ServerConfig config) {
      if (!config.admin().isLoopback() && config.admin().token().isEmpty()) {
        problems.add("admin.host: is '" + config.admin().host() + "', which others can reach, and admin.token is empty"
            + " (expected: a loopback address, or a token; mend: set FAULTLINE_ADMIN_TOKEN, or admin.host to 127.0.0.1)");
      }
    }

    private static String hint(String path) {
      return NearestName.of(path, Keys.paths()).map(near -> " (did you mean " + near + "?)").orElse(" (expected: a key of docs/configuration.md)");
    }

    private static String shown(ConfigKey<?> key, String value) {
      if (key.isSecret()) {
        return "not usable";
      }
      return "'" + (value.length() > SHOWN_CHARS_MAX ? value.substring(0, SHOWN_CHARS_MAX) + "..." : value) + "'";
    }
  }
}
