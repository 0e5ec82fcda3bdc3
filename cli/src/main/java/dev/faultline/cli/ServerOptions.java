package dev.faultline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.server.Faultline;
import dev.faultline.server.StartException;
import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How a command finds the server it asks: `--server`, else `FAULTLINE_SERVER`, else the `server.json` of the data folder.
///
/// When no server runs, a server without models is started over the data folder for the length of the command: captures are then read
/// by the same code, and the store, which takes one process only, is not damaged by a second one.
final class ServerOptions {
  private static final String LOG_FILE = "faultline-cli.log";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Surroundings surroundings;
  private final ConfigOptions config;

  @Option(names = "--server", paramLabel = "URL", order = 80, description = "The server's admin port. Default: FAULTLINE_SERVER, else the server of the data folder.")
  private String server = "";

  @Option(names = "--token", paramLabel = "TOKEN", order = 81, description = "The admin API's token. Default: FAULTLINE_ADMIN_TOKEN.")
  private String token = "";

  ServerOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.config = new ConfigOptions(surroundings);
  }

  @Option(names = "--data", paramLabel = "DIR", order = 82, description = "The data folder. Default: .faultline/data.")
  void data(String value) {
    config.data(value);
  }

  /// A client of a running server, or else of the captures a stopped one left.
  AdminClient open() throws CommandException {
    Optional<URI> named = named();
    if (named.isPresent()) {
      return client(named.get());
    }
    Path dataDir = config.read().config().dataDir();
    Optional<URI> running = running(dataDir);
    return running.isPresent() ? client(running.get()) : stopped(dataDir);
  }

  /// A client of a running server; complains when none runs.
  AdminClient openRunning() throws CommandException {
    Optional<URI> named = named();
    if (named.isPresent()) {
      return client(named.get());
    }
    Path dataDir = config.read().config().dataDir();
    return client(running(dataDir).orElseThrow(() -> new CommandException(ExitCode.UNREACHABLE, none("no server runs here", dataDir))));
  }

  Path dataDir() throws CommandException {
    return config.read().config().dataDir();
  }

  /// The admin port of the server that a data folder belongs to, when it runs.
  static Optional<URI> running(Path dataDir) {
    Path file = dataDir.resolve("server.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode written = MAPPER.readTree(Files.readString(file));
      boolean alive = ProcessHandle.of(written.path("pid").asLong()).map(ProcessHandle::isAlive).orElse(false);
      String host = reachable(written.path("admin_host").asText("127.0.0.1"));
      return alive ? Optional.of(URI.create("http://" + host + ":" + written.path("admin").asInt())) : Optional.empty();
    } catch (IOException e) {
      // half a file or none: whoever wrote it is not there any more
      return Optional.empty();
    }
  }

  private Optional<URI> named() throws CommandException {
    String text = server.isEmpty() ? surroundings.variable("FAULTLINE_SERVER") : server;
    return text.isEmpty() ? Optional.empty() : Optional.of(uri(text));
  }

  private static URI uri(String text) throws CommandException {
    String whole = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = URI.create(whole.replaceFirst("/+$", ""));
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, notUrl(text), e);
    }
    throw new CommandException(ExitCode.USAGE, notUrl(text));
  }

  private static Complaint notUrl(String text) {
    return Complaint.of("'" + text + "' is no server's address").at("--server").help("write it as http://HOST:PORT, with the admin port");
  }

  private AdminClient client(URI base) {
    return new AdminClient(base, token.isEmpty() ? surroundings.variable("FAULTLINE_ADMIN_TOKEN") : token, () -> {});
  }

  private AdminClient stopped(Path dataDir) throws CommandException {
    if (!Files.isDirectory(dataDir.resolve("captures"))) {
      throw new CommandException(ExitCode.UNREACHABLE, none("no server runs, and nothing was kept here", dataDir));
    }
    Faultline reader = reader(dataDir);
    return AdminClient.reading(URI.create("http://127.0.0.1:" + reader.ports().admin()), reader);
  }

  private static Faultline reader(Path dataDir) throws CommandException {
    ServerConfig config = ServerConfig.with(dataDir, Map.of(
        "server.port", "0",
        "server.admin_port", "0",
        "data.dir", dataDir.toString(),
        "log.file", dataDir.resolve(LOG_FILE).toString(),
        "server.drain_timeout", "0ms"));
    try {
      Faultline reader = Faultline.start(config);
      reader.awaitReady(); // the groups of earlier runs are there from then on
      return reader;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    } catch (StartException e) {
      throw new CommandException(ExitCode.UNREACHABLE, Complaint.of("no server runs, and the captures cannot be read: " + e.getMessage()).at(dataDir.toString()), e);
    }
  }

  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "[::1]";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }

  private static Complaint none(String sentence, Path dataDir) {
    return Complaint.of(sentence)
        .at(dataDir.toString())
        .help("start one: faultline serve DIR")
        .help("or say where it is: --server URL, or where its data is: --data DIR");
  }
}
