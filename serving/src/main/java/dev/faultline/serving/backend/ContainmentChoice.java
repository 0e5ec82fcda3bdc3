package dev.faultline.serving.backend;

import java.util.Collection;
import java.util.List;

/// Where a model version runs, and why. The reason is a whole sentence for logs and listings.
public sealed interface ContainmentChoice {

  String reason();

  record InProcess(String reason) implements ContainmentChoice {}

  record OwnProcess(String reason) implements ContainmentChoice {}

  /// Decides for one version. `uses` are the operators of its graph without those seen to be harmless ([OperatorCensus]);
  /// `crashes` is how often the process died with a run of this version inside ([CrashJournal]).
  static ContainmentChoice of(Containment wanted, Collection<OperatorUse> uses, KnownKillers killers, int crashes) {
    return switch (wanted) {
      case IN_PROCESS -> new InProcess("isolation is set to in_process");
      case PROCESS -> new OwnProcess("isolation is set to process");
      case AUTO -> automatic(killers.among(uses), crashes);
    };
  }

  private static ContainmentChoice automatic(List<KnownKillers.Killer> found, int crashes) {
    if (crashes > 0) {
      return new OwnProcess("it was in the engine when the server's process died, " + (crashes == 1 ? "once" : crashes + " times"));
    }
    return found.stream()
        .findFirst()
        .<ContainmentChoice>map(killer -> new OwnProcess("its graph holds " + killer.op() + ", which ends the process (" + killer.ending() + ") for " + killer.trigger()))
        .orElseGet(() -> new InProcess("nothing in it is known to end the process"));
  }
}
