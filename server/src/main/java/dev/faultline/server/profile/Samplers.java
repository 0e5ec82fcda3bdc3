package dev.faultline.server.profile;

import dev.faultline.server.profile.Sampler.Length;
import dev.faultline.server.profile.Sampler.Taken;
import dev.faultline.serving.Visit;
import dev.faultline.serving.backend.LaneRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// Chooses what samples: async-profiler, Flight Recorder where that cannot run, and the server's own sampler for what waits.
public final class Samplers {
  private final Sampler first;
  private final Sampler second;
  private final Sampler wall;

  /// What was taken, and why with that.
  record Choice(Taken taken, String why) {}

  Samplers(Sampler first, Sampler second, Sampler wall) {
    this.first = first;
    this.second = second;
    this.wall = wall;
  }

  public static Samplers standard(Supplier<List<Visit>> visits, Supplier<List<LaneRun>> lanes) {
    return new Samplers(new AsyncSampler(), new FlightSampler(), new WallSampler(visits, lanes));
  }

  Choice take(ProfileEvent event, Length length, Path recording, Stacks into) throws SamplerException, IOException, InterruptedException {
    if (event == ProfileEvent.WALL) {
      return new Choice(wall.take(event, length, recording, into), "requests wait on virtual threads, which profilers of the operating system's threads do not see");
    }
    try {
      return new Choice(first.take(event, length, recording, into), "it sees native code, and Java without waiting for safepoints");
    } catch (SamplerException e) {
      return new Choice(second.take(event, length, recording, into), String.valueOf(e.getMessage()));
    }
  }
}
