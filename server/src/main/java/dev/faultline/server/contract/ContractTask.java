package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What is to be found out about contracts.
@FunctionalInterface
interface ContractTask {

  /// @throws TaskException when it cannot be found out, with a sentence for the one who asked
  /// @throws CancelledTaskException when [Work#step] says so
  ObjectNode run(Work work) throws TaskException, InterruptedException;

  /// How far a task is, told by the task.
  interface Work {
    /// How many requests there are to look at.
    void expect(int requests);

    /// Before each request: waits where background work must, and says that the task goes on.
    void step() throws InterruptedException;
  }

  /// Why nothing was found out.
  final class TaskException extends Exception {
    TaskException(String sentence) {
      super(sentence);
    }
  }

  /// Somebody took the task back.
  final class CancelledTaskException extends RuntimeException {}
}
