package dev.faultline.server;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.graph.GraphBuilder;
import dev.faultline.server.AlertReceiver.Received;
import dev.faultline.server.Site.Sent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Incidents at real servers, watched by Prometheus and Alertmanager themselves with the shipped rules and routes: each wakes whom it should,
/// and nobody else.
///
/// Every duration of the shipped files is divided by [#FACTOR], so that thirteen minutes of watching are forty seconds. All incidents happen at
/// once, at models of their own: an alert is told to an incident by the model or the instance that it names. One model stays healthy.
class ScriptedIncidentsIT {
  private static final int FACTOR = 20;
  /// In the time of the test; as long as the longest window and the longest `for` of the alerts that fire, and half as much again.
  private static final Duration WATCHED = Duration.ofSeconds(40);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PACE = Duration.ofMillis(60);
  private static final String CREDIT = "inputs: {age: {range: [0, 120]}}\n";

  @TempDir private static Path folder;
  private static AlertReceiver receiver;
  private static OutsideProgram alertmanager;
  private static OutsideProgram prometheus;
  private static Site models;
  private static Site slow;
  private static Site hanging;
  private static Process child;
  private static String full;
  private static volatile boolean over;

  @BeforeAll
  static void play() throws Exception {
    receiver = new AlertReceiver();
    models = Site.real(models(), Map.of());
    assertThat(models.admin("PUT", "/models/fraud/default", "{\"version\":\"1\"}").statusCode()).isEqualTo(200);
    var dragging = new FakeEngine();
    dragging.preprocess = List.of(new TestStep("drag", ScriptedIncidentsIT::drag));
    slow = Site.fake(folder.resolve("slow"), "slow", Map.of(), dragging);
    hanging = Site.fake(folder.resolve("hanging"), "hanging", Map.of("limits.infer_timeout", "100ms"), new FakeEngine());
    child = startChild();
    full = address(child);
    for (String each : List.of(models.address(), slow.address(), hanging.address(), full)) {
      warm(each);
    }

    var shipped = new ShippedFiles(folder.resolve("watch"), FACTOR);
    alertmanager = OutsideProgram.alertmanager(shipped.alertmanager(receiver.address()));
    prometheus = OutsideProgram.prometheus(shipped.prometheus(List.of(models.address(), slow.address(), hanging.address(), full), alertmanager.address));
    await("all are scraped", () -> prometheus.value("count(up == 1)") == 4);

    clients();
    await("the good release serves", () -> prometheus.value("sum(faultline_requests_total{model=\"fraud\",outcome=\"served\"})") > 20);
    assertThat(receiver.received).as("before anything happened").isEmpty();
    incidents();
    Thread.sleep(WATCHED);
  }

