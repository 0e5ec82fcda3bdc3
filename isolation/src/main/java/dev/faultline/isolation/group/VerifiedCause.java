package dev.faultline.isolation.group;

import dev.faultline.isolation.finding.Cause;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// What an investigation verified about one fault, reduced to what makes two causes the same.
///
/// `places` name what is to blame: fields (`field:age`, without values), steps, graph nodes, initializers, clients. Their order does not
/// count. Boundaries and values are left out, because two investigations of one cause rarely find them to the last digit.
public record VerifiedCause(String fault, String group, Cause cause, String model, String firstBadVersion, List<String> places) {

  public VerifiedCause {
    places = places.stream().distinct().sorted(Comparator.naturalOrder()).toList();
  }

  /// Equal for equal causes.
  public String key() {
    return places.stream().collect(Collectors.joining("|", cause + "|" + model + "|" + firstBadVersion + "|", ""));
  }
}
