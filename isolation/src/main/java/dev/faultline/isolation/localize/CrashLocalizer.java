package dev.faultline.isolation.localize;

import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Node;
import dev.faultline.graph.Placed;
import dev.faultline.graph.Risk;
import dev.faultline.graph.RiskLint;
import dev.faultline.graph.Unfolding;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// Finds the node that kills the process, of which no message is left.
///
/// Beginnings of the graph are run: one that ends in front of the node survives, one that holds it dies. The nodes that a look at the
/// graph finds risky are tried first, each with two runs; if none of them does it the rest is halved. Every death costs a process,
/// so there is a limit on them.
///
/// The laboratory's backend must start a process for each model: in this one a crash would be the end.
public final class CrashLocalizer {

  /// Processes that may die for one finding.
  public static final int CRASHES_MAX = 10;

  /// Risky nodes that are tried before the graph is halved.
  static final int SUSPECTS_MAX = 4;

  private static final int AMONG_MAX = 16;

  private final Laboratory laboratory;

  public CrashLocalizer(Laboratory laboratory) {
    this.laboratory = laboratory;
  }

  /// @param inputs what the engine was given
  /// @throws dev.faultline.graph.GraphException when the artifact cannot be read as a graph
  public CrashFinding localize(Artifact artifact, List<Tensor> inputs, Budget budget) {
    return new Search(new Bench(laboratory, artifact, inputs, budget)).localize();
  }

  /// Whether a beginning of the graph kills its process; `UNKNOWN` when it could not be tried.
  private enum Trial {
    DIES,
    SURVIVES,
    UNKNOWN
  }

  private static final class Search {
    private final Bench bench;
    private final Unfolding unfolding;
    private final Graph graph;
    private int low;
    private int high;
    private int crashes;

    Search(Bench bench) {
      this.bench = bench;
      this.unfolding = Unfolding.of(bench.source());
      this.graph = unfolding.graph();
      this.high = graph.nodes().size();
    }

    CrashFinding localize() {
      Trial whole = trial(high);
      if (whole != Trial.DIES) {
        return whole == Trial.SURVIVES ? new CrashFinding.NotReproduced(bench.cost()) : unlocated("the graph could not be run in a process of its own");
      }
      suspects();
      while (high - low > 1) {
        if (crashes >= CRASHES_MAX) {
          return unlocated(CRASHES_MAX + " processes died and the search stopped there");
        }
        if (!narrow((low + high) >>> 1)) {
          return unlocated("a part of the graph could not be run");
        }
      }
      return atNode(graph.nodes().get(high - 1));
    }

    /// Each risky node is asked for by the beginnings that end with and in front of it, which halves the graph too if it is innocent.
    private void suspects() {
      List<Integer> indexes =
          RiskLint.find(graph).stream()
              .filter(risk -> risk.kind() == Risk.Kind.CRASH || risk.kind() == Risk.Kind.DIVISION)
              .flatMap(risk -> around(risk.at()).stream())
              .distinct()
              .limit(SUSPECTS_MAX)
              .toList();
      for (int index : indexes) {
        if (index >= low && index < high && high - low > 1 && crashes < CRASHES_MAX && narrow(index + 1) && high == index + 1) {
          narrow(index);
        }
      }
    }

    private Optional<Integer> around(Placed place) {
      NodeRef top = place.scope().isEmpty() ? place.node() : place.scope().getFirst();
      return graph.findNode(top.name()).map(Node::index);
    }

    /// @return false when nothing was learnt
    private boolean narrow(int count) {
      if (count <= low || count >= high) {
        return true;
      }
      Trial trial = trial(count);
      low = trial == Trial.SURVIVES ? count : low;
      high = trial == Trial.DIES ? count : high;
      return trial != Trial.UNKNOWN;
    }

    private Trial trial(int count) {
      Attempt attempt = bench.run(count == graph.nodes().size() ? graph : PrefixSearch.beginning(graph, count));
      return switch (attempt) {
        case Attempt.Failed(InferFault.Crashed _) -> {
          crashes++;
          yield Trial.DIES;
        }
        case Attempt.Served _, Attempt.Failed _ -> Trial.SURVIVES;
        case Attempt.Unloadable _, Attempt.OutOfBudget _ -> Trial.UNKNOWN;
      };
    }

    private CrashFinding atNode(Node node) {
      Placed placed = unfolding.place(node);
      Examination examination = Examination.of(bench, graph, node);
      return new CrashFinding.AtNode(placed.node(), placed.scope(), examination.operands(), examination.offences(ThrowRules::flaws), crashes, bench.cost());
    }

    private CrashFinding unlocated(String reason) {
      List<NodeRef> among = graph.nodes().subList(low, high).stream().limit(AMONG_MAX).map(node -> unfolding.place(node).node()).toList();
      return new CrashFinding.Unlocated(reason, among, crashes, bench.cost());
    }
  }
}
