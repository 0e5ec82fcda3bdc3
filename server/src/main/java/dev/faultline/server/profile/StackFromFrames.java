package dev.faultline.server.profile;

import dev.faultline.server.profile.Stacks.Stack;
import dev.faultline.serving.landmark.Spot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads whose a stack is off its landmarks, the thread's name and the libraries in it, and keeps the frames above that.
final class StackFromFrames {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  /// Where async-profiler leaves the stack of a virtual thread that has waited: the frames below were not copied back yet.
  private static final String CUT = "cont_returnBarrier";
  private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");

  /// A frame as it was recorded, with its landmark if it is one.
  record Recorded(Frame frame, Optional<Spot> spot, String site) {
    static Recorded java(String type, String method, int line) {
      Frame frame = Frame.java(type, method);
      return new Recorded(frame, Spot.of(type.replace('/', '.'), method), line > 0 ? frame.label() + ":" + line : frame.label());
    }

    static Recorded outside(Frame frame) {
      return new Recorded(frame, Optional.empty(), frame.label());
    }
  }

  private StackFromFrames() {}

  /// `topFirst` as recorders give them. With `sited` the stack gets the first place that is not Java's own.
  static Stack of(String thread, List<Recorded> topFirst, boolean sited) {
    var frames = new ArrayList<Frame>();
    Optional<Owner> owner = Optional.empty();
    for (Recorded each : topFirst) {
      owner = each.spot().map(Owner::at);
      if (owner.isPresent()) {
        break;
      }
      frames.add(each.frame());
    }
    Collections.reverse(frames);
    return new Stack(owner.or(() -> Owner.ofLane(thread)).orElseGet(() -> rest(thread, frames)), frames, sited ? site(topFirst) : "");
  }

  private static String site(List<Recorded> topFirst) {
    return topFirst.stream()
        .filter(each -> !each.frame().isPlatform() && each.spot().isEmpty())
        .findFirst()
        .or(() -> topFirst.stream().filter(each -> each.frame().kind() == Frame.Kind.JAVA).findFirst())
        .map(Recorded::site)
        .orElse("");
  }

  private static Owner rest(String thread, List<Frame> frames) {
    if (frames.stream().anyMatch(frame -> frame.label().startsWith("libonnxruntime"))) {
      return Owner.rest("the engine's own threads, of any model");
    }
    if (!frames.isEmpty() && frames.getFirst().label().endsWith(CUT)) {
      return Owner.rest("virtual threads after a wait, whose lower frames the profiler does not see");
    }
    if (COMPILERS.stream().anyMatch(thread::startsWith)) {
      return Owner.rest("just-in-time compiler");
    }
    return Owner.rest(thread.isEmpty() ? "threads without a name" : "thread " + DIGITS.matcher(thread).replaceAll("N"));
  }
}
