package dev.faultline.server.telemetry;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.Stage;
import dev.faultline.request.Arrival;
import dev.faultline.request.BatchSeat;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.Protocol;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.request.StageRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What is told of one request: references only, and neither payload nor tensors, so that it can wait without holding megabytes.
record Told(
    Arrival arrival,
    int payloadBytes,
    ResolvedVersion version,
    List<StageRun> stages,
    List<StepTime> steps,
    BatchSeat seat,
    long totalNanos,
    int httpStatus,
    List<Occurrence> faults,
    boolean served) {

  /// A step without its tensors.
  record StepTime(Stage stage, String name, String kind, long durationNanos) {}

  static Told of(Outcome outcome) {
    Passage passage = outcome.passage();
    List<Occurrence> faults = switch (outcome) {
      case Outcome.Served(var _, List<Occurrence> suspicions, var _) -> suspicions;
      case Outcome.Faulted(Occurrence occurrence, var _) -> List.of(occurrence);
    };
    return new Told(
        passage.arrival().withoutPayload(),
        passage.arrival().payload().length(),
        passage.version(),
        passage.stages(),
        passage.steps().stream().map(step -> new StepTime(step.stage(), step.name(), step.kind(), step.durationNanos())).toList(),
        passage.seat(),
        passage.totalNanos(),
        outcome.httpStatus(),
        faults,
        outcome instanceof Outcome.Served);
  }

  /// The fault that ended the request.
  Optional<Fault> fault() {
    return served ? Optional.empty() : Optional.of(faults.getFirst().fault());
  }

  boolean isGrpc() {
    return arrival.protocol() == Protocol.V2_GRPC;
  }

  String grpcStatus() {
    return fault().map(Fault::grpcStatus).orElse("OK");
  }

  /// Whether the server, or what it depends on, is at fault: the conventions call only that an error of the server's span.
  boolean isServersError() {
    return !served && (isGrpc() ? GrpcStatus.isServersError(grpcStatus()) : httpStatus >= 500);
  }

  /// When the request arrived, in nanoseconds since 1970.
  long startEpochNanos() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, arrival.at());
  }

  /// Spans that it makes.
  int spans() {
    return 1 + stages.size() + steps.size();
  }
}
