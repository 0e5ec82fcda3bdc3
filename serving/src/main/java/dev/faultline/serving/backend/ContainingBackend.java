package dev.faultline.serving.backend;

import java.util.List;

/// Loads each version where it is asked to run or, when it is left to us, where its operators and its past say ([ContainmentChoice]).
///
/// What runs in this process is marked in the crash journal while it loads and runs; what runs elsewhere cannot end this process.
public final class ContainingBackend implements Backend {
  private final Backend here;
  private final Backend elsewhere;
  private final OperatorCensus census;
  private final KnownKillers killers;
  private final CrashJournal journal;

  public ContainingBackend(Backend here, Backend elsewhere, OperatorCensus census, KnownKillers killers, CrashJournal journal) {
    this.here = here;
    this.elsewhere = elsewhere;
    this.census = census;
    this.killers = killers;
    this.journal = journal;
  }

  @Override
  public String engine() {
    return here.engine();
  }

  @Override
  public ContainedModel load(Artifact artifact, LoadOptions options) throws LoadException {
    ContainmentWish wish = options.containment();
    ContainmentChoice choice = choice(artifact, wish.where());
    LoadedModel model =
        switch (choice) {
          case ContainmentChoice.InProcess _ -> loadHere(artifact, options);
          case ContainmentChoice.OwnProcess _ -> elsewhere.load(artifact, options);
        };
    return new ContainedModel(model, wish, choice);
  }

  /// For copies of a version, such as instrumented ones: loads them in a process of their own when the original has one, and otherwise
  /// where their own operators say, even if the original was told to stay in this process.
  public Backend besides(LoadedModel original) {
    return new Besides(this, wishOf(original));
  }

  private static ContainmentWish wishOf(LoadedModel original) {
    return original instanceof ContainedModel(var _, ContainmentWish wish, ContainmentChoice.OwnProcess _)
        ? wish.withWhere(Containment.PROCESS)
        : ContainmentWish.AUTO;
  }

  private ContainmentChoice choice(Artifact artifact, Containment wanted) {
    return switch (wanted) {
      case AUTO -> ContainmentChoice.of(wanted, census.uses(artifact), killers, journal.crashes(artifact));
      // who says where is obeyed, so the file need not be looked at
      case IN_PROCESS, PROCESS -> ContainmentChoice.of(wanted, List.of(), killers, 0);
    };
  }

  private LoadedModel loadHere(Artifact artifact, LoadOptions options) throws LoadException {
    CrashJournal.Entry mark = journal.entry(artifact);
    mark.enter();
    try {
      return new JournaledModel(here.load(artifact, options), mark);
    } finally {
      mark.leave();
    }
  }

  private record Besides(ContainingBackend backend, ContainmentWish wish) implements Backend {
    @Override
    public String engine() {
      return backend.engine();
    }

    @Override
    public LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException {
      return backend.load(artifact, options.withContainment(wish));
    }
  }
}
