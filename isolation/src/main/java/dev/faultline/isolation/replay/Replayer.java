package dev.faultline.isolation.replay;

import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.model.VersionSettings;
import java.util.List;
import java.util.Optional;

/// Runs requests again, through a pipeline, sessions and lanes of its own: never those of the serving path. Used by one thread at a
/// time. Nobody hears of its outcomes but the caller.
public interface Replayer extends AutoCloseable {

  /// Versions of a model that can be tried, in order, whether they are served or not.
  List<String> versions(String model);

  /// One run. Ends with a fault of its own stage when `until` passes or the cancellation is called.
  ///
  /// @throws ReplayException when the setup cannot be loaded
  Outcome replay(Setup setup, Subject subject, Deadline until, Cancellation cancellation) throws ReplayException;

  /// The same at once for several requests, each on a thread of its own, on one loaded copy.
  ///
  /// @return what each ended in, in their order
  /// @throws ReplayException when the setup cannot be loaded
  List<Outcome> replayTogether(Setup setup, List<Subject> subjects, Deadline until, Cancellation cancellation) throws ReplayException;

  /// One after the other on a copy that is loaded for them and closed behind them, so that nothing else has been served by it.
  ///
  /// @return what each ended in, in their order
  /// @throws ReplayException when the setup cannot be loaded
  List<Outcome> replayInOrder(Setup setup, List<Subject> subjects, Deadline until, Cancellation cancellation) throws ReplayException;

  /// The request that a version would decode from what arrived; empty when it would refuse it.
  ///
  /// @throws ReplayException when the version cannot be loaded
  Optional<InferenceRequest> decode(Setup setup, Subject.AsArrived subject) throws ReplayException;

  /// What is declared beside a version.
  ///
  /// @throws ReplayException when the version cannot be loaded
  VersionSettings settings(String model, String version) throws ReplayException;

  /// The file of a version as it is now.
  ///
  /// @throws ReplayException when the version cannot be loaded
  Artifact artifact(String model, String version) throws ReplayException;

  /// Closes what was loaded; it is loaded again when needed.
  @Override
  void close();
}
