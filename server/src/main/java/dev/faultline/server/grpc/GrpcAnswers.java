package dev.faultline.server.grpc;

import dev.faultline.protocol.DetailLevel;
import dev.faultline.protocol.FaultContext;
import dev.faultline.protocol.FaultContext.Standing;
import dev.faultline.protocol.FaultHeader;
import dev.faultline.protocol.GrpcStatusFromFault;
import dev.faultline.request.Outcome;
import dev.faultline.server.edge.OutcomeAnswers;
import dev.faultline.server.triton.Refusal;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/// Turns outcomes and refusals into statuses and metadata.
public final class GrpcAnswers {
  private static final Metadata.Key<String> REQUEST_ID = ascii("x-request-id");
  private static final Metadata.Key<String> FAULT = ascii(FaultHeader.FAULT);
  private static final Metadata.Key<String> SUSPICION = ascii(FaultHeader.SUSPICION);
  private static final Metadata.Key<String> SERVER_TIMING = ascii(FaultHeader.SERVER_TIMING);

  private final OutcomeAnswers.Contexts contexts;
  private final DetailLevel level;

  public GrpcAnswers(OutcomeAnswers.Contexts contexts, DetailLevel level) {
    this.contexts = contexts;
    this.level = level;
  }

  /// Metadata before the answer.
  Metadata headers(Outcome.Served served) {
    Metadata headers = timed(served);
    served.suspicions().stream().findFirst().ifPresent(first -> headers.put(SUSPICION, FaultHeader.of(first, contexts.of(first, Standing.SUSPICION))));
    return headers;
  }

  Metadata opening(String requestId) {
    var headers = new Metadata();
    headers.put(REQUEST_ID, requestId);
    return headers;
  }

  /// The status of a fault, whose trailers hold the whole of it.
  StatusRuntimeException status(Outcome.Faulted faulted) {
    FaultContext context = contexts.of(faulted.occurrence(), Standing.FAULT);
    Metadata trailers = timed(faulted);
    trailers.put(FAULT, FaultHeader.of(faulted.occurrence(), context));
    com.google.rpc.Status rich = GrpcStatusFromFault.of(faulted.occurrence(), faulted.passage(), context, level);
    return StatusProto.toStatusRuntimeException(rich, trailers);
  }

  /// A fault as a stream's message says it.
  String sentence(Outcome.Faulted faulted) {
    return GrpcStatusFromFault.message(faulted.occurrence(), level);
  }

  static StatusRuntimeException status(Refusal refusal) {
    return Status.Code.valueOf(refusal.kind().name()).toStatus().withDescription(refusal.sentence()).asRuntimeException();
  }

  private Metadata timed(Outcome outcome) {
    Metadata metadata = opening(outcome.passage().arrival().id().value());
    metadata.put(SERVER_TIMING, FaultHeader.serverTiming(outcome.passage().stages()));
    return metadata;
  }

  private static Metadata.Key<String> ascii(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
