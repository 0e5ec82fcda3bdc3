/// Investigations of the running server: their queue, their replays, and the verdicts that are kept.
@NullMarked
package dev.faultline.server.investigate;

import org.jspecify.annotations.NullMarked;
