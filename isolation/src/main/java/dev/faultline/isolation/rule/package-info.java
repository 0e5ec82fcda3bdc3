/// Rules of contracts held against kept requests: what they refuse, how two contracts differ, and which rules good requests teach.
@NullMarked
package dev.faultline.isolation.rule;

import org.jspecify.annotations.NullMarked;
