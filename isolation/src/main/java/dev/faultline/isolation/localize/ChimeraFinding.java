package dev.faultline.isolation.localize;

import dev.faultline.graph.Change;
import java.util.List;

/// Which of the differences between two versions of a model the fault hangs on.
public sealed interface ChimeraFinding {

  Cost cost();

  /// Taking `changes` back cures the bad version. `sufficient`: brought into the good version they make the fault show there too. `others`
  /// are differences that do not matter. `explained` of `asked` failing requests are cured by it.
  record Changes(List<Change> changes, boolean sufficient, List<Change> others, int explained, int asked, Cost cost) implements ChimeraFinding {
    public Changes {
      changes = List.copyOf(changes);
      others = List.copyOf(others);
    }

    /// `std[7] 1.0 -> 0.001 explains 97 % of 31 requests`.
    public String words() {
      String all = String.join(", ", changes.stream().map(Change::words).toList());
      return all + " explains " + Math.round(100.0 * explained / Math.max(1, asked)) + " % of " + asked + (asked == 1 ? " request" : " requests");
    }
  }

  /// The two graphs are the same.
  record NoDifference(Cost cost) implements ChimeraFinding {}

  /// Not even taking back everything helps, the bad version is not reproduced as bad, or the budget ended first; `reason` says which.
  record Unexplained(String reason, List<Change> changes, Cost cost) implements ChimeraFinding {
    public Unexplained {
      changes = List.copyOf(changes);
    }
  }
}
