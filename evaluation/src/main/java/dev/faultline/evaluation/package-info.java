/// The fault benchmark: seeds faults, sends traffic, asks for verdicts through the public surface, and scores them.
@NullMarked
package dev.faultline.evaluation;

import org.jspecify.annotations.NullMarked;
