package dev.faultline.serving.backend;

import dev.faultline.request.BatchSeat;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// The right to one run. Used once, and closed in any case; what it holds is given back when the engine has returned, however late.
public interface Place extends AutoCloseable {

  /// INFER: runs the model, and stops it when its limit or the caller's deadline passes or the caller leaves. Answers at that moment,
  /// whether the engine has returned or not.
  ///
  /// @param caller who asked, for the log
  /// @throws dev.faultline.fault.FaultException carrying an `InferFault` or a `StoppedFault`
  RunResult run(LoadedModel model, List<Tensor> inputs, String caller);

  /// Under which id the request's fault is known, so that what comes back late can be told under the same.
  void faulted(String faultId);

  /// Where the request sat in its batch.
  BatchSeat seat();

  @Override
  void close();
}
