/// Kept requests run again on request: which are reproduced, which are fixed on another version, and whose outputs differ.
@NullMarked
package dev.faultline.server.replay;

import org.jspecify.annotations.NullMarked;
