package dev.faultline.server.profile;

import dev.faultline.server.profile.StackFromFrames.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/// Reads the samples of a recording in Java Flight Recorder's format, whoever wrote it.
///
/// Sources: the events of JDK 25's `metadata.xml`; async-profiler 4.6 writes the same and `profiler.LiveObject`.
final class RecordedStacks {
  private static final List<String> LOCKS = List.of("ReentrantLock", "ReentrantReadWriteLock", "StampedLock");

  private final ProfileEvent event;
  private final long samplingBytes;
  private final Set<String> cpu;

  /// `samplingBytes` is how many allocated bytes one sample of a live object stands for at least.
  RecordedStacks(ProfileEvent event, long samplingBytes) {
    this(event, samplingBytes, Set.of("jdk.CPUTimeSample"));
  }

  private RecordedStacks(ProfileEvent event, long samplingBytes, Set<String> cpu) {
    this.event = event;
    this.samplingBytes = samplingBytes;
    this.cpu = cpu;
  }

  /// Takes the samples of running threads for processor time, and not the event that is called so.
  RecordedStacks withPlainSamples() {
    return new RecordedStacks(event, samplingBytes, Set.of("jdk.ExecutionSample", "jdk.NativeMethodSample"));
  }

  void read(Path recording, Stacks into) throws IOException {
    try (var file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent each = file.readEvent();
        OptionalLong weight = weight(each);
        RecordedStackTrace trace = each.getStackTrace();
        if (weight.isPresent() && trace != null) {
          into.add(StackFromFrames.of(thread(each), frames(each, trace), event != ProfileEvent.CPU), weight.getAsLong());
        }
      }
    }
  }

  /// What a sample counts, empty when it is none of this profile.
  private OptionalLong weight(RecordedEvent each) {
    String name = each.getEventType().getName();
    return switch (name) {
      case "jdk.ExecutionSample", "jdk.NativeMethodSample", "jdk.CPUTimeSample" -> cpu.contains(name) ? when(ProfileEvent.CPU, 1) : OptionalLong.empty();
      case "jdk.ObjectAllocationInNewTLAB" -> when(ProfileEvent.ALLOC, number(each, "tlabSize"));
      case "jdk.ObjectAllocationOutsideTLAB" -> when(ProfileEvent.ALLOC, number(each, "allocationSize"));
      case "jdk.ObjectAllocationSample" -> when(ProfileEvent.ALLOC, number(each, "weight"));
      case "profiler.LiveObject" -> when(ProfileEvent.LIVE, Math.max(samplingBytes, number(each, "allocationSize")));
      case "jdk.OldObjectSample" -> when(ProfileEvent.LIVE, Math.max(1, number(each, "objectSize")));
      case "jdk.JavaMonitorEnter" -> when(ProfileEvent.LOCK, each.getDuration().toNanos());
      case "jdk.ThreadPark" -> isLock(each) ? when(ProfileEvent.LOCK, each.getDuration().toNanos()) : OptionalLong.empty();
      default -> OptionalLong.empty();
    };
  }

  private OptionalLong when(ProfileEvent wanted, long weight) {
    return event == wanted ? OptionalLong.of(weight) : OptionalLong.empty();
  }

  private static long number(RecordedEvent each, String field) {
    return each.hasField(field) ? each.getLong(field) : 0;
  }

  /// Threads that wait for work park too, but not on a lock.
  private static boolean isLock(RecordedEvent park) {
    return type(park, "parkedClass").filter(type -> LOCKS.stream().anyMatch(type::contains)).isPresent();
  }

  private static Optional<String> type(RecordedEvent each, String field) {
    if (!each.hasField(field)) {
      return Optional.empty();
    }
    RecordedClass type = each.getClass(field);
    return Optional.ofNullable(type).map(RecordedClass::getName);
  }

  private static String thread(RecordedEvent each) {
    RecordedThread thread = each.hasField("sampledThread") ? each.getThread("sampledThread") : each.getThread();
    if (thread == null) {
      return "";
    }
    String name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
    return name == null ? "" : name;
  }

  private List<Recorded> frames(RecordedEvent each, RecordedStackTrace trace) {
    var frames = new ArrayList<Recorded>();
    object(each).ifPresent(type -> frames.add(Recorded.outside(Frame.object(type))));
    trace.getFrames().forEach(frame -> frames.add(recorded(frame)));
    return frames;
  }

  private Optional<String> object(RecordedEvent each) {
    return switch (event) {
      case ALLOC -> type(each, "objectClass");
      case LIVE -> type(each, "objectClass").or(() -> Optional.ofNullable(each.<Object>getValue("object")).flatMap(RecordedStacks::typeOfObject));
      case LOCK -> type(each, "monitorClass").or(() -> type(each, "parkedClass"));
      case CPU, WALL -> Optional.empty();
    };
  }

  private static Optional<String> typeOfObject(Object object) {
    return object instanceof jdk.jfr.consumer.RecordedObject recorded && recorded.hasField("type")
        ? Optional.ofNullable(recorded.<RecordedClass>getValue("type")).map(RecordedClass::getName)
        : Optional.empty();
  }

  private static Recorded recorded(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    String method = frame.getMethod().getName();
    return switch (frame.getType()) {
      case "Kernel" -> Recorded.outside(Frame.outside(Frame.Kind.KERNEL, type, method));
      case "Native", "C++" -> Recorded.outside(Frame.outside(Frame.Kind.NATIVE, type, method));
      default -> Recorded.java(type, method, frame.getLineNumber());
    };
  }
}
