package dev.faultline.isolation.localize;

import dev.faultline.graph.Change;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphDiff;
import dev.faultline.graph.GraphGraft;
import dev.faultline.graph.GraphReader;
import dev.faultline.isolation.reduce.PrefixBisection;
import dev.faultline.isolation.reduce.Reduction;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.serving.backend.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// Explains by experiment why a version fails that the one before it does not: runs models that are between the two (delta debugging of
/// the difference, after Zeller's "Yesterday, my program worked. Today, it does not. Why?", 1999).
///
/// The smallest set of changes is searched that makes the good version fail when it is brought in ([PrefixBisection]); each changed
/// constant among them is cut into rows and elements as long as a part of it is enough. At the end the changes are taken back from the bad
/// version: if that cures it, they are not only sufficient but necessary.
public final class Chimera {

  /// A model whose file is larger is not rewritten for each trial; callers ask before.
  public static final long MODEL_BYTES_MAX = 256L << 20;

  private final Laboratory laboratory;

  public Chimera(Laboratory laboratory) {
    this.laboratory = laboratory;
  }

  /// @param failing one for each failing request: replays it on the model that it is given, and says whether the fault shows. The artifact's
  ///     file exists during the call only. The search asks the first, the others say how much of a group is explained
  /// @param budget what the oracles spend; the search ends with it
  /// @throws dev.faultline.graph.GraphException when an artifact cannot be read as a graph
  public ChimeraFinding explain(Artifact good, Artifact bad, List<Oracle<Artifact>> failing, Budget budget) {
    return new Trials(good, bad, failing, budget).explain();
  }

  /// All that is known in one search.
  private final class Trials {
    private final Artifact bad;
    private final List<Oracle<Artifact>> failing;
    private final Budget budget;
    private final GraphDiff diff;
    private final GraphGraft graft;
    private final long startNanos = laboratory.nanoClock().getAsLong();
    private int runs;

    Trials(Artifact good, Artifact bad, List<Oracle<Artifact>> failing, Budget budget) {
      this.bad = bad;
      this.failing = List.copyOf(failing);
      this.budget = budget;
      this.diff = GraphDiff.of(read(good), read(bad));
      this.graft = new GraphGraft(diff);
    }

    ChimeraFinding explain() {
      if (diff.changes().isEmpty()) {
        return new ChimeraFinding.NoDifference(cost());
      }
      if (failing.isEmpty()) {
        return unexplained("no failing request was given");
      }
      List<List<Change>> changes = graft.together().stream().map(this::finest).toList();
      Reduction<List<Change>> reduction = new PrefixBisection<List<Change>>(some -> test(graft.with(flat(some)), 0), budget).reduce(changes, this::slices);
      return switch (reduction.state()) {
        case BASELINE_FAILS -> unexplained("the fault shows on the good version too");
        case NOT_REPRODUCED -> unexplained("the fault does not show on the bad version");
        case MINIMAL, PARTIAL -> reduction.causes().isEmpty() ? unexplained("the budget is spent") : found(reduction);
      };
    }

    private List<List<Change>> slices(List<Change> group) {
      return group.size() == 1 ? graft.slices(group.getFirst()).stream().map(List::of).toList() : List.of();
    }

    private List<Change> finest(List<Change> group) {
      return group.stream().map(this::finest).toList();
    }

    /// A constant of which one row, or one element, changed stands for that.
    private Change finest(Change change) {
      Change finest = change;
      List<Change> slices = graft.slices(change);
      while (slices.size() == 1) {
        finest = slices.getFirst();
        slices = graft.slices(finest);
      }
      return finest;
    }

    private ChimeraFinding found(Reduction<List<Change>> reduction) {
      List<List<Change>> causes = reduction.causes().stream().map(cause -> finest(flat(cause))).toList();
      int explained = reduction.necessary() ? explained(causes) : 0;
      List<List<Change>> wider = causes.stream().map(this::whole).toList();
      if (explained > 0 && explained < failing.size() && !wider.equals(causes)) {
        // another request may meet another part of the same constant
        int widely = explained(wider);
        if (widely > explained) {
          return changes(wider, reduction, widely);
        }
      }
      return changes(causes, reduction, explained);
    }

    private ChimeraFinding changes(List<List<Change>> causes, Reduction<List<Change>> reduction, int explained) {
      List<Change> all = flat(causes);
      return new ChimeraFinding.Changes(causes, reduction.necessary(), reduction.isMinimal(), others(all), explained, failing.size(), cost());
    }

    private List<Change> whole(List<Change> cause) {
      return diff.changes().stream().filter(change -> cause.stream().anyMatch(each -> isPartOf(each, change))).toList();
    }

    /// The first failing request was cured already.
    private int explained(List<List<Change>> causes) {
      return 1 + explained(graft.without(flat(causes)));
    }

    /// How many failing requests beside the first a model cures.
    private int explained(Graph cured) {
      int explained = 0;
      for (int request = 1; request < failing.size(); request++) {
        explained += test(cured, request) == TrialResult.PASS ? 1 : 0;
      }
      return explained;
    }

    private List<Change> others(List<Change> found) {
      return diff.changes().stream().filter(change -> found.stream().noneMatch(each -> isPartOf(each, change))).toList();
    }

    private TrialResult test(Graph model, int request) {
      runs++;
      try (CopyFolder folder = CopyFolder.of(laboratory.scratch())) {
        Path file = folder.write(model, bad.file());
        return failing.get(request).test(new Artifact(bad.model(), bad.version(), file, bad.digest()));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write a model between two versions into '" + laboratory.scratch() + "'", e);
      }
    }

    private ChimeraFinding unexplained(String reason) {
      return new ChimeraFinding.Unexplained(reason, diff.changes(), cost());
    }

    private Cost cost() {
      return new Cost(runs, (laboratory.nanoClock().getAsLong() - startNanos) / 1e6);
    }
  }

  private static List<Change> flat(List<List<Change>> groups) {
    return groups.stream().flatMap(List::stream).toList();
  }

  private static boolean isPartOf(Change change, Change whole) {
    return change.equals(whole) || (change instanceof Change.Weights slice && whole instanceof Change.Weights all && slice.name().equals(all.name()));
  }

  private static Graph read(Artifact artifact) {
    return GraphReader.readWhole(artifact.file());
  }
}
