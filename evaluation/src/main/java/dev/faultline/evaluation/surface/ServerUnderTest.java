package dev.faultline.evaluation.surface;

import dev.faultline.evaluation.model.Release;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.traffic.Request.Quirk;
import dev.faultline.evaluation.traffic.RequestBody;
import dev.faultline.graph.GraphWriter;
import dev.faultline.server.Faultline;
import dev.faultline.server.StartException;
import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A server of its own for one case, on free ports, with its models and its data in a temporary folder.
public final class ServerUnderTest implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Faultline server;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final String model;

  private ServerUnderTest(Path folder, String model, Faultline server) {
    this.folder = folder;
    this.model = model;
    this.server = server;
  }

  /// Starts it and waits until the models are loaded.
  ///
  /// @param settings configuration keys beyond ports and folders
  /// @throws IllegalStateException when a version does not load: a fault that cannot be seeded
  public static ServerUnderTest start(String model, List<Release> releases, Map<String, String> settings) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("faultline-evaluation-");
    for (Release release : releases) {
      Path version = Files.createDirectories(folder.resolve("models").resolve(model).resolve(release.version()));
      GraphWriter.write(release.graph(), version.resolve("model.onnx"));
      Files.writeString(version.resolve("contract.yaml"), release.contract());
    }
    var all = new HashMap<>(Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "log.file", folder.resolve("log").toString()));
    all.putAll(settings);
    try {
      var started = new ServerUnderTest(folder, model, Faultline.start(ServerConfig.with(folder, all)));
      started.requireLoaded(releases.size());
      return started;
    } catch (StartException e) {
      throw new IOException(e);
    }
  }

  private void requireLoaded(int versions) throws InterruptedException {
    var report = server.awaitReady();
    long ready = report.models().stream().filter(listing -> listing.state().label().equalsIgnoreCase("ready")).count();
    if (ready != versions) {
      close();
      throw new IllegalStateException(ready + " of " + versions + " versions loaded: " + report.models());
    }
  }

  public String model() {
    return model;
  }

  URI admin(String path) {
    return URI.create("http://127.0.0.1:" + server.ports().admin() + "/faultline/v1" + path);
  }

  HttpClient client() {
    return client;
  }

  /// Sends a request of the traffic.
  public Answer send(Request request) throws InterruptedException {
    HttpRequest.Builder http = post(request.version(), RequestBody.of(request));
    request.client().headers().forEach(http::setHeader);
    if (request.quirk() == Quirk.GIVES_UP) {
      http.setHeader("X-Request-Timeout-Ms", "0");
    }
    return answer(request, exchange(http.build()));
  }

  /// Sends an experiment, of which nothing is kept.
  public Answer tryOut(Request request) throws InterruptedException {
    return answer(request, exchange(post(request.version(), RequestBody.unkept(request.inputs())).build()));
  }

  private HttpRequest.Builder post(String version, String body) {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().http() + "/v2/models/" + model + "/versions/" + version + "/infer");
    return HttpRequest.newBuilder(uri).timeout(PATIENCE).POST(BodyPublishers.ofString(body));
  }

  HttpResponse<String> exchange(HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer answer(Request request, HttpResponse<String> response) {
    String fault = response.headers().firstValue("Faultline-Fault").orElse("");
    String suspicion = response.headers().firstValue("Faultline-Suspicion").orElse("");
    return Answer.of(request, response.statusCode(), fault.isEmpty() ? suspicion : fault, fault.isEmpty() && !suspicion.isEmpty());
  }

  @Override
  public void close() {
    client.close();
    server.stop();
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
