package dev.yammap.faults;

import java.util.List;

/**
 * The ways in which a virtual machine runs code and collects garbage. Compilation is not
 * in the background, so that a program that warmed up is compiled.
 */
enum Jvm {

	INTERPRETED("-XX:+UseG1GC", "-Xint"),

	C1("-XX:+UseG1GC", "-XX:TieredStopAtLevel=1", "-Xbatch"),

	C2("-XX:+UseG1GC", "-Xbatch"),

	C2_ALONE("-XX:+UseG1GC", "-XX:-TieredCompilation", "-Xbatch"),

	C2_SERIAL("-XX:+UseSerialGC", "-Xbatch"),

	C2_PARALLEL("-XX:+UseParallelGC", "-Xbatch"),

	INTERPRETED_ZGC("-XX:+UseZGC", "-Xint"),

	C1_ZGC("-XX:+UseZGC", "-XX:TieredStopAtLevel=1", "-Xbatch"),

	C2_ZGC("-XX:+UseZGC", "-Xbatch"),

	C1_INLINING("-XX:+UseG1GC", "-XX:TieredStopAtLevel=1", "-Xbatch", "-XX:C1MaxInlineSize=2000",
			"-XX:C1MaxInlineLevel=30"),

	/** What only makes messages is left out: it took most of the time to compile. */
	C1_INLINING_ALL("-XX:+UseG1GC", "-XX:TieredStopAtLevel=1", "-Xbatch",
			"-XX:CompileCommand=dontinline,dev.yammap.internal.os.Printable::*",
			"-XX:CompileCommand=dontinline,dev.yammap.internal.os.LockHolders::*",
			"-XX:CompileCommand=dontinline,dev.yammap.internal.os.linux.call.Errno::*",
			"-XX:CompileCommand=dontinline,dev.yammap.internal.os.portable.Failures::*",
			"-XX:CompileCommand=inline,dev.yammap.internal.*::*", "-XX:C1MaxInlineSize=9000",
			"-XX:C1MaxInlineLevel=60"),

	C2_INLINING("-XX:+UseG1GC", "-Xbatch", "-XX:FreqInlineSize=2000"),

	C2_INLINING_ALL("-XX:+UseG1GC", "-Xbatch", "-XX:CompileCommand=inline,dev.yammap.internal.*::*",
			"-XX:MaxInlineLevel=60", "-XX:FreqInlineSize=9000"),

	C2_INLINING_SERIAL("-XX:+UseSerialGC", "-Xbatch", "-XX:FreqInlineSize=2000"),

	C2_INLINING_PARALLEL("-XX:+UseParallelGC", "-Xbatch", "-XX:FreqInlineSize=2000"),

	C2_INLINING_ZGC("-XX:+UseZGC", "-Xbatch", "-XX:FreqInlineSize=2000"),

	C2_INLINING_NOTHING("-XX:+UseG1GC", "-Xbatch", "-XX:CompileCommand=dontinline,dev.yammap.internal.*::*"),

	/** The compiler moves instructions about at random, as far as it may. */
	C2_STRESSED("-XX:+UseG1GC", "-Xbatch", "-XX:+UnlockDiagnosticVMOptions", "-XX:+StressGCM", "-XX:+StressLCM",
			"-XX:+StressIGVN", "-XX:+StressCCP", "-XX:FreqInlineSize=2000");

	// A list that cannot be changed.
	@SuppressWarnings("ImmutableEnumChecker")
	private final List<String> flags;

	Jvm(String... flags) {
		this.flags = List.of(flags);
	}

	List<String> flags() {
		return this.flags;
	}

	/**
	 * Returns how many calls it takes until everything is compiled that will be.
	 */
	int warmUp() {
		return this.flags.contains("-Xint") ? 20 : 20_000;
	}

}
