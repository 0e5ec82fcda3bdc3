package dev.faultline.server.edge;

import dev.faultline.fault.Occurrence;
import dev.faultline.fault.QueueFault;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.protocol.ErrorBody;
import dev.faultline.protocol.FaultContext;
import dev.faultline.protocol.FaultContext.Standing;
import dev.faultline.protocol.FaultHeader;
import dev.faultline.protocol.ProblemJson;
import dev.faultline.request.Outcome;
import dev.faultline.server.http.Answer;

/// Turns outcomes into HTTP answers.
public final class OutcomeAnswers {

  /// What is known of a fault besides the fault, such as its group.
  @FunctionalInterface
  public interface Contexts {
    FaultContext of(Occurrence occurrence, Standing standing);
  }

  private final Contexts contexts;
  private final DetailLevel level;

  public OutcomeAnswers(Contexts contexts, DetailLevel level) {
    this.contexts = contexts;
    this.level = level;
  }

  Answer of(Outcome outcome, String accept) {
    Answer answer = switch (outcome) {
      case Outcome.Served served -> served(served);
      case Outcome.Faulted faulted -> faulted(faulted, accept);
    };
    return answer.with(FaultHeader.SERVER_TIMING, FaultHeader.serverTiming(outcome.passage().stages()));
  }

  private Answer served(Outcome.Served served) {
    Answer answer = Answer.ok(served.payload());
    if (served.suspicions().isEmpty()) {
      return answer;
    }
    Occurrence first = served.suspicions().getFirst();
    return answer.with(FaultHeader.SUSPICION, FaultHeader.of(first, contexts.of(first, Standing.SUSPICION)));
  }

  private Answer faulted(Outcome.Faulted faulted, String accept) {
    FaultContext context = contexts.of(faulted.occurrence(), Standing.FAULT);
    Answer answer = Answer.of(faulted.httpStatus(), ErrorBody.of(faulted.occurrence(), faulted.passage(), context, level, accept))
        .with(FaultHeader.FAULT, FaultHeader.of(faulted.occurrence(), context))
        .with("Link", "<" + ProblemJson.type(faulted.fault().code()) + ">; rel=\"help\"");
    return faulted.fault() instanceof QueueFault queued ? answer.with("Retry-After", Integer.toString(queued.retryAfterSeconds())) : answer;
  }
}
