package dev.faultline.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Prometheus or Alertmanager itself, started on a free port of the loopback address. A test that needs one that is not there fails and says
/// how to get it.
public final class OutsideProgram implements AutoCloseable {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path TOOLS = Path.of("..", "target", "tools", "usr", "bin");
  private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=(\\S+)");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Process process;
  private final Path log;
  final String address;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private OutsideProgram(Process process, Path log) throws InterruptedException {
    this.process = process;
    this.log = log;
    this.address = awaitAddress();
    awaitReady();
  }

  /// Prometheus with a configuration file; its data are kept beside it.
  static OutsideProgram prometheus(Path config, String... flags) throws IOException, InterruptedException {
    Path folder = config.toAbsolutePath().resolveSibling("").normalize();
    Stream<String> standard = Stream.of("--config.file=" + config.toAbsolutePath(), "--storage.tsdb.path=" + folder.resolve("tsdb"), "--web.listen-address=127.0.0.1:0");
    return start(find("prometheus"), Stream.concat(standard, Stream.of(flags)), folder.resolve("prometheus.log"));
  }

  /// One Alertmanager, no cluster.
  static OutsideProgram alertmanager(Path config) throws IOException, InterruptedException {
    Path folder = config.toAbsolutePath().resolveSibling("").normalize();
    Stream<String> flags = Stream.of(
        "--config.file=" + config.toAbsolutePath(), "--storage.path=" + folder.resolve("alertmanager"), "--web.listen-address=127.0.0.1:0", "--cluster.listen-address=");
    return start(find("prometheus-alertmanager", "alertmanager"), flags, folder.resolve("alertmanager.log"));
  }

  /// The first of the names that is in PATH or where `./check` puts programs.
  public static Path find(String... names) {
    String pack = names[0].equals("promtool") ? "prometheus" : names[0];
    List<Path> folders = Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)).filter(folder -> !folder.isEmpty()).map(Path::of), Stream.of(TOOLS)).toList();
    return Stream.of(names)
        .flatMap(name -> folders.stream().map(folder -> folder.resolve(name).toAbsolutePath().normalize()))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("found no " + names[0] + " (expected: in PATH or in " + TOOLS.toAbsolutePath().normalize()
            + "). Mend: ./check gets it where there is apt-get; otherwise install the package " + pack + ", which brew calls " + pack.replace("prometheus-", "")));
  }

  /// The folder above `usr/bin` is where a copy from an unpacked package finds its templates.
  private static OutsideProgram start(Path program, Stream<String> flags, Path log) throws IOException, InterruptedException {
    Path root = program.getRoot().resolve(program.subpath(0, Math.max(1, program.getNameCount() - 3)));
    Process process = new ProcessBuilder(Stream.concat(Stream.of(program.toString()), flags).toList())
        .directory(program.endsWith(Path.of("usr", "bin", program.getFileName().toString())) && program.getNameCount() > 3 ? root.toFile() : new File("/"))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    return new OutsideProgram(process, log);
  }

  private String awaitAddress() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      var found = LISTENING.matcher(log());
      if (found.find()) {
        return found.group(1);
      }
      Thread.sleep(20);
    }
    close();
    throw new AssertionError("it did not start; it said:\n" + log());
  }

  /// It listens before it can answer, and says 503 until then.
  private void awaitReady() throws InterruptedException {
    HttpRequest ready = HttpRequest.newBuilder(URI.create("http://" + address + "/-/ready")).timeout(PATIENCE).build();
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (client.send(ready, BodyHandlers.discarding()).statusCode() != 200) {
        if (System.nanoTime() > end) {
          throw new AssertionError("it never became ready; it said:\n" + log());
        }
        Thread.sleep(20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("it listened, and is gone; it said:\n" + log(), e);
    }
  }

  /// All that it has said so far.
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The `data` of an answer of the HTTP API.
  JsonNode api(String path, Map<String, String> parameters) {
    String query = parameters.entrySet().stream().map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
    URI uri = URI.create("http://" + address + path + (query.isEmpty() ? "" : "?" + query));
    try {
      HttpResponse<String> answer = client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
      JsonNode tree = MAPPER.readTree(answer.body());
      if (!tree.path("status").asText().equals("success")) {
        throw new AssertionError(uri + " answered " + answer.statusCode() + ": " + answer.body());
      }
      return tree.path("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// What an expression gives now: a list of series.
  JsonNode query(String expression) {
    return api("/api/v1/query", Map.of("query", expression)).path("result");
  }

  /// The value of an expression that gives one series; NaN when it gives none.
  double value(String expression) {
    return query(expression).path(0).path("value").path(1).asDouble(Double.NaN);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
