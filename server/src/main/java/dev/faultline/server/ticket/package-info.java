/// What long work that somebody asked for shares: its id, and a bounded list in which to find it again.
@NullMarked
package dev.faultline.server.ticket;

import org.jspecify.annotations.NullMarked;
