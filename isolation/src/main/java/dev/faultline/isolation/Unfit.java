package dev.faultline.isolation;

import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.serving.backend.Artifact;
import java.util.Optional;

/// Why a request may not or cannot be run again.
final class Unfit {
  private Unfit() {}

  /// Empty when it can.
  static Optional<String> reason(Case about, Tools tools) {
    if (about.failing().arrival().payload().length() == 0 && about.code() != FaultCode.DECODE_JSON) {
      return Optional.of("the request's payload was not kept, or only in part, so it cannot be run again");
    }
    try {
      if (!isTheOneThatFailed(about, tools.replayer().artifact(about.model(), about.version()))) {
        return Optional.of("the file of version " + about.version() + " is not the one that failed any more");
      }
      return tools.replayer().settings(about.model(), about.version()).sideEffects()
          ? Optional.of("contract.yaml says that the model has side effects, so it is not run again")
          : Optional.empty();
    } catch (ReplayException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Whether it can be run again, only not on the file that it met.
  static boolean isStale(Case about, Tools tools) {
    try {
      return about.failing().arrival().payload().length() > 0
          && !isTheOneThatFailed(about, tools.replayer().artifact(about.model(), about.version()))
          && !tools.replayer().settings(about.model(), about.version()).sideEffects();
    } catch (ReplayException e) {
      return false; // reason() says what is wrong with the file
    }
  }

  /// A request that failed before it was routed met no file.
  private static boolean isTheOneThatFailed(Case about, Artifact artifact) {
    String digest = about.failing().version().digest();
    return digest.isEmpty() || artifact.digest().equals(digest);
  }
}
