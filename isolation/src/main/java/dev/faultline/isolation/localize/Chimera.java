package dev.faultline.isolation.localize;

import dev.faultline.graph.Change;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphDiff;
import dev.faultline.graph.GraphGraft;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.GraphWriter;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.serving.backend.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Explains by experiment why a version fails that the one before it does not: runs models that are between the two (delta debugging of
/// the difference, after Zeller's "Yesterday, my program worked. Today, it does not. Why?", 1999).
///
/// The smallest set of changes is searched whose taking back cures the bad version; then each changed constant among them is cut into
/// rows and elements, until single elements are left or a part alone does not cure. At the end the changes are brought into the good
/// version: if the fault shows there, they are not only necessary but sufficient.
public final class Chimera {

  /// A model whose file is larger is not rewritten for each trial.
  public static final long MODEL_BYTES_MAX = 256L << 20;

  /// How often a constant is cut finer: as many axes as tensors have.
  private static final int CUTS_MAX = 8;

  private final Laboratory laboratory;
  private final SubsetSearch search;

  public Chimera(Laboratory laboratory) {
    this(laboratory, SubsetSearch::prefixes);
  }

  Chimera(Laboratory laboratory, SubsetSearch search) {
    this.laboratory = laboratory;
    this.search = search;
  }

  /// @param failing one for each failing request: replays it on the model that it is given, and says whether the fault shows. The artifact's
  ///     file exists during the call only
  /// @throws dev.faultline.graph.GraphException when an artifact cannot be read as a graph
  public ChimeraFinding explain(Artifact good, Artifact bad, List<Oracle<Artifact>> failing) {
    return new Trials(good, bad, failing).explain();
  }

  /// All that is known in one search.
  private final class Trials {
    private final Artifact bad;
    private final List<Oracle<Artifact>> failing;
    private final GraphDiff diff;
    private final GraphGraft graft;
    private final Map<List<Change>, TrialResult> known = new HashMap<>();
    private final long startNanos = laboratory.nanoClock().getAsLong();
    private int runs;

    Trials(Artifact good, Artifact bad, List<Oracle<Artifact>> failing) {
      this.bad = bad;
      this.failing = List.copyOf(failing);
      this.diff = GraphDiff.of(read(good), read(bad));
      this.graft = new GraphGraft(diff);
    }

    ChimeraFinding explain() {
      List<Change> changes = diff.changes();
      if (changes.isEmpty()) {
        return new ChimeraFinding.NoDifference(cost());
      }
      if (failing.isEmpty() || test(diff.bad(), 0) != TrialResult.FAIL) {
        return unexplained("the fault does not show on the bad version");
      }
      if (!cures(changes)) {
        return unexplained("the fault shows on the good version too, or its graph cannot be run in the bad one's place");
      }
      List<Change> smallest = narrowed(search.smallest(changes, this::cures));
      boolean sufficient = test(graft.with(smallest), 0) == TrialResult.FAIL;
      return new ChimeraFinding.Changes(smallest, sufficient, others(smallest), explained(smallest), failing.size(), cost());
    }

    private boolean cures(List<Change> changes) {
      return known.computeIfAbsent(changes, each -> test(graft.without(each), 0)) == TrialResult.PASS;
    }

    /// Each constant in pieces, as long as pieces of it are enough.
    private List<Change> narrowed(List<Change> found) {
      List<Change> narrowed = new ArrayList<>(found);
      for (int cut = 0; cut < CUTS_MAX; cut++) {
        List<Change> pieces = new ArrayList<>();
        narrowed.forEach(change -> pieces.addAll(pieces(change)));
        List<Change> smaller = pieces.equals(narrowed) || !cures(pieces) ? narrowed : search.smallest(pieces, this::cures);
        if (smaller.equals(narrowed)) {
          return narrowed;
        }
        narrowed = new ArrayList<>(smaller);
      }
      return narrowed;
    }

    private List<Change> pieces(Change change) {
      List<Change> slices = graft.slices(change);
      return slices.isEmpty() ? List.of(change) : slices;
    }

    private int explained(List<Change> changes) {
      Graph cured = graft.without(changes);
      int explained = 1;
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
      Path file = file();
      try {
        GraphWriter.write(model, file);
        return failing.get(request).test(new Artifact(bad.model(), bad.version(), file, bad.digest()));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write a model between two versions to '" + file + "'", e);
      } finally {
        remove(file);
      }
    }

    private ChimeraFinding unexplained(String reason) {
      return new ChimeraFinding.Unexplained(reason, diff.changes(), cost());
    }

    private Cost cost() {
      return new Cost(runs, (laboratory.nanoClock().getAsLong() - startNanos) / 1e6);
    }

    private Path file() {
      try {
        Files.createDirectories(laboratory.scratch());
        return Files.createTempFile(laboratory.scratch(), "chimera-", ".onnx");
      } catch (IOException e) {
        throw new UncheckedIOException("cannot make a file in '" + laboratory.scratch() + "'", e);
      }
    }
  }

  private static boolean isPartOf(Change change, Change whole) {
    return change.equals(whole) || (change instanceof Change.Weights slice && whole instanceof Change.Weights all && slice.name().equals(all.name()));
  }

  private static Graph read(Artifact artifact) {
    return GraphReader.read(artifact.file());
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove '" + file + "'", e);
    }
  }
}
