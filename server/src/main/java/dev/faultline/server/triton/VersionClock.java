package dev.faultline.server.triton;

import dev.faultline.fault.Stage;
import dev.faultline.protocol.inference.InferBatchStatistics;
import dev.faultline.protocol.inference.InferStatistics;
import dev.faultline.protocol.inference.ModelStatistics;
import dev.faultline.protocol.inference.StatisticDuration;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.StageRun;
import dev.faultline.request.StageRun.Ending;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one model version has done so far, in Triton's words: how often, how long in which part, and why not.
///
/// Long because it says the same numbers twice: as the message of Triton's statistics, and as a [VersionTally] for its metrics.
///
/// Input is DECODE to PREPROCESS, output is POSTPROCESS to ENCODE. Stages of faulted requests count in `fail` only, as in Triton; a run
/// that ended in a fault after INFER still is an execution.
final class VersionClock {
  /// Distinct batch sizes told apart; larger ones share the last place.
  private static final int BATCH_SIZES_MAX = 1_024;

  /// The parts of a served request.
  private enum Part {
    QUEUE,
    INPUT,
    INFER,
    OUTPUT;

    static Part of(Stage stage) {
      return switch (stage) {
        case DECODE, ROUTE, VALIDATE, PREPROCESS -> INPUT;
        case QUEUE -> QUEUE;
        case INFER -> INFER;
        case POSTPROCESS, CHECK, ENCODE -> OUTPUT;
      };
    }
  }

  /// Upper bounds of Triton's histogram of first responses; above the last there is one more.
  static final List<Double> FIRST_RESPONSE_MILLIS = List.of(100.0, 500.0, 2_000.0, 5_000.0);

  private static final class Sum {
    private long count;
    private long nanos;

    void add(long more) {
      count++;
      nanos += more;
    }

    double micros() {
      return nanos / 1e3;
    }

    StatisticDuration message() {
      return StatisticDuration.newBuilder().setCount(count).setNs(nanos).build();
    }
  }

  private final Sum success = new Sum();
  private final Sum fail = new Sum();
  private final Map<Part, Sum> parts = parts();
  private final Map<Long, Map<Part, Sum>> batches = new TreeMap<>();
  private final Map<String, Long> failures = new TreeMap<>();
  private final long[] firstResponses = new long[FIRST_RESPONSE_MILLIS.size() + 1];
  private long rows;
  private long executions;
  private long lastMillis;

  synchronized void add(Outcome outcome) {
    Passage passage = outcome.passage();
    lastMillis = Math.max(lastMillis, passage.arrival().at().toEpochMilli());
    executions += hasExecuted(passage) ? 1 : 0;
    switch (outcome) {
      case Outcome.Faulted faulted -> {
        fail.add(passage.totalNanos());
        failures.merge(faulted.fault().code().tritonReason(), 1L, Long::sum);
      }
      case Outcome.Served _ -> served(passage);
    }
  }

  synchronized ModelStatistics message(String model, String version) {
    var message = ModelStatistics.newBuilder()
        .setName(model)
        .setVersion(version)
        .setLastInference(lastMillis)
        .setInferenceCount(rows)
        .setExecutionCount(executions)
        .setInferenceStats(inference());
    batches.forEach((size, sums) -> message.addBatchStats(batch(size, sums)));
    return message.build();
  }

  /// The same in the units of Triton's metrics.
  synchronized VersionTally tally() {
    return new VersionTally(
        success.count,
        Map.copyOf(failures),
        rows,
        executions,
        success.micros(),
        sum(parts, Part.QUEUE).micros(),
        sum(parts, Part.INPUT).micros(),
        sum(parts, Part.INFER).micros(),
        sum(parts, Part.OUTPUT).micros(),
        Arrays.stream(firstResponses).boxed().toList());
  }

  /// A batch is one execution, counted by the request that sits first in it.
  private static boolean hasExecuted(Passage passage) {
    boolean first = passage.seat().isNone() || passage.seat().firstRow() == 0;
    return first && passage.stages().stream().anyMatch(run -> run.stage() == Stage.INFER && run.ending() == Ending.COMPLETED);
  }

  private void served(Passage passage) {
    long size = batchSize(passage);
    rows += size;
    success.add(passage.totalNanos());
    firstResponses[bucket(passage.totalNanos() / 1e6)]++;
    long place = batches.containsKey(size) || batches.size() < BATCH_SIZES_MAX ? size : Long.MAX_VALUE;
    Map<Part, Sum> batch = batches.computeIfAbsent(place, _ -> parts());
    nanos(passage).forEach((part, nanos) -> {
      sum(parts, part).add(nanos);
      sum(batch, part).add(nanos);
    });
  }

  private static int bucket(double millis) {
    return (int) FIRST_RESPONSE_MILLIS.stream().filter(bound -> millis > bound).count();
  }

  private InferStatistics inference() {
    return InferStatistics.newBuilder()
        .setSuccess(success.message())
        .setFail(fail.message())
        .setQueue(sum(parts, Part.QUEUE).message())
        .setComputeInput(sum(parts, Part.INPUT).message())
        .setComputeInfer(sum(parts, Part.INFER).message())
        .setComputeOutput(sum(parts, Part.OUTPUT).message())
        .setCacheHit(StatisticDuration.getDefaultInstance())
        .setCacheMiss(StatisticDuration.getDefaultInstance())
        .build();
  }

  private static InferBatchStatistics batch(long size, Map<Part, Sum> sums) {
    return InferBatchStatistics.newBuilder()
        .setBatchSize(size)
        .setComputeInput(sum(sums, Part.INPUT).message())
        .setComputeInfer(sum(sums, Part.INFER).message())
        .setComputeOutput(sum(sums, Part.OUTPUT).message())
        .build();
  }

  /// Rows of the first tensor the model was given; one when it has no rows.
  private static long batchSize(Passage passage) {
    return passage.engineInputs().stream().findFirst().filter(input -> input.shape().rank() >= 2).map(input -> input.shape().extent(0)).orElse(1L);
  }

  private static Map<Part, Long> nanos(Passage passage) {
    var nanos = new EnumMap<Part, Long>(Part.class);
    for (StageRun run : passage.stages()) {
      nanos.merge(Part.of(run.stage()), run.durationNanos(), Long::sum);
    }
    return nanos;
  }

  private static Map<Part, Sum> parts() {
    return new EnumMap<>(Part.class);
  }

  private static Sum sum(Map<Part, Sum> sums, Part part) {
    return sums.computeIfAbsent(part, _ -> new Sum());
  }
}
