package dev.faultline.evaluation.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How well groups agree with causes: adjusted Rand index (Hubert and Arabie, 1985), homogeneity and completeness (Rosenberg and
/// Hirschberg, 2007).
public record Grouping(double ari, double homogeneity, double completeness, int count) {

  /// One failing request: the fault that is true of it, and the group it was put in.
  public record Member(String cause, String group) {}

  public static Grouping of(List<Member> members) {
    Map<Member, Long> cells = counts(members, Function.identity());
    Map<String, Long> causes = counts(members, Member::cause);
    Map<String, Long> groups = counts(members, Member::group);
    double mutual = mutual(cells, causes, groups, members.size());
    return new Grouping(
        ari(cells, causes, groups, members.size()), share(mutual, entropy(causes, members.size())), share(mutual, entropy(groups, members.size())), members.size());
  }

  private static <T> Map<T, Long> counts(List<Member> members, Function<Member, T> by) {
    return members.stream().collect(Collectors.groupingBy(by, HashMap::new, Collectors.counting()));
  }

  private static double ari(Map<Member, Long> cells, Map<String, Long> causes, Map<String, Long> groups, int count) {
    double index = pairs(cells);
    double byCause = pairs(causes);
    double byGroup = pairs(groups);
    double all = count * (count - 1.0) / 2;
    double expected = all == 0 ? 0 : byCause * byGroup / all;
    double most = (byCause + byGroup) / 2;
    return most == expected ? 1 : (index - expected) / (most - expected);
  }

  private static double pairs(Map<?, Long> counts) {
    return counts.values().stream().mapToDouble(n -> n * (n - 1.0) / 2).sum();
  }

  private static double entropy(Map<?, Long> counts, int count) {
    return -counts.values().stream().mapToDouble(n -> (double) n / count * Math.log((double) n / count)).sum();
  }

  private static double mutual(Map<Member, Long> cells, Map<String, Long> causes, Map<String, Long> groups, int count) {
    return cells.entrySet().stream().mapToDouble(cell -> {
      double joint = (double) cell.getValue() / count;
      double apart = (double) causes.getOrDefault(cell.getKey().cause(), 0L) * groups.getOrDefault(cell.getKey().group(), 0L) / count / count;
      return joint * Math.log(joint / apart);
    }).sum();
  }

  private static double share(double mutual, double entropy) {
    return entropy < 1e-12 ? 1 : mutual / entropy;
  }
}
