package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalsTest {
  private static final String INFER = "/v2/models/m/infer";

  @TempDir Path folder;

  @Test
  void aTermLetsRequestsUnderWayEndAndThenEndsTheProcessWithItsStatus() throws Exception {
    Process process = start("700ms");
    int port = port(process);
    try (var caller = new RawCaller(port)) {
      hold(caller, port);
      process.destroy();

      assertThat(caller.answer()).as("the request that was under way").startsWith("HTTP/1.1 504").contains("code=infer.timeout");
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(folder.resolve("data/server.json")).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aSecondTermEndsTheProcessAtOnce() throws Exception {
    Process process = start("60s");
    int port = port(process);
    try (var caller = new RawCaller(port)) {
      hold(caller, port);
      process.destroy();
      RunningServer.await("the first is heeded", () -> refusesConnectionsOrIsNotReady(port));
      process.destroy();

      assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("ends before the request and before the drain timeout").isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void hold(RawCaller caller, int port) throws IOException, InterruptedException {
    caller.write(RawCaller.post(INFER, RunningServer.body(60)));
    RunningServer.await("the request runs", () -> metrics(port).contains("faultline_inflight_requests{model=\"m\",version=\"2\"} 1"));
  }

  private Process start(String inferTimeout) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SignalledServer.class.getName(),
            folder.toString(),
            inferTimeout)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static int port(Process process) throws IOException {
    for (String line = process.inputReader().readLine(); line != null; line = process.inputReader().readLine()) {
      if (line.matches("\\d+")) {
        return Integer.parseInt(line);
      }
    }
    throw new IOException("the server ended before it was ready");
  }

  private static String metrics(int port) {
    return ask(port, "/metrics");
  }

  private static boolean refusesConnectionsOrIsNotReady(int port) {
    return !ask(port, "/v2/health/ready").startsWith("HTTP/1.1 200");
  }

  private static String ask(int port, String path) {
    try (var caller = new RawCaller(port)) {
      return caller.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
    } catch (IOException e) {
      return "";
    }
  }
}
