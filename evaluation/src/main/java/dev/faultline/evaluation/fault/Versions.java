package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.model.Release;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The history of a model: which of its versions are bad. The first bad one is drawn; in one history of four the next version is sound again.
public record Versions(int count, int firstBad, int lastBad) {
  private static final int COUNT_MIN = 3;

  static Versions draw(long seed) {
    var random = new SplittableRandom(seed ^ 0x7e5);
    int count = COUNT_MIN + random.nextInt(3);
    int first = 2 + random.nextInt(count - 1);
    int last = random.nextInt(4) == 0 ? first : count;
    return new Versions(count, first, last);
  }

  Set<String> bad() {
    return IntStream.rangeClosed(firstBad, lastBad).mapToObj(String::valueOf).collect(Collectors.toSet());
  }

  String first() {
    return String.valueOf(firstBad);
  }

  /// All releases, the bad ones from `broken`.
  List<Release> releases(Family family, IntFunction<Release> broken) {
    return IntStream.rangeClosed(1, count).mapToObj(v -> v >= firstBad && v <= lastBad ? broken.apply(v) : family.sound(v)).toList();
  }

  static List<Release> sound(Family family, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(family::sound).toList();
  }
}
