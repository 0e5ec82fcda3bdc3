package dev.faultline.probe;

import dev.faultline.contract.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The probes of a model version, in the order of their kinds, and what was left out and why.
public record Plan(List<Probe> probes, List<String> leftOut) {
  /// Probes of one run. Each is a request to a server that has others to answer.
  public static final int PROBES_MAX = 2_000;

  public Plan {
    probes = List.copyOf(probes);
    leftOut = List.copyOf(leftOut);
  }

  /// @param only the kinds that are wanted; empty means all
  public static Plan of(Subject subject, Inputs base, Set<Kind> only) {
    Set<Kind> wanted = only.isEmpty() ? EnumSet.allOf(Kind.class) : only;
    var all = new ArrayList<Probe>();
    all.addAll(new ShapeProbes(subject, base).all());
    all.addAll(new ValueProbes(subject, base).all());
    all.addAll(new EnvelopeProbes(subject, base).all());
    all.addAll(new V1Probes(subject, base).all());
    List<Probe> chosen = all.stream().filter(probe -> wanted.contains(probe.kind())).sorted(Comparator.comparing(Probe::kind)).toList();
    return new Plan(distinct(chosen).stream().limit(PROBES_MAX).toList(), leftOut(subject, all, wanted, distinct(chosen).size()));
  }

  /// Two rules can end at the same number: what is sent once is enough.
  private static List<Probe> distinct(List<Probe> probes) {
    Map<String, Probe> byTitle = new LinkedHashMap<>();
    probes.forEach(probe -> byTitle.putIfAbsent(probe.kind() + " " + probe.title(), probe));
    return List.copyOf(byTitle.values());
  }

  private static List<String> leftOut(Subject subject, List<Probe> all, Set<Kind> wanted, int chosen) {
    var leftOut = new ArrayList<String>();
    if (wanted.contains(Kind.V1) && all.stream().noneMatch(probe -> probe.kind() == Kind.V1)) {
      leftOut.add(subject.isDefault() ? "v1: the base request has no form in KServe V1" : "v1: KServe V1 requests name no version and reach another");
    }
    for (TensorSpec spec : subject.contract().inputs()) {
      if (spec.columns().size() > Subject.COLUMNS_MAX) {
        leftOut.add("columns of " + spec.name() + " behind the first " + Subject.COLUMNS_MAX + " of " + spec.columns().size());
      }
    }
    if (chosen > PROBES_MAX) {
      leftOut.add((chosen - PROBES_MAX) + " of " + chosen + " probes; --only chooses kinds");
    }
    return leftOut;
  }
}
