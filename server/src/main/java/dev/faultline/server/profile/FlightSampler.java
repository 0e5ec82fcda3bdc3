package dev.faultline.server.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/// Java Flight Recorder, which every JDK has: for machines where async-profiler cannot run.
final class FlightSampler implements Sampler {
  private static final Duration PERIOD = Duration.ofMillis(10);
  private static final long BYTES_MAX = 64 << 20;

  @Override
  public Taken take(ProfileEvent event, Length length, Path recording, Stacks into) throws SamplerException, IOException, InterruptedException {
    if (!FlightRecorder.isAvailable()) {
      throw new SamplerException("this Java has no Flight Recorder", new UnsupportedOperationException("jdk.jfr"));
    }
    try (var recorder = new Recording()) {
      recorder.setName("faultline " + event.label());
      recorder.setMaxSize(BYTES_MAX);
      enable(recorder, event);
      recorder.start();
      length.await();
      recorder.stop();
      recorder.dump(recording);
    }
    new RecordedStacks(event, 1).read(recording, into);
    if (event == ProfileEvent.CPU && into.samples() == 0) {
      // something else holds the timer signal that the processor-time event needs
      new RecordedStacks(event, 1).withPlainSamples().read(recording, into);
    }
    return new Taken("Java Flight Recorder", true);
  }

  private static void enable(Recording recorder, ProfileEvent event) {
    switch (event) {
      case CPU -> enableCpu(recorder);
      case ALLOC -> recorder.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s").withStackTrace();
      case LIVE -> recorder.enable("jdk.OldObjectSample").with("cutoff", "0 ns").withStackTrace();
      case LOCK -> {
        recorder.enable("jdk.JavaMonitorEnter").withThreshold(Duration.ZERO).withStackTrace();
        recorder.enable("jdk.ThreadPark").withThreshold(Duration.ZERO).withStackTrace();
      }
      case WALL -> throw new IllegalArgumentException("wall profiles are not recorded");
    }
  }

  /// The processor-time event counts native code as what it costs; it is Linux's only, so that the older ones are taken as well.
  private static void enableCpu(Recording recorder) {
    recorder.enable("jdk.CPUTimeSample").with("throttle", PERIOD.toMillis() + "ms").withStackTrace();
    recorder.enable("jdk.ExecutionSample").withPeriod(PERIOD);
    recorder.enable("jdk.NativeMethodSample").withPeriod(PERIOD);
  }
}
