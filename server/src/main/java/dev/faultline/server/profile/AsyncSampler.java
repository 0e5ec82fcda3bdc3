package dev.faultline.server.profile;

import java.io.IOException;
import java.nio.file.Path;
import one.profiler.AsyncProfiler;

/// async-profiler inside the process: sees native frames, and Java's without waiting for safepoints. Loaded when it is first asked for.
final class AsyncSampler implements Sampler {
  /// One sample of an allocation stands for so many bytes.
  static final long SAMPLING_BYTES = 256 << 10;

  @Override
  public Taken take(ProfileEvent event, Length length, Path recording, Stacks into) throws SamplerException, IOException, InterruptedException {
    AsyncProfiler profiler = profiler();
    start(profiler, "start," + options(event) + ",jfr,file=" + recording);
    try {
      length.await();
    } finally {
      profiler.stop();
    }
    new RecordedStacks(event, SAMPLING_BYTES).withPlainSamples().read(recording, into);
    return new Taken("async-profiler " + profiler.getVersion(), true);
  }

  private static AsyncProfiler profiler() throws SamplerException {
    try {
      return AsyncProfiler.getInstance();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError | IllegalStateException e) {
      throw new SamplerException("async-profiler's library does not load here: " + e.getMessage(), e);
    }
  }

  private static void start(AsyncProfiler profiler, String command) throws SamplerException {
    try {
      var _ = profiler.execute(command);
    } catch (IllegalStateException | IllegalArgumentException | IOException e) {
      throw new SamplerException("async-profiler does not start here: " + e.getMessage(), e);
    }
  }

  private static String options(ProfileEvent event) {
    return switch (event) {
      // falls back to timers of its own where the kernel forbids perf events
      case CPU -> "event=cpu,interval=10ms";
      case ALLOC -> "event=alloc,alloc=" + SAMPLING_BYTES;
      case LIVE -> "event=alloc,alloc=" + SAMPLING_BYTES + ",live";
      case LOCK -> "event=lock,lock=10us";
      case WALL -> "event=wall,interval=20ms";
    };
  }
}
