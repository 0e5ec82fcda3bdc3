/// The `faultline` command: one class per subcommand, what they share, and `main`.
@NullMarked
package dev.faultline.cli;

import org.jspecify.annotations.NullMarked;
