package dev.faultline.serving.batch;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.batch.BatchCounts.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Separates the innocent from the guilty when a batch has failed, so that only guilty requests fail.
///
/// Whom the engine names is taken out and the rest runs again. Where it names nobody the batch is split in halves, each half that fails
/// again so (adaptive group testing: Hwang, "A Method for Detecting All Defective Members in a Population by Group Testing", JASA
/// 1972), and small or many failed groups one by one. A group that passes is answered at once. At most `ceil(2 log2 B) + 2` extra runs
/// are spent on a batch of `B` requests; who is left then gets a fault that says so, and no blame. When all parts of a group pass no
/// row is guilty: the group runs as a whole once more, which tells flaky from too large.
final class PoisonSearch {
  private static final Logger LOG = LoggerFactory.getLogger(PoisonSearch.class);
  private static final int ONE_BY_ONE_MAX = 4;

  private record Failed(List<Member> members, RuntimeException thrown) {}

  private final List<Member> batch;
  private final RuntimeException first;
  private final BatchCalls calls;
  private final BatchRun run;
  private final BatchCounts counts;
  private final int callsMax;
  private final Deque<Failed> open = new ArrayDeque<>();
  private int spent;
  private int failedGroups;
  private int unjudged;
  private boolean guilty;

  /// `first` is how the whole batch failed.
  PoisonSearch(List<Member> batch, RuntimeException first, BatchCalls calls, BatchRun run, BatchCounts counts) {
    this.batch = batch;
    this.first = first;
    this.calls = calls;
    this.run = run;
    this.counts = counts;
    this.callsMax = callsMax(batch.size());
  }

  static int callsMax(int requests) {
    return (int) Math.ceil(2 * Math.log(requests) / Math.log(2)) + 2;
  }

  void search() {
    open.add(new Failed(batch, first));
    while (!open.isEmpty()) {
      judge(open.remove());
    }
    if (guilty) {
      counts.found(Finding.POISON);
    }
    if (unjudged > 0) {
      counts.found(Finding.BUDGET);
    }
    LOG.info("a batch of {} requests failed; {} extra runs of at most {}, {} left unjudged: {}", batch.size(), spent, callsMax, unjudged, first.getMessage());
  }

  private void judge(Failed failed) {
    List<Member> present = failed.members().stream().filter(member -> !member.isGone()).toList();
    Optional<Member> named = GuiltyRow.named(failed.thrown(), failed.members());
    if (named.isPresent()) {
      convict(named.get(), failed, "the engine named this request's row");
      tryAgain(present.stream().filter(member -> member != named.get()).toList(), failed.thrown());
    } else if (present.size() <= ONE_BY_ONE_MAX || failedGroups > batch.size() / 8) {
      explain(present, failed.thrown(), present.stream().map(member -> passes(List.of(member), failed.thrown())).toList(), 1);
    } else {
      int half = present.size() / 2;
      boolean left = passes(present.subList(0, half), failed.thrown());
      boolean right = passes(present.subList(half, present.size()), failed.thrown());
      explain(present, failed.thrown(), List.of(left, right), half);
    }
  }

  private void tryAgain(List<Member> rest, RuntimeException why) {
    if (!rest.isEmpty()) {
      passes(rest, why);
    }
  }

  /// Runs a part; what passes is answered, what fails is convicted when it is one request, and split further otherwise.
  private boolean passes(List<Member> part, RuntimeException why) {
    if (spent >= callsMax) {
      leaveUnjudged(part, why);
      return false;
    }
    spent++;
    counts.extraCall();
    try {
      RunResult result = isOfTime(why) ? calls.run(part, calls.repeatLimitMillis()) : calls.run(part);
      run.deliver(part, result);
      counts.saved(part.size());
      return true;
    } catch (FaultException | IllegalStateException e) {
      if (!BatchRun.isOfSomeRow(e)) {
        part.forEach(member -> member.answer.completeExceptionally(e));
      } else if (part.size() == 1) {
        convict(part.getFirst(), new Failed(part, isOfTime(e) ? first : e), "the request fails alone too");
      } else {
        failedGroups++;
        open.add(new Failed(part, isOfTime(e) ? first : e));
      }
      return false;
    }
  }

  /// A batch ran into the model's limit. Its parts run with a shorter one, so that the innocent do not wait as long again for each; who
  /// takes longer than that alone gets the fault of the batch, which did run as long as it says.
  private static boolean isOfTime(RuntimeException thrown) {
    return thrown instanceof FaultException e && e.fault() instanceof InferFault.Timeout;
  }

  private void convict(Member member, Failed failed, String finding) {
    guilty = true;
    run.poisoned(member);
    var evidence = new Evidence.Batch(batch.size(), member.seat().rows(), member.seat().firstRow(), spent, finding);
    member.answer.completeExceptionally(GuiltyRow.ofMember(failed.thrown(), failed.members(), member, evidence));
  }

  private void leaveUnjudged(List<Member> part, RuntimeException why) {
    unjudged += part.size();
    for (Member member : part) {
      var evidence = new Evidence.Batch(batch.size(), member.seat().rows(), member.seat().firstRow(), spent, "not judged");
      member.answer.completeExceptionally(new FaultException(
          new InferFault.BatchBudget(spent, callsMax, part.size(), String.valueOf(why.getMessage()), List.of(evidence)), why));
    }
  }

  /// All parts passed, so it was no row.
  private void explain(List<Member> group, RuntimeException thrown, List<Boolean> passed, int largestPassing) {
    if (group.size() < 2 || passed.contains(false)) {
      return;
    }
    int rows = new ArrayList<>(group).subList(0, largestPassing).stream().mapToInt(member -> member.rows).sum();
    if (isOfTime(thrown)) {
      run.shrink(rows, "a batch of " + group.size() + " requests ran into infer_timeout, its parts did not");
      counts.found(Finding.INTERACTION);
    } else if (thrown instanceof FaultException e && e.fault() instanceof InferFault.OutOfMemory) {
      run.shrink(rows, "a batch of " + group.size() + " requests asked for more memory than there is, its parts did not");
      counts.found(Finding.MEMORY);
    } else if (spent < callsMax) {
      spent++;
      counts.extraCall();
      explain(group, rows);
    }
  }

  private void explain(List<Member> group, int rows) {
    try {
      calls.runAgain(group);
      counts.found(Finding.FLAKY);
      LOG.warn("a batch of {} requests failed, its parts passed, and so did the whole when it ran again: the model is flaky", group.size());
    } catch (FaultException | IllegalStateException e) {
      run.shrink(rows, "a batch of " + group.size() + " requests fails as a whole while its parts pass: " + e.getMessage());
      counts.found(Finding.INTERACTION);
    }
  }
}
