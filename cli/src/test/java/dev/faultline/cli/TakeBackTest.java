package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the server hears when a command is interrupted: the process is a real one, the server never ends what it is asked for.
class TakeBackTest {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch waited = new CountDownLatch(2);
  private final CountDownLatch deleted = new CountDownLatch(1);
  private volatile String taken = "";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/faultline/v1/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anInterruptedReplayIsTakenBackOnTheServer() throws Exception {
    assertThat(interrupted("replay", "--group", "all")).isEqualTo(130);
    assertThat(deleted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(taken).isEqualTo("/faultline/v1/replays/x_1");
  }

  @Test
  void anInterruptedInvestigationIsTakenBackOnTheServer() throws Exception {
    assertThat(interrupted("bisect", "flt_1")).isEqualTo(130);
    assertThat(deleted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(taken).isEqualTo("/faultline/v1/investigations/x_1");
  }

  private int interrupted(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"), "dev.faultline.cli.Main"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--server", "http://127.0.0.1:" + server.getAddress().getPort()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try {
      assertThat(waited.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it waits for the answer").isTrue();
      assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor()).isZero();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("DELETE")) {
      taken = path;
      deleted.countDown();
    } else if (path.endsWith("/x_1")) {
      waited.countDown();
    }
    byte[] body = "{\"id\":\"x_1\",\"state\":\"RUNNING\",\"progress\":{\"done\":0,\"total\":9}}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
