package dev.faultline.isolation.group;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Groups by verified cause instead of by looks: which groups are one fault, and which group is several.
///
/// Fingerprints group by how a fault shows. One cause may show in several ways, and several causes in one. Only verified causes regroup:
/// a suspicion must not merge what may have nothing in common. For the causes that are known now; with more, regroup anew.
public record Regrouping(List<Cluster> clusters) {
  /// Causes that are looked at; the earliest beyond that are forgotten.
  public static final int CAUSES_MAX = 10_000;

  /// The faults and groups of one cause. What it shows first as is the first group.
  public record Cluster(VerifiedCause cause, List<String> groups, List<String> faults) {
    public Cluster {
      groups = List.copyOf(groups);
      faults = List.copyOf(faults);
    }
  }

  public Regrouping {
    clusters = List.copyOf(clusters);
  }

  /// From causes in the order in which they were verified. A fault that was verified twice counts as last seen.
  public static Regrouping of(List<VerifiedCause> causes) {
    var latest = new LinkedHashMap<String, VerifiedCause>();
    causes.subList(Math.max(0, causes.size() - CAUSES_MAX), causes.size()).forEach(cause -> latest.put(cause.fault(), cause));
    var byKey = new LinkedHashMap<String, List<VerifiedCause>>();
    latest.values().forEach(cause -> byKey.computeIfAbsent(cause.key(), _ -> new ArrayList<>()).add(cause));
    return new Regrouping(byKey.values().stream().map(Regrouping::cluster).toList());
  }

  private static Cluster cluster(List<VerifiedCause> same) {
    List<String> groups = same.stream().map(VerifiedCause::group).distinct().toList();
    return new Cluster(same.getFirst(), groups, same.stream().map(VerifiedCause::fault).toList());
  }

  /// The other groups that share a cause with this one, "same cause".
  public Set<String> linked(String group) {
    var linked = new LinkedHashSet<String>();
    clusters.stream().filter(cluster -> cluster.groups().contains(group)).forEach(cluster -> linked.addAll(cluster.groups()));
    linked.remove(group);
    return linked;
  }

  /// The groups in which several causes were verified, each with its clusters.
  public Map<String, List<Cluster>> split() {
    var byGroup = new LinkedHashMap<String, List<Cluster>>();
    clusters.forEach(cluster -> cluster.groups().forEach(group -> byGroup.computeIfAbsent(group, _ -> new ArrayList<>()).add(cluster)));
    byGroup.values().removeIf(several -> several.size() < 2);
    return byGroup;
  }
}
