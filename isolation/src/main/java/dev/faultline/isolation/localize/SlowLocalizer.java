package dev.faultline.isolation.localize;

import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.NodeNames;
import dev.faultline.graph.Placed;
import dev.faultline.graph.Unfolding;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// Finds the node that takes most of the time of a run, by halving the graph: its beginnings are run against the clock.
///
/// A run that takes longer than `limitMillis` is stopped and counts as that long, so that an endless loop is found as well.
public final class SlowLocalizer {
  /// Below this a run is not slow enough to be told from noise.
  private static final double MILLIS_MIN = 5;
  /// The node in which half of the time is reached must take at least this share by itself: where all nodes take as much, none is to blame.
  private static final double SHARE_MIN = 0.1;

  private final Laboratory laboratory;
  private final long limitMillis;

  public SlowLocalizer(Laboratory laboratory, long limitMillis) {
    this.laboratory = laboratory;
    this.limitMillis = limitMillis;
  }

  /// @param inputs what the engine was given
  /// @throws dev.faultline.graph.GraphException when the artifact cannot be read as a graph
  public SlowFinding localize(Artifact artifact, List<Tensor> inputs, Budget budget) {
    Graph source = NodeNames.complete(GraphReader.read(artifact.file()));
    return new Search(new Bench(laboratory, artifact, source, inputs, budget)).localize();
  }

  private final class Search {
    private final Bench bench;
    private final Unfolding unfolding;
    private final Graph graph;

    Search(Bench bench) {
      this.bench = bench;
      this.unfolding = Unfolding.of(bench.source());
      this.graph = unfolding.graph();
    }

    SlowFinding localize() {
      int low = 0;
      int high = graph.nodes().size();
      double whole = millis(high);
      double before = 0;
      double with = whole;
      if (whole < MILLIS_MIN) {
        return new SlowFinding.Unlocated("the run could not be repeated, or takes no time when it is", bench.cost());
      }
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        double millis = millis(middle);
        if (millis < 0) {
          return new SlowFinding.Unlocated("a part of the graph could not be run", bench.cost());
        }
        if (millis >= whole / 2) {
          high = middle;
          with = millis;
        } else {
          low = middle;
          before = millis;
        }
      }
      if (with - before < SHARE_MIN * whole) {
        return new SlowFinding.Unlocated("no single node takes most of the %.0f ms".formatted(whole), bench.cost());
      }
      Placed placed = unfolding.place(graph.nodes().get(high - 1));
      return new SlowFinding.AtNode(placed.node(), placed.scope(), with, before, bench.cost());
    }

    /// Negative when it could not be run.
    private double millis(int count) {
      return bench.time(count == graph.nodes().size() ? graph : PrefixSearch.beginning(graph, count), limitMillis);
    }
  }
}
