/// The admin port: faults, groups, captures and models, for people and their tools.
@NullMarked
package dev.faultline.server.admin;

import org.jspecify.annotations.NullMarked;
