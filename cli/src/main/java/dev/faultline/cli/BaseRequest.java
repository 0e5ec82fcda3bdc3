package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.probe.Expected;
import dev.faultline.probe.Finding;
import dev.faultline.probe.Inputs;
import dev.faultline.probe.Kind;
import dev.faultline.probe.Probe;
import dev.faultline.probe.Rating;
import dev.faultline.probe.Run;
import dev.faultline.probe.Sender;
import dev.faultline.probe.Subject;
import dev.faultline.probe.Synthesis;
import dev.faultline.fault.FaultException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// The good request that probes are made from, and where it came from. It was answered without objection, or there is none.
record BaseRequest(String source, Inputs inputs) {
  private static final int CAPTURES_READ = 50;
  private static final int CAPTURES_TRIED = 3;
  private static final long CAPTURE_BYTES_MAX = 64 << 10;
  private static final long FILE_BYTES_MAX = 16 << 20;

  /// Of a file, whatever else there is.
  static List<BaseRequest> ofFile(Path file) throws CommandException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new CommandException(ExitCode.USAGE, Complaint.of("the request has " + Files.size(file) + " bytes (expected: at most " + FILE_BYTES_MAX + ")").at("--request " + file));
      }
      return List.of(new BaseRequest("file " + file, Inputs.of(CapturedRequest.ofJson(Files.readAllBytes(file)))));
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot read the request: " + e.getMessage()).at("--request " + file), e);
    } catch (FaultException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("the request cannot be read: " + e.fault().summary()).at("--request " + file).help("give a request of the Open Inference Protocol V2 in JSON, as curl would send it"), e);
    }
  }

  /// In the order of how much they are worth: captured good requests, the smallest first; the golden request of the version; made-up ones.
  static List<BaseRequest> candidates(AdminClient client, JsonNode version, Subject subject) throws CommandException {
    var candidates = new ArrayList<BaseRequest>();
    for (JsonNode capture : captured(client, subject)) {
      CapturedRequest.of(capture, subject.contract()).ifPresent(request -> add(candidates, "capture " + text(capture, "id"), Inputs.of(request)));
    }
    if (version.path("example").isObject()) {
      byte[] json = version.path("example").toString().getBytes(StandardCharsets.UTF_8);
      add(candidates, "the version's golden request", Inputs.of(CapturedRequest.ofJson(json)));
    }
    new Synthesis(subject).all().forEach(inputs -> add(candidates, "made up from the contract", inputs));
    return candidates;
  }

  /// One row is enough, where rows are what the first axes are.
  private static void add(List<BaseRequest> candidates, String source, Inputs inputs) {
    if (inputs.rows().orElse(1L) > 1) {
      candidates.add(new BaseRequest(source + ", its first row", inputs.changingAll(given -> given.rows(1))));
    }
    candidates.add(new BaseRequest(source, inputs));
  }

  private static List<JsonNode> captured(AdminClient client, Subject subject) throws CommandException {
    JsonNode page = client.fetch("captures", Map.of("model", subject.model(), "version", subject.version(), "kind", "BASELINE", "limit", String.valueOf(CAPTURES_READ)));
    List<String> ids = StreamSupport.stream(page.path("items").spliterator(), false)
        .filter(item -> !item.path("redacted").asBoolean() && !text(item, "client").equals(Sender.CLIENT) && item.path("payload_bytes").asLong() <= CAPTURE_BYTES_MAX)
        .sorted(Comparator.comparingLong(item -> item.path("payload_bytes").asLong()))
        .limit(CAPTURES_TRIED)
        .map(item -> text(item, "id"))
        .toList();
    var whole = new ArrayList<JsonNode>();
    for (String id : ids) {
      whole.add(client.fetch("captures/" + id));
    }
    return whole;
  }

  /// The first candidate that is answered well.
  ///
  /// @throws CommandException inconclusive, with what was tried, when none is
  static BaseRequest passing(List<BaseRequest> candidates, Subject subject, Run run) throws CommandException, InterruptedException {
    var tried = new ArrayList<String>();
    for (BaseRequest candidate : candidates) {
      Probe probe = Probe.of(Kind.ROUTE, "the base request", Expected.ANSWERED, candidate.inputs.call(subject.inferPath()));
      Finding finding = run.finding(probe, run.requestId(0));
      if (finding.rating() == Rating.WELL) {
        return candidate;
      }
      tried.add(candidate.source + ": " + finding.found());
    }
    Complaint complaint = Complaint.of("no request was found that " + subject.model() + " v" + subject.version() + " answers without objection, so no probe would tell anything");
    for (String each : tried.stream().distinct().limit(5).toList()) {
      complaint = complaint.note(each);
    }
    throw new CommandException(ExitCode.INCONCLUSIVE, complaint.help("give one that works: --request FILE, or declare a golden one (warmup in contract.yaml)"));
  }

  /// As `curl` would send it; empty when a part of it is binary.
  String json() {
    return inputs.hasJsonForm() ? inputs.json("") : "";
  }
}
