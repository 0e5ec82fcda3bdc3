package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Node;
import dev.faultline.graph.Placed;
import dev.faultline.graph.Unfolding;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the node of the model file that makes a run fail, and what about its operands it cannot take.
///
/// The graph is run again as the file has it, without optimisation, because an optimised node's name may be made up. A failure in a body
/// is followed into it: the branch that was taken, the iteration that failed. Then the node's operands are computed by a backward slice,
/// which leaves the failing node out, and held against the operator's rule; what offends is followed back to the request.
///
/// A run that only fails when optimised is the optimiser's fault ([ThrowFinding.OptimizerFault]). A run that kills its process says no
/// name: that is for [CrashLocalizer].
public final class ThrowLocalizer {

  /// Bodies inside bodies that are opened.
  static final int DEPTH_MAX = 8;

  private final Laboratory laboratory;

  public ThrowLocalizer(Laboratory laboratory) {
    this.laboratory = laboratory;
  }

  /// @param inputs what the engine was given
  /// @throws dev.faultline.graph.GraphException when the artifact cannot be read as a graph
  public ThrowFinding localize(Artifact artifact, List<Tensor> inputs, Budget budget) {
    Bench bench = new Bench(laboratory, artifact, inputs, budget);
    Unfolding plain = Unfolding.of(bench.source());
    Attempt attempt = bench.run(plain.graph());
    return switch (attempt) {
      case Attempt.Failed failed -> new Descent(bench).descend(plain, failed);
      case Attempt.Served _ -> OptimizerSearch.search(bench);
      case Attempt.Unloadable _, Attempt.OutOfBudget _ -> new ThrowFinding.Unlocated(attempt.reason(), bench.cost());
    };
  }

  /// From the whole graph into the body where the failure is.
  private static final class Descent {
    private final Bench bench;
    private final List<Long> iterations = new ArrayList<>();

    Descent(Bench bench) {
      this.bench = bench;
    }

    ThrowFinding descend(Unfolding top, Attempt.Failed failure) {
      Unfolding unfolding = top;
      Attempt.Failed failed = failure;
      for (int depth = 0; ; depth++) {
        EngineWords words = EngineWords.of(failed.fault());
        Optional<Node> node = node(unfolding, words);
        if (node.isEmpty()) {
          return new ThrowFinding.Unlocated("no node could be named: " + words.reason(), bench.cost());
        }
        Optional<ControlFlow.Opened> opened = depth < DEPTH_MAX ? open(unfolding, node.get()) : Optional.empty();
        if (opened.isEmpty() || !(bench.run(opened.get().unfolding().graph()) instanceof Attempt.Failed inside)) {
          return atNode(unfolding, node.get(), words);
        }
        iterations.add(opened.get().iteration());
        unfolding = opened.get().unfolding();
        failed = inside;
      }
    }

    private Optional<Node> node(Unfolding unfolding, EngineWords words) {
      for (String name : words.names()) {
        Optional<Node> node = unfolding.findAround(name);
        if (node.isPresent()) {
          return node;
        }
      }
      return PrefixSearch.first(unfolding.graph(), part -> bench.run(part) instanceof Attempt.Failed);
    }

    private Optional<ControlFlow.Opened> open(Unfolding unfolding, Node node) {
      if (!Unfolding.isControl(node)) {
        return Optional.empty();
      }
      return node.op().equals("If") ? ControlFlow.openBranch(bench, unfolding, node) : ControlFlow.openFailingIteration(bench, unfolding, node);
    }

    private ThrowFinding atNode(Unfolding unfolding, Node node, EngineWords words) {
      Graph graph = unfolding.graph();
      Placed placed = unfolding.place(node);
      Examination examination = Examination.of(bench, graph, node);
      return new ThrowFinding.AtNode(
          placed.node(), placed.scope(), ControlFlow.iterations(placed, iterations), words.reason(), examination.operands(), examination.offences(ThrowRules::flaws), bench.cost());
    }
  }

  /// The levels between the file's graph and what was served.
  private static final class OptimizerSearch {
    static ThrowFinding search(Bench bench) {
      for (Optimization level : Optimization.values()) {
        Attempt attempt = bench.original(new LoadOptions(1, level));
        if (attempt instanceof Attempt.Failed failed) {
          return fault(bench, level, failed);
        }
        if (!(attempt instanceof Attempt.Served)) {
          return new ThrowFinding.Unlocated(attempt.reason(), bench.cost());
        }
      }
      return new ThrowFinding.NotReproduced(bench.cost());
    }

    private static ThrowFinding fault(Bench bench, Optimization level, Attempt.Failed failed) {
      EngineWords words = EngineWords.of(failed.fault());
      NodeRef at = failed.fault().node().orElse(new NodeRef(-1, "", "", ""));
      List<String> optimizers = Optimizers.guilty(without -> bench.original(new LoadOptions(1, level).without(without)) instanceof Attempt.Served);
      return new ThrowFinding.OptimizerFault(level, optimizers, at, words.reason(), bench.cost());
    }
  }
}
