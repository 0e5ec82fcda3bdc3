package dev.faultline.cli;

import java.util.concurrent.Callable;

/// One subcommand. Says how it went by its exit code, or complains with a [CommandException].
interface Subcommand extends Callable<Integer> {
  ExitCode run() throws CommandException;

  @Override
  default Integer call() throws CommandException {
    return run().status();
  }
}
