package dev.faultline.isolation.localize;

import dev.faultline.graph.Change;
import java.util.List;
import java.util.stream.Collectors;

/// Which of the differences between two versions of a model the fault hangs on.
public sealed interface ChimeraFinding {

  Cost cost();

  /// Each of `causes` is a smallest set of changes that makes the fault show when it is brought into the good version; the first is the
  /// answer, others only where there are several. `necessary`: without them the bad version is cured. `minimal` is false when the budget ended
  /// the search: a cause may be larger than it need be. `others` are differences that do not matter. `explained` of `asked` failing
  /// requests are cured by taking the causes back.
  record Changes(List<List<Change>> causes, boolean necessary, boolean minimal, List<Change> others, int explained, int asked, Cost cost)
      implements ChimeraFinding {
    public Changes {
      causes = causes.stream().map(List::copyOf).toList();
      others = List.copyOf(others);
    }

    /// The answer.
    public List<Change> changes() {
      return causes.getFirst();
    }

    /// `std[7] 1.0 -> 0.001 explains 97 % of 31 requests`.
    public String words() {
      String all = causes.stream().flatMap(List::stream).map(Change::words).collect(Collectors.joining(", "));
      return all + " explains " + Math.round(100.0 * explained / Math.max(1, asked)) + " % of " + asked + (asked == 1 ? " request" : " requests");
    }
  }

  /// The two graphs are the same.
  record NoDifference(Cost cost) implements ChimeraFinding {}

  /// The good version fails too, the bad one does not, or the budget ended before anything was known; `reason` says which. `changes` are
  /// all differences.
  record Unexplained(String reason, List<Change> changes, Cost cost) implements ChimeraFinding {
    public Unexplained {
      changes = List.copyOf(changes);
    }
  }
}
