package dev.faultline.server.contract;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturedFault;
import dev.faultline.capture.Redaction;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Stage;
import dev.faultline.request.Arrival;
import dev.faultline.request.Payload;
import dev.faultline.server.investigate.Specimens;
import java.util.Optional;

/// A kept request as contracts are held against it: what became of it, and how it arrived. `group` and `code` are empty for one that was served without
/// objection.
record KeptCall(String capture, Kind kind, String group, String code, Arrival arrival, boolean redacted, double standsFor) {

  /// What became of it.
  enum Kind {
    /// Served, and nothing objected.
    GOOD,
    /// It failed behind VALIDATE, or was served and something objected.
    FAILED,
    /// The contract of its time refused it.
    REFUSED;

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Empty when its outcome says nothing about its values: it left, waited too long, could not be read.
  static Optional<Kind> kind(Capture capture) {
    return switch (capture.kind()) {
      case BASELINE -> Optional.of(Kind.GOOD);
      case SUSPICION -> Optional.of(Kind.FAILED);
      case FAULT -> capture.fault().flatMap(KeptCall::kind);
    };
  }

  private static Optional<Kind> kind(CapturedFault fault) {
    boolean byChance = fault.code().endsWith(".cancelled") || fault.code().endsWith(".deadline") || fault.blame().equals(Blame.CAPACITY.name());
    if (fault.stage().equals(Stage.VALIDATE.name()) && !byChance) {
      return Optional.of(Kind.REFUSED);
    }
    boolean ofItself = fault.stage().equals(Stage.PREPROCESS.name()) || fault.stage().equals(Stage.INFER.name()) || fault.stage().equals(Stage.POSTPROCESS.name()) || fault.stage().equals(Stage.CHECK.name());
    return ofItself && !byChance ? Optional.of(Kind.FAILED) : Optional.empty();
  }

  /// Empty when nothing of its body is kept.
  static Optional<KeptCall> of(Capture capture, Kind kind) {
    Payload payload = capture.payload();
    if (payload.length() == 0 || payload.contentType().equals(Redaction.WITHHELD)) {
      return Optional.empty();
    }
    Optional<CapturedFault> fault = capture.fault();
    return Optional.of(new KeptCall(
        capture.id(),
        kind,
        fault.map(CapturedFault::group).orElse(""),
        fault.map(CapturedFault::code).orElse(""),
        Specimens.arrival(capture, capture.version()),
        capture.redacted(),
        1 / capture.samplingRate()));
  }
}
