package dev.faultline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.Ports;
import dev.faultline.server.StartReport;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a started server says of itself: what was found, loaded and skipped and why, the ports, and a call to try.
final class StartBlock {
  private final Terminal terminal;
  private final ServerConfig config;
  private final StartReport report;

  StartBlock(Terminal terminal, ServerConfig config, StartReport report) {
    this.terminal = terminal;
    this.config = config;
    this.report = report;
  }

  void print() {
    terminal.print(Build.CURRENT.line());
    int width = report.models().stream().mapToInt(listing -> listing.model().length()).max().orElse(0);
    report.models().forEach(listing -> model(listing, width));
    report.skipped().forEach(this::skipped);
    if (report.models().isEmpty()) {
      terminal.print("  " + terminal.out(Style.YELLOW, "no model found") + " (expected: DIR/<model>/<version>/model.onnx, or an .onnx file; faultline serve DIR)");
    }
    Ports ports = report.ports();
    String host = config.server().host();
    terminal.print("");
    terminal.print("  HTTP   http://" + host + ":" + ports.http() + "   Open Inference Protocol V2, KServe V1, /metrics");
    terminal.print("  gRPC   " + host + ":" + ports.grpc() + "   inference.GRPCInferenceService, health, reflection");
    terminal.print("  Admin  http://" + config.admin().host() + ":" + ports.admin() + "   /faultline/v1/, /metrics");
    terminal.print("  ready after " + report.readyMillis() + " ms; captures in " + config.dataDir());
    firstReady().ifPresent(version -> tryIt(host, ports, version));
  }

  private void model(ModelListing listing, int width) {
    String name = "%-" + Math.max(1, width) + "s  v%-4s";
    String head = name.formatted(listing.model(), listing.version());
    switch (listing.state()) {
      case ModelState.Ready(ModelVersion version, long millis) -> {
        terminal.print(
            "  " + terminal.out(Style.GREEN, "✓") + " " + head + " onnx " + size(listing.path()) + "  " + layout(listing) + "contract: " + String.join(" + ", version.contract().sources()) + "  ready in " + millis + " ms");
        // only what is out of the ordinary: `faultline models show` says it of every version
        WorkerHouse.ownPlaceOf(listing).ifPresent(place -> terminal.print("    " + " ".repeat(head.length()) + " runs " + place));
      }
      case ModelState.Failed(String code, String reason) -> {
        terminal.print("  " + terminal.out(Style.RED, "✗") + " " + head + " " + withoutName(listing, reason));
        terminal.print("    " + " ".repeat(head.length()) + " help: faultline help " + code);
      }
      case ModelState.Loading _, ModelState.Unloaded _ -> terminal.print("  · " + head + " " + listing.state().reason());
    }
  }

  /// Most reasons begin with the name, for the log; here it stands in front already.
  private static String withoutName(ModelListing listing, String reason) {
    String name = "model '" + listing.model() + "' version " + listing.version() + " ";
    return reason.startsWith(name) ? reason.substring(name.length()) : "does not load: " + reason;
  }

  private void skipped(Found.Skipped skipped) {
    terminal.print("  · " + skipped.path() + "  skipped: " + skipped.reason());
  }

  private void tryIt(String host, Ports ports, ModelVersion version) {
    terminal.print("");
    terminal.print("  try    curl -s http://" + host + ":" + ports.http() + "/v2/models/" + version.id().model() + "/infer -d '" + ExampleRequest.of(version.contract()).replace("'", "'\\''") + "'");
    terminal.print("  then   faultline faults");
  }

  private Optional<ModelVersion> firstReady() {
    return report.models().stream()
        .map(ModelListing::state)
        .flatMap(state -> state instanceof ModelState.Ready(ModelVersion version, long _) ? Optional.of(version).stream() : Optional.<ModelVersion>empty().stream())
        .findFirst();
  }

  /// Said only where it is another than the one everybody uses.
  private static String layout(ModelListing listing) {
    return switch (listing.layout()) {
      case TRITON, FOLDER, FILE -> "";
      case MLFLOW, MLSERVER, HUGGING_FACE -> listing.layout().title() + "  ";
    };
  }

  private static String size(Path file) {
    try {
      long bytes = Files.size(file);
      return bytes < 1_000_000 ? "%.1f kB".formatted(bytes / 1e3) : "%.1f MB".formatted(bytes / 1e6);
    } catch (IOException e) {
      // it was there when it was loaded; the size is only for people
      return "";
    }
  }

  static ObjectNode document(StartReport report) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/started.v1");
    document.put("http", report.ports().http()).put("grpc", report.ports().grpc()).put("admin", report.ports().admin());
    document.put("ready_ms", report.readyMillis());
    ArrayNode models = document.putArray("models");
    report.models().forEach(each -> models.addObject()
        .put("name", each.model())
        .put("version", each.version())
        .put("state", each.state().label())
        .put("reason", each.state().reason())
        .put("runs", WorkerHouse.placeOf(each).orElse(null))
        .put("layout", each.layout().title())
        .put("path", each.path().toString()));
    ArrayNode skipped = document.putArray("skipped");
    report.skipped().forEach(each -> skipped.addObject().put("path", each.path().toString()).put("reason", each.reason()));
    return document;
  }
}
