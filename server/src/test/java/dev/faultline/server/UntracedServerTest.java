package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that no variable asks for telemetry.
class UntracedServerTest {
  @TempDir Path folder;

  @Test
  void loadsNoClassOfOpenTelemetrys() throws Exception {
    Path loaded = folder.resolve("loaded.txt");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xlog:class+load=info:file=" + loaded,
            "-cp",
            System.getProperty("java.class.path"),
            SignalledServer.class.getName(),
            folder.toString(),
            "10s")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      assertThat(faulted(port(process))).isEqualTo(500);
    } finally {
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    String classes = Files.readString(loaded);
    assertThat(classes).contains("dev.faultline.server.telemetry.TelemetryEnvironment");
    assertThat(classes.lines().filter(line -> line.contains("io.opentelemetry.") || line.contains("okhttp3."))).isEmpty();
  }

  private static int port(Process process) throws IOException {
    for (String line = process.inputReader().readLine(); line != null; line = process.inputReader().readLine()) {
      if (line.matches("\\d+")) {
        return Integer.parseInt(line);
      }
    }
    throw new IOException("the server ended before it was ready");
  }

  private static int faulted(int port) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/models/m/infer"))
        .POST(BodyPublishers.ofString(RunningServer.body(13)))
        .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }
}
