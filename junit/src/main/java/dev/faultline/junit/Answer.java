package dev.faultline.junit;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Mend;
import dev.faultline.fault.Occurrence;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.protocol.ErrorBody;
import dev.faultline.protocol.FaultContext;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.request.StepRun;
import dev.faultline.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.opentest4j.AssertionFailedError;

/// How a request ended, with what it left behind on its way.
///
/// The `require` methods fail the test with the whole reason, and return what they were asked of.
public record Answer(Outcome outcome) {

  /// The status that the server would answer with.
  public int status() {
    return outcome.httpStatus();
  }

  public boolean isServed() {
    return outcome instanceof Outcome.Served;
  }

  /// The fault of a request that was not served.
  public Optional<Fault> fault() {
    return outcome instanceof Outcome.Faulted faulted ? Optional.of(faulted.fault()) : Optional.empty();
  }

  /// What objected to an answer that was served.
  public List<Fault> suspicions() {
    return outcome instanceof Outcome.Served served ? served.suspicions().stream().map(Occurrence::fault).toList() : List.of();
  }

  /// Stage by stage: times, steps with the tensors that went in and came out, what the engine was given.
  public Passage passage() {
    return outcome.passage();
  }

  /// The body that the server would answer with.
  public String json() {
    Payload body = switch (outcome) {
      case Outcome.Served served -> served.payload();
      case Outcome.Faulted faulted -> ErrorBody.of(faulted.occurrence(), faulted.passage(), FaultContext.of(FaultContext.Standing.FAULT), DetailLevel.INTERNAL, "");
    };
    return new String(body.array(), body.offset(), body.length(), StandardCharsets.UTF_8);
  }

  /// An output of a served request.
  public Tensor output(String name) {
    requireServed();
    return named(passage().outputs(), name, "output");
  }

  /// What a step of PREPROCESS or POSTPROCESS did to this request.
  public StepRun step(String name) {
    return passage().steps().stream()
        .filter(run -> run.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionFailedError("no step '" + name + "' ran (those that did: " + passage().steps().stream().map(StepRun::name).toList() + ")" + reason()));
  }

  public Answer requireServed() {
    if (!isServed()) {
      throw new AssertionFailedError("expected an answer" + reason());
    }
    return this;
  }

  /// Served, and nothing objected.
  public Answer requireClean() {
    requireServed();
    if (!suspicions().isEmpty()) {
      throw new AssertionFailedError("expected an answer without suspicion" + reason());
    }
    return this;
  }

  /// Ended with this fault, or served with it as a suspicion.
  ///
  /// @param code such as `validate.range`; `faultline help` lists them
  public Fault requireFault(String code) {
    return both().stream()
        .filter(fault -> fault.code().label().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionFailedError("expected the fault " + code + (both().isEmpty() ? ", but it was answered: " + json() : reason())));
  }

  /// The fault, or the suspicions.
  List<Fault> both() {
    return fault().map(List::of).orElseGet(this::suspicions);
  }

  private String reason() {
    return both().stream().map(Answer::words).reduce("", String::concat);
  }

  static String words(Fault fault) {
    var words = new StringBuilder("\n  " + fault.code().label() + " in " + fault.stage() + ", blames " + fault.blame() + ": " + fault.summary());
    for (Mend mend : fault.mend()) {
      words.append("\n  mend: ").append(mend.text());
    }
    return words.toString();
  }

  static Tensor named(List<Tensor> tensors, String name, String what) {
    return tensors.stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionFailedError("there is no " + what + " '" + name + "' (there are " + tensors + ")"));
  }

  @Override
  public String toString() {
    return isServed() ? status() + " " + json() + reason() : status() + reason();
  }
}