  @AfterAll
  static void stop() throws Exception {
    over = true;
    for (AutoCloseable each : new AutoCloseable[] {prometheus, alertmanager, models, slow, hanging, receiver}) {
      if (each != null) {
        each.close();
      }
    }
    if (child != null) {
      child.outputWriter().close();
      if (!child.waitFor(30, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    }
  }

  @Test
  void aBadReleasePagesTheTeamNamesItsVersionAndIsOverWhenItIsTakenBack() throws Exception {
    awaitFiring("/team FaultlineErrors fraud/2");
    Received errors = receiver.about("fraud").stream().filter(each -> each.label("alertname").equals("FaultlineErrors")).findFirst().orElseThrow();
    assertThat(errors.label("severity")).isEqualTo("critical");
    assertThat(errors.label("blame")).isEqualTo("MODEL");
    assertThat(errors.annotations().path("summary").asText()).matches("fraud version 2: [0-9.]+% of the requests fail, blame MODEL");

    assertThat(models.admin("PUT", "/models/fraud/default", "{\"version\":\"1\"}").statusCode()).isEqualTo(200);
    await("it is over", () -> receiver.about("fraud").stream().anyMatch(each -> each.label("alertname").equals("FaultlineErrors") && each.status().equals("resolved")));
    // the new group stays for ten minutes of the rules: what is not known stays to be looked at
    assertThat(essences("fraud")).containsExactlyInAnyOrder("/team FaultlineErrors fraud/2", "/team FaultlineNewFaultGroup fraud/");
  }

  @Test
  void oneBadClientIsSaidToThoseWhoTalkToCallersOnly() throws Exception {
    awaitFiring("/callers FaultlineContractRefusesMuch credit/1");
    assertThat(essences("credit")).containsExactly("/callers FaultlineContractRefusesMuch credit/1");
  }

  @Test
  void aSlowModelBurnsItsBudgetAndNothingElse() throws Exception {
    awaitFiring("/team FaultlineLatencyBurn slow/1");
    assertThat(essences("slow")).containsExactly("/team FaultlineLatencyBurn slow/1");
  }

  @Test
  void timeoutsAlertApartFromOtherFailures() throws Exception {
    awaitFiring("/team FaultlineTimeouts hanging/1");
    assertThat(receiver.about("hanging")).allSatisfy(each -> assertThat(each.label("kind")).isEqualTo("infer"));
    assertThat(essences("hanging")).containsExactly("/team FaultlineTimeouts hanging/1");
  }

  @Test
  void aFullDiskCostsCapturesAndNoRequest() throws Exception {
    awaitFiring("/team FaultlineCapturesDropped " + full);
    assertThat(essences(full)).containsExactly("/team FaultlineCapturesDropped " + full);
    assertThat(essences("kept")).as("the model of that server").isEmpty();
    assertThat(prometheus.value("sum(faultline_requests_total{model=\"kept\",outcome=\"served\"})")).isPositive();
    assertThat(prometheus.query("faultline_requests_total{model=\"kept\",outcome=\"faulted\"} > 0")).isEmpty();
  }

  @Test
  void aHealthyModelWakesNobody() {
    assertThat(prometheus.value("sum(faultline_requests_total{model=\"calm\",outcome=\"served\"})")).isPositive();
    assertThat(receiver.about("calm")).isEmpty();
  }

  @Test
  void everyAlertThatCameBelongsToAnIncident() {
    Set<String> subjects = receiver.received.stream().map(each -> each.label("model").isEmpty() ? each.label("instance") : each.label("model")).collect(Collectors.toSet());
    assertThat(subjects).isSubsetOf("fraud", "credit", "slow", "hanging", full);
    assertThat(prometheus.log()).doesNotContain("level=error", "level=warn");
  }

  private static Path models() throws IOException {
    InvestigatingServer.model(folder, "fraud", "1", embedding(8), "");
    InvestigatingServer.model(folder, "fraud", "2", embedding(4), "");
    InvestigatingServer.model(folder, "credit", "1", same("age"), CREDIT);
    InvestigatingServer.model(folder, "calm", "1", same("x"), "");
    return folder;
  }

  /// Looks a number up in a table, at a place that the graph computes; a shorter table is a release that forgot some.
  private static GraphBuilder embedding(int rows) {
    return GraphBuilder.named("fraud")
        .input("country", INT64, "n")
        .initializer("one", new long[] {1}, 1)
        .initializer("table", new float[rows], rows)
        .node("/next", "Add", List.of("country", "one"), List.of("place"))
        .node("/embed", "Gather", List.of("table", "place"), List.of("risk"))
        .output("risk", FLOAT, "n");
  }

  private static GraphBuilder same(String input) {
    return GraphBuilder.named("same").input(input, FLOAT, "n").node("/same", "Identity", List.of(input), List.of("y")).output("y", FLOAT, "n");
  }

  private static void drag() {
    try {
      Thread.sleep(350);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The first answers of a server take longer than a scrape may in this test, where that is shortened too.
  private static void warm(String address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest scrape = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).header("Accept", "application/openmetrics-text; version=1.0.0").build();
      for (int i = 0; i < 20; i++) {
        assertThat(client.send(scrape, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
    }
  }

  private static Process startChild() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            WatchedChild.class.getName(),
            folder.resolve("full").toString(),
            "kept")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String address(Process child) throws IOException {
    for (String line = child.inputReader().readLine(); line != null; line = child.inputReader().readLine()) {
      if (line.matches("127\\.0\\.0\\.1:\\d+")) {
        return line;
      }
    }
    throw new IOException("the server ended before it was ready");
  }

  /// Those who do nothing wrong, and those whose model will.
  private static void clients() {
    models.client(PACE, i -> Sent.to("fraud", InvestigatingServer.inputs(InvestigatingServer.input("country", "INT64", "[1]", "[" + i % 6 + "]"))));
    models.client(PACE, _ -> floats("calm", "x", 1));
    models.client(PACE, _ -> floats("credit", "age", 30));
    slow.client(PACE, _ -> floats("slow", "x", 1));
    hanging.client(PACE, _ -> floats("hanging", "x", 1));
    Thread.ofVirtual().start(() -> {
      try (HttpClient client = HttpClient.newHttpClient()) {
        while (!over) {
          Sent sent = floats("kept", "x", 1);
          client.send(HttpRequest.newBuilder(URI.create("http://" + full + sent.path())).POST(BodyPublishers.ofString(sent.body())).build(), BodyHandlers.discarding());
          Thread.sleep(PACE);
        }
      } catch (IOException e) {
        over = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  /// The slow model has been slow from its first request on.
  private static void incidents() throws Exception {
    assertThat(models.admin("PUT", "/models/fraud/default", "{\"version\":\"2\"}").statusCode()).isEqualTo(200);
    models.client(PACE, _ -> floats("credit", "age", -4).with("X-Client-Id", "broken-app"));
    hanging.client(Duration.ofMillis(500), _ -> floats("hanging", "x", 60));
    String pid = Long.toString(child.pid());
    // every write that makes a file longer fails from now on, as on a full disk
    assertThat(new ProcessBuilder("prlimit", "--pid", pid, "--fsize=1:unlimited").inheritIO().start().waitFor()).as("prlimit, of util-linux").isZero();
  }

  private static Sent floats(String model, String input, double value) {
    return Sent.to(model, InvestigatingServer.inputs(InvestigatingServer.input(input, "FP32", "[1]", "[" + value + "]")));
  }

  private static Set<String> essences(String subject) {
    return receiver.about(subject).stream().map(Received::essence).collect(Collectors.toCollection(TreeSet::new));
  }

  private static void awaitFiring(String essence) throws InterruptedException {
    await(essence, () -> receiver.received.stream().anyMatch(each -> each.status().equals("firing") && each.essence().equals(essence)));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never happened: " + what + "; received so far: " + receiver.received.stream().map(Received::essence).collect(Collectors.toCollection(TreeSet::new))
            + "; alerts of Prometheus: " + prometheus.api("/api/v1/alerts", Map.of()));
      }
      Thread.sleep(50);
    }
  }
}
