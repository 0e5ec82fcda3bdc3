package dev.faultline.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.server.Faultline;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.server.conformance.CaseResult.Bare;
import dev.faultline.server.conformance.CaseResult.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every published ONNX case through a running server; `-Dgolden=write` writes the report anew.
class OnnxConformanceTest {
  private static final Path REPORT = Path.of("../docs/conformance.md");
  private static final List<Path> PLACES =
      List.of(Path.of("../target/tools/usr/share/libonnx-testdata/data"), Path.of("/usr/share/libonnx-testdata/data"));
  private static final Pattern LOAD_CODE = Pattern.compile("\\((load\\.\\w+)\\)$");
  private static final int CASES = 1_072;

  @Test
  void whatTheEngineAnswersTheServerAnswersOrRefusesWithAReason(@TempDir Path folder) throws Exception {
    List<OnnxCase> cases = cases();
    assertThat(cases).hasSize(CASES);
    for (OnnxCase each : cases) {
      Path version = Files.createDirectories(folder.resolve("models").resolve(each.name()).resolve("1"));
      Files.copy(each.model(), version.resolve("model.onnx"));
    }
    ServerConfig config = ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "models.isolation", "in_process", "data", "data", "limits.instances", "1",
        "capture.enabled", "false", "log.file", folder.resolve("log").toString()));
    List<CaseResult> results;
    try (Faultline server = Faultline.start(config);
        var grpc = new GrpcWire(server.ports().grpc());
        var http = new HttpWire(server.ports().http())) {
      server.awaitReady();
      results = results(cases, grpc, http);
    }
    compareWithReport(ConformanceReport.of(results));
    assertThat(results).noneMatch(result -> result.server() == Server.WRONG);
    assertThat(results).filteredOn(result -> result.bare() == Bare.PASSES).noneMatch(result -> result.server() == Server.AS_THE_ENGINE);
  }

  private static List<CaseResult> results(List<OnnxCase> cases, GrpcWire grpc, HttpWire http) throws Exception {
    Map<String, String> notReady = notReady(http.index());
    var engine = new BareEngine();
    var results = new ArrayList<CaseResult>();
    for (OnnxCase each : cases) {
      BareEngine.Run run = each.obstacle().isEmpty() ? engine.run(each) : new BareEngine.Run.Inexpressible();
      CaseResult overGrpc = CaseResult.of(each, run, grpc.send(each));
      CaseResult overHttp = CaseResult.of(each, run, http.send(each));
      assertThat(overHttp).as("REST against gRPC").isEqualTo(overGrpc);
      CaseResult result = overGrpc;
      String code = notReady.get(each.name());
      if (code != null) {
        assertThat(result.note()).as(each.name()).isEqualTo("route.not_ready");
        result = new CaseResult(each.name(), result.bare(), Server.NOT_LOADED, code);
      }
      results.add(result);
    }
    return results;
  }

  private static Map<String, String> notReady(JsonNode index) {
    var codes = new HashMap<String, String>();
    for (JsonNode model : index) {
      if (!model.path("state").asText().equals("READY")) {
        Matcher code = LOAD_CODE.matcher(model.path("reason").asText());
        assertThat(code.find()).as(model.toString()).isTrue();
        codes.put(model.path("name").asText(), code.group(1));
      }
    }
    return codes;
  }

  private static void compareWithReport(String now) throws IOException {
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(REPORT, now);
    }
    assertThat(now)
        .as("docs/conformance.md against this run (mend: run this test with -Dgolden=write and review the difference)")
        .isEqualTo(Files.readString(REPORT));
  }

  private static List<OnnxCase> cases() throws IOException {
    Path data = PLACES.stream().filter(Files::isDirectory).findFirst().orElseThrow(() -> new AssertionError(
        "found no ONNX cases in " + PLACES + " (expected: Debian's package libonnx-testdata; mend: run ./check, which gets it, or apt-get install libonnx-testdata)"));
    try (Stream<Path> files = Files.find(data, 3, (path, _) -> path.endsWith("model.onnx"))) {
      var cases = new ArrayList<OnnxCase>();
      for (Path file : files.sorted().toList()) {
        cases.add(OnnxCase.read(file));
      }
      return cases;
    }
  }
}
