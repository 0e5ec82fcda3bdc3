package dev.faultline.isolation;

import dev.faultline.isolation.replay.Pace;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.serving.backend.Backend;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What investigations work with. `scratch` is a folder for instrumented copies of graphs, which are removed as soon as they are loaded.
public record Tools(Replayer replayer, Backend backend, Path scratch, Pace pace, LongSupplier nanoClock, RandomGenerator random) {

  /// The same tools for a case that came of comparing two versions: replays then compare too.
  Tools comparing(Case about) {
    return about.compared().map(compared -> with(new ComparingReplayer(replayer, compared, about.version()))).orElse(this);
  }

  private Tools with(Replayer other) {
    return new Tools(other, backend, scratch, pace, nanoClock, random);
  }

  /// The same tools at another pace.
  public Tools at(Pace other) {
    return new Tools(replayer, backend, scratch, other, nanoClock, random);
  }
}
