package dev.faultline.server.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;

/// The samples of one profile, equal ones added up. Used by one thread at a time.
final class Stacks {
  /// Different stacks that are told apart; further ones are counted without their frames.
  private static final int DISTINCT_MAX = 50_000;
  /// Frames that are kept of a stack, counted from its top.
  private static final int DEPTH_MAX = 400;

  /// One stack: frames from the landmark, or the thread's start, to the top. `site` is the line that allocated or waited, else empty.
  record Stack(Owner owner, List<Frame> frames, String site) {
    Stack {
      frames = List.copyOf(frames.size() > DEPTH_MAX ? frames.subList(frames.size() - DEPTH_MAX, frames.size()) : frames);
    }

    private Stack withoutFrames() {
      return new Stack(owner, List.of(), "");
    }
  }

  private final Map<Stack, Long> weights = new LinkedHashMap<>();
  private long samples;
  private long total;
  private long unfolded;

  void add(Stack stack, long weight) {
    boolean room = weights.size() < DISTINCT_MAX || weights.containsKey(stack);
    weights.merge(room ? stack : stack.withoutFrames(), weight, Long::sum);
    samples++;
    total += weight;
    unfolded += room ? 0 : 1;
  }

  void forEach(ObjLongConsumer<Stack> each) {
    weights.forEach((stack, weight) -> each.accept(stack, weight));
  }

  /// How often something was sampled, whatever it weighed.
  long samples() {
    return samples;
  }

  long total() {
    return total;
  }

  /// Samples that are counted without their frames, because there were too many different stacks.
  long unfolded() {
    return unfolded;
  }

  long total(Predicate<Owner> owners) {
    return weights.entrySet().stream().filter(entry -> owners.test(entry.getKey().owner())).mapToLong(Map.Entry::getValue).sum();
  }
}
