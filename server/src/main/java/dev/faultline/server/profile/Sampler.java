package dev.faultline.server.profile;

import java.io.IOException;
import java.nio.file.Path;

/// Something that can sample the process for a while.
interface Sampler {

  /// How long it samples: returns after the given time, or sooner when the profile is to end.
  @FunctionalInterface
  interface Length {
    void await() throws InterruptedException;
  }

  /// What was sampled with, for people, such as `async-profiler 4.6`, and whether there is a recording.
  record Taken(String by, boolean recorded) {}

  /// Samples and adds what was found.
  ///
  /// @throws SamplerException when it cannot sample here; the message says why
  /// @throws IOException when the recording cannot be written or read
  Taken take(ProfileEvent event, Length length, Path recording, Stacks into) throws SamplerException, IOException, InterruptedException;
}
