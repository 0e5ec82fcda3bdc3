package dev.faultline.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A throwable kept as data: type, message, frames, causes and suppressed ones, so that it survives a file and a version change.
///
/// Bounded: [#FRAMES_MAX] frames a throwable, [#CHAIN_MAX] throwables in all; a cycle ends the chain.
public record Thrown(String type, String message, List<String> frames, List<Thrown> causes, List<Thrown> suppressed) {

  public static final int FRAMES_MAX = 256;
  public static final int CHAIN_MAX = 32;

  public Thrown {
    frames = List.copyOf(frames);
    causes = List.copyOf(causes);
    suppressed = List.copyOf(suppressed);
  }

  public static Thrown of(Throwable throwable) {
    return of(throwable, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  /// The direct cause; a throwable has at most one.
  public Optional<Thrown> cause() {
    return causes.stream().findFirst();
  }

  /// The whole trace as Java prints it, causes included.
  public String trace() {
    var text = new StringBuilder();
    print(text, "", "");
    return text.toString();
  }

  private static Thrown of(Throwable throwable, Set<Throwable> seen) {
    seen.add(throwable);
    var frames = new ArrayList<String>();
    for (StackTraceElement frame : throwable.getStackTrace()) {
      if (frames.size() == FRAMES_MAX) {
        frames.add("... " + (throwable.getStackTrace().length - FRAMES_MAX) + " more");
        break;
      }
      frames.add(frame.toString());
    }
    var causes = new ArrayList<Thrown>();
    Throwable cause = throwable.getCause();
    if (cause != null && isNew(cause, seen)) {
      causes.add(of(cause, seen));
    }
    var suppressed = new ArrayList<Thrown>();
    for (Throwable each : throwable.getSuppressed()) {
      if (isNew(each, seen)) {
        suppressed.add(of(each, seen));
      }
    }
    String message = throwable.getMessage();
    return new Thrown(throwable.getClass().getName(), message == null ? "" : message, frames, causes, suppressed);
  }

  private static boolean isNew(Throwable throwable, Set<Throwable> seen) {
    return seen.size() < CHAIN_MAX && !seen.contains(throwable);
  }

  private void print(StringBuilder text, String indent, String caption) {
    text.append(indent).append(caption).append(type);
    if (!message.isEmpty()) {
      text.append(": ").append(message);
    }
    text.append('\n');
    for (String frame : frames) {
      text.append(indent).append("\tat ").append(frame).append('\n');
    }
    for (Thrown each : suppressed) {
      each.print(text, indent + "\t", "Suppressed: ");
    }
    for (Thrown each : causes) {
      each.print(text, indent, "Caused by: ");
    }
  }
}
